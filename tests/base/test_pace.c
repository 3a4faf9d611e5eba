// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "base/clock.h"
#include "base/pace.h"

static void bucket__over_time__never_more_than_promised(void **state)
{
	(void)state;
	struct nf_pace p;
	nf_pace_init(&p, 500, 10, 0);
	uint64_t got = 0;
	for (int64_t t = 0; t <= 10 * NF_US_PER_S; t += 7000)
		got += nf_pace_take(&p, 100, t);
	assert_in_range(got, 4900, 5010);
}

static void bucket__idle__holds_one_burst(void **state)
{
	(void)state;
	struct nf_pace p;
	nf_pace_init(&p, 500, 10, 0);
	assert_int_equal(nf_pace_take(&p, 100, 3600 * NF_US_PER_S), 10);
	assert_int_equal(nf_pace_take(&p, 100, 3600 * NF_US_PER_S), 0);
}

static void bucket__clock_back__fills_nothing(void **state)
{
	(void)state;
	struct nf_pace p;
	nf_pace_init(&p, 1, 1, 1000 * NF_US_PER_S);
	assert_int_equal(nf_pace_take(&p, 1, 1000 * NF_US_PER_S), 1);
	assert_int_equal(nf_pace_take(&p, 1, 0), 0);
}

static void wait__empty__until_one_token(void **state)
{
	(void)state;
	struct nf_pace p;
	nf_pace_init(&p, 100, 1, 0);
	assert_true(nf_pace_wait_us(&p, 0) == 0);
	nf_pace_take(&p, 1, 0);
	int64_t wait = nf_pace_wait_us(&p, 0);
	assert_in_range(wait, 9999, 10002);
	assert_int_equal(nf_pace_take(&p, 1, wait), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bucket__over_time__never_more_than_promised),
		cmocka_unit_test(bucket__idle__holds_one_burst),
		cmocka_unit_test(bucket__clock_back__fills_nothing),
		cmocka_unit_test(wait__empty__until_one_token),
	};
	return NF_RUN(tests, argc, argv);
}
