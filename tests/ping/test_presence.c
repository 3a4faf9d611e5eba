// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "collector/ping/presence.h"

#define S NF_US_PER_S

static const struct nf_burst answers = {.sent = 3, .received = 3};
static const struct nf_burst silence = {.sent = 3, .lost = 3};
static const struct nf_burst unsure = {.sent = 3, .lost = 1, .unsure = 2};

static void presence__silence_begins_with_the_first_sure_burst(void **state)
{
	struct nf_presence p = {0};

	(void)state;
	assert_false(nf_presence_is_due(&p, 5 * S));
	nf_presence_note(&p, &answers, 10 * S);
	assert_true(nf_presence_is_due(&p, 10 * S));
	p.told_us = 10 * S;
	nf_presence_note(&p, &answers, 40 * S);
	assert_false(nf_presence_is_due(&p, 40 * S));
	assert_true(nf_presence_is_due(&p, 10 * S + NF_PRESENCE_EVERY_US));
	assert_true(nf_presence_is_due(&p, 9 * S)); /* the clock went back */
	nf_presence_note(&p, &unsure, 70 * S);
	assert_int_equal(p.silent_us, 0);
	nf_presence_note(&p, &silence, 100 * S);
	nf_presence_note(&p, &silence, 130 * S);
	assert_int_equal(p.silent_us, 100 * S);
	assert_int_equal(p.answered_us, 40 * S);
	assert_true(nf_presence_is_due(&p, 130 * S));
	p.told_us = 130 * S;
	nf_presence_note(&p, &answers, 160 * S);
	assert_int_equal(p.silent_us, 0);
	assert_true(nf_presence_is_due(&p, 160 * S));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence__silence_begins_with_the_first_sure_burst),
	};
	return NF_RUN(tests, argc, argv);
}
