// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "checks/verdict.h"

#define S INT64_C(1000000)

static const struct nf_verdict_rules rules = {
	.confirm = 3,
	.flap_changes = 5,
	.flap_window_us = 1800 * S,
};

static const struct nf_verdict fresh = {
	.state = NF_STATE_UNKNOWN,
	.soft = NF_STATE_UNKNOWN,
};

static enum nf_state state_of(char letter)
{
	switch (letter) {
	case 'o':
		return NF_STATE_OK;
	case 'w':
		return NF_STATE_WARNING;
	case 'c':
		return NF_STATE_CRITICAL;
	case 'r':
		return NF_STATE_UNREACHABLE;
	default:
		return NF_STATE_UNKNOWN;
	}
}

static char letter_of(enum nf_state state)
{
	return "owc?r"[state];
}

/* One answer a second; an upper-case letter is an answer behind a closed gate. */
static void run(const char *answers, char *states, struct nf_verdict *v)
{
	*v = fresh;
	int64_t at = 1000 * S;
	for (; *answers != '\0'; answers++, at += S) {
		bool held = *answers >= 'A' && *answers <= 'Z';
		char letter = held ? (char)(*answers + 32) : *answers;
		nf_verdict_step(
			&rules, v, state_of(letter), at, held ? NF_GATE_HELD : NF_GATE_OPEN);
		*states++ = letter_of(v->state);
	}
	*states = '\0';
}

static void step__answers__hard_states(void **state)
{
	(void)state;
	static const struct {
		const char *answers, *states;
	} rows[] = {
		{"o",	      "o"	 },
		{"cccc",	 "???c"    },
		{"occcc",	  "ooooc"	 },
		{"ooccco",   "oooooo"  },
		{"occcoccc", "oooooooo"},
		{"occcco",   "ooooco"  },
		{"owwww",	  "oooow"	 },
		{"occcw",	  "oooow"	 },
		{"owwwc",	  "ooooc"	 },
		{"wwwwcccc", "???wwwwc"},
		{"wwwwcccw", "???wwwww"},
		{"o????",	  "oooo?"	 },
		{"o??ccc",   "oooooo"  },
		{"o??cccc",  "ooooooc" },
		{"or",       "or"	   },
		{"orcccc",   "orrrrc"  },
		{"ccccr",	  "???cr"	 },
		{"orccco",   "orrrro"  },
		{"oCCCCCCc", "oooooooc"},
		{"oCCCCCCo", "oooooooo"},
		{"oR",       "oo"	   },
		{"ccccO",	  "???co"	 },
		{"CCCCC",	  "?????"	 },
	};
	NF_ROWS(i, rows)
	{
		char got[32];
		struct nf_verdict v;
		run(rows[i].answers, got, &v);
		if (strcmp(got, rows[i].states) != 0)
			fail_msg("%s: %s, not %s", rows[i].answers, got, rows[i].states);
	}
}

static void step__each_answer__says_what_happened(void **state)
{
	(void)state;
	struct nf_verdict v = fresh;
	assert_int_equal(
		nf_verdict_step(&rules, &v, NF_STATE_OK, S, NF_GATE_OPEN), NF_VERDICT_CHANGED);
	assert_int_equal(
		nf_verdict_step(&rules, &v, NF_STATE_OK, 2 * S, NF_GATE_OPEN), NF_VERDICT_SAME);
	for (int64_t t = 3; t <= 5; t++)
		assert_int_equal(
			nf_verdict_step(&rules, &v, NF_STATE_CRITICAL, t * S, NF_GATE_OPEN),
			NF_VERDICT_CONFIRM);
	assert_int_equal(v.soft_count, 3);
	assert_true(v.soft_since_wall_us == 3 * S);
	assert_int_equal(nf_verdict_step(&rules, &v, NF_STATE_CRITICAL, 6 * S, NF_GATE_OPEN),
		NF_VERDICT_CHANGED);
	assert_true(v.since_wall_us == 6 * S);
}

static void step__no_confirmation_wanted__hard_at_once(void **state)
{
	(void)state;
	const struct nf_verdict_rules at_once = {0};
	struct nf_verdict v = fresh;
	assert_int_equal(nf_verdict_step(&at_once, &v, NF_STATE_CRITICAL, S, NF_GATE_OPEN),
		NF_VERDICT_CHANGED);
}

static void step__recovery_to_be_confirmed__waits(void **state)
{
	(void)state;
	const struct nf_verdict_rules slow = {.confirm_good = 1};
	struct nf_verdict v = fresh;
	nf_verdict_step(&slow, &v, NF_STATE_CRITICAL, S, NF_GATE_OPEN);
	assert_int_equal(nf_verdict_step(&slow, &v, NF_STATE_OK, 2 * S, NF_GATE_OPEN),
		NF_VERDICT_CONFIRM);
	assert_int_equal(v.state, NF_STATE_CRITICAL);
	assert_int_equal(nf_verdict_step(&slow, &v, NF_STATE_OK, 3 * S, NF_GATE_OPEN),
		NF_VERDICT_CHANGED);
}

static unsigned change(struct nf_verdict *v, enum nf_state to, int64_t at)
{
	unsigned effects = 0;
	do
		effects |= nf_verdict_step(&rules, v, to, at, NF_GATE_OPEN);
	while (v->state != to);
	return effects;
}

