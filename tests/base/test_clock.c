// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static void iso8601__dst__right_offset(void **state)
{
	(void)state;
	static const struct {
		int64_t s;
		const char *want;
	} rows[] = {
		{0,	    "1970-01-01T01:00:00+01:00"},
		{-1,	     "1970-01-01T00:59:59+01:00"},
		{1301187599, "2011-03-27T01:59:59+01:00"},
		{1301187600, "2011-03-27T03:00:00+02:00"},
		{4102444800, "2100-01-01T01:00:00+01:00"},
	};
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	NF_ROWS(i, rows)
	{
		char buf[NF_ISO8601_MAX];
		assert_string_equal(nf_iso8601(rows[i].s * NF_US_PER_S, buf), rows[i].want);
	}
	char buf[NF_ISO8601_MAX];
	nf_iso8601(INT64_MAX, buf);
	nf_iso8601(INT64_MIN, buf);
	assert_string_equal(nf_iso8601(-1, buf), "1970-01-01T00:59:59+01:00");
}

static void jump__steps__found_small_ones_not(void **state)
{
	(void)state;
	struct nf_now a = {.wall_us = 1000 * NF_US_PER_S, .mono_us = 10 * NF_US_PER_S};
	struct nf_now later = {a.wall_us + 60 * NF_US_PER_S, a.mono_us + 60 * NF_US_PER_S};
	assert_true(nf_clock_jump(a, later) == 0);
	later.wall_us += NF_US_PER_S;
	assert_true(nf_clock_jump(a, later) == 0);
	later.wall_us = a.wall_us - 3600 * NF_US_PER_S;
	assert_true(nf_clock_jump(a, later) == -3660 * NF_US_PER_S);
}

static void now__twice__never_back(void **state)
{
	(void)state;
	struct nf_now a = nf_clock_now(), b = nf_clock_now();
	assert_true(b.mono_us >= a.mono_us);
	assert_true(a.wall_us > INT64_C(1300000000) * NF_US_PER_S);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso8601__dst__right_offset),
		cmocka_unit_test(jump__steps__found_small_ones_not),
		cmocka_unit_test(now__twice__never_back),
	};
	return NF_RUN(tests, argc, argv);
}