static void flapping__up_and_down__said_once_until_steady(void **state)
{
	(void)state;
	struct nf_verdict v = fresh;
	int64_t at = 1000 * S;
	int began = 0;
	change(&v, NF_STATE_OK, at);
	for (int i = 0; i < 20; i++) {
		at += 60 * S;
		unsigned e = change(&v, i % 2 == 0 ? NF_STATE_CRITICAL : NF_STATE_OK, at);
		began += (e & NF_VERDICT_FLAPPING) != 0;
		assert_false(e & NF_VERDICT_STEADY);
		assert_int_equal(v.flapping, i >= 4);
	}
	assert_int_equal(began, 1);
	int ended = 0;
	for (int i = 0; i < 60; i++) {
		at += 60 * S;
		ended += (nf_verdict_step(&rules, &v, NF_STATE_OK, at, NF_GATE_OPEN) &
				 NF_VERDICT_STEADY) != 0;
	}
	assert_int_equal(ended, 1);
	assert_false(v.flapping);
}

static void flapping__parent_goes_up_and_down__not_this_one(void **state)
{
	(void)state;
	struct nf_verdict v = fresh;
	int64_t at = 1000 * S;
	for (int i = 0; i < 40; i++, at += S)
		assert_false(change(&v, i % 2 == 0 ? NF_STATE_OK : NF_STATE_UNREACHABLE, at) &
			     NF_VERDICT_FLAPPING);
}

static void clock__set_back__nothing_began_in_the_future(void **state)
{
	(void)state;
	struct nf_verdict v = fresh;
	change(&v, NF_STATE_OK, 9000 * S);
	change(&v, NF_STATE_CRITICAL, 9001 * S);
	nf_verdict_step(&rules, &v, NF_STATE_CRITICAL, 5000 * S, NF_GATE_OPEN);
	assert_true(v.since_wall_us == 5000 * S);
	for (int i = 0; i < NF_FLAP_TIMES; i++)
		assert_true(v.flap_times_wall_us[i] <= 5000 * S);
	assert_false(nf_verdict_clamp(&v, 5000 * S));
}

static void shown__age__stale_is_unknown(void **state)
{
	(void)state;
	static const struct {
		int64_t asked_s, interval_s;
		enum nf_state want;
	} rows[] = {
		{1000, 30, NF_STATE_OK     },
		{911,  30, NF_STATE_OK     },
		{909,  30, NF_STATE_UNKNOWN},
		{0,    30, NF_STATE_UNKNOWN},
		{1030, 30, NF_STATE_OK     },
		{1031, 30, NF_STATE_UNKNOWN},
		{1,    0,  NF_STATE_OK	  },
		{0,    0,  NF_STATE_OK	  },
	};
	NF_ROWS(i, rows)
	assert_int_equal(nf_verdict_shown(NF_STATE_OK, rows[i].asked_s * S,
				 rows[i].interval_s * S, 1000 * S),
		rows[i].want);
}

/* Random answers, gates and clock jumps: what must hold whatever happens. */
static void step__anything__invariants_hold(void **state)
{
	(void)state;
	uint64_t seed = 7;
	for (int round = 0; round < 2000; round++) {
		struct nf_verdict v = fresh;
		int64_t at = 100000 * S;
		uint32_t bad_in_row = 0;
		for (int i = 0; i < 100; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
			uint32_t dice = (uint32_t)(seed >> 33);
			enum nf_state answer = dice % 3 != 0
						       ? NF_STATE_CRITICAL
						       : (enum nf_state)(dice / 3 % NF_STATES);
			bool held = dice / 64 % 4 == 0;
			at += (int64_t)(dice / 256 % 200) * S -
			      (dice % 50 == 0 ? 50000 * S : 0);
			struct nf_verdict before = v;
			unsigned e = nf_verdict_step(
				&rules, &v, answer, at, held ? NF_GATE_HELD : NF_GATE_OPEN);
			bad_in_row = answer == NF_STATE_WARNING || answer == NF_STATE_CRITICAL
					     ? bad_in_row + 1
					     : 0;
			assert_true(v.since_wall_us <= at && v.soft_since_wall_us <= at);
			assert_int_equal(
				before.state != v.state, (e & NF_VERDICT_CHANGED) != 0);
			if (e & NF_VERDICT_CHANGED) {
				assert_int_equal(v.state, answer);
				assert_false(held && answer != NF_STATE_OK);
				if (answer == NF_STATE_WARNING || answer == NF_STATE_CRITICAL)
					assert_true(bad_in_row > rules.confirm);
			}
			assert_int_equal(before.flapping != v.flapping,
				(e & (NF_VERDICT_FLAPPING | NF_VERDICT_STEADY)) != 0);
			assert_int_equal(v.soft_count == 0, v.judged && v.soft == v.state);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step__answers__hard_states),
		cmocka_unit_test(step__each_answer__says_what_happened),
		cmocka_unit_test(step__no_confirmation_wanted__hard_at_once),
		cmocka_unit_test(step__recovery_to_be_confirmed__waits),
		cmocka_unit_test(flapping__up_and_down__said_once_until_steady),
		cmocka_unit_test(flapping__parent_goes_up_and_down__not_this_one),
		cmocka_unit_test(clock__set_back__nothing_began_in_the_future),
		cmocka_unit_test(shown__age__stale_is_unknown),
		cmocka_unit_test(step__anything__invariants_hold),
	};
	return NF_RUN(tests, argc, argv);
}
