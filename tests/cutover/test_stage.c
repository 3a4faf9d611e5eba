// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "checks/cutover/stage.h"

#define H      NF_HOUR_US
#define D      (24 * NF_HOUR_US)
#define NOW    (15000 * D)
#define HOURS  (60 * 24)
#define WORLDS 3000
#define SEEN   8
#define LEGS   3

static const char *const wires[] = {"wire:span10"};
static const char *const switches[] = {"snmp:sw-1", "snmp:sw-2"};

static const struct nf_stage_rules rules = {
	.quiet_us = 7 * D,
	.clear_us = D,
	.overlap_us = H / 4,
	.lost_after_us = 3 * D,
	.zone = "UTC",
};

/* A wire that was there all the time. */
static struct nf_quiet *always(void)
{
	struct nf_quiet *q = nf_quiet_new(wires, 1, NULL, 0);

	for (int64_t i = 0; i < HOURS; i++)
		nf_quiet_add(q, &(struct nf_coverage){"a", wires[0], NOW / H - HOURS + i,
					NF_MINUTES_ALL, .frames = 10});
	nf_quiet_end(q);
	return q;
}

#define OLD(from, to)                                                                          \
	{                                                                                      \
		NF_SIDE_OLD, true, NOW - (from), NOW - (to), "fdb",                            \
		{                                                                              \
			0                                                                      \
		}                                                                              \
	}
#define NEW(from, to)                                                                          \
	{                                                                                      \
		NF_SIDE_NEW, true, NOW - (from), NOW - (to), "fdb",                            \
		{                                                                              \
			0                                                                      \
		}                                                                              \
	}
#define WEAK_OLD(from, to)                                                                     \
	{                                                                                      \
		NF_SIDE_OLD, false, NOW - (from), NOW - (to), "arp",                           \
		{                                                                              \
			0                                                                      \
		}                                                                              \
	}
#define WEAK_NEW(from, to)                                                                     \
	{                                                                                      \
		NF_SIDE_NEW, false, NOW - (from), NOW - (to), "ping",                          \
		{                                                                              \
			0                                                                      \
		}                                                                              \
	}

static void stages__as_the_words_say(void **state)
{
	static const struct {
		const char *name;
		struct nf_observation seen[4];
		struct nf_evidence e;
		enum nf_stage want;
	} rows[] = {
		{"nothing seen",				   {{0}},					  {.len = 0},			    NF_STAGE_PLANNED  },
		{"old only",				       {OLD(20 * D, 0)},			       {.len = 1},			   NF_STAGE_PLANNED  },
		{"wave and address known",			   {OLD(20 * D, 0)},				     {.len = 1, .is_prepared = true},
			NF_STAGE_PREPARED																    },
		{"another machine answers on the new address",
			{OLD(20 * D, 5 * D), WEAK_NEW(5 * D, 0)},
			{.len = 2, .is_prepared = true, .checks_ok = true},										NF_STAGE_PREPARED },
		{"pulled and plugged",			       {OLD(20 * D, 2 * H), NEW(H, 0)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_MOVED    },
		{"the old table still shows it for a moment",
			{OLD(20 * D, H - H / 5), NEW(H, 0)},							      {.len = 2},			 NF_STAGE_MOVED    },
		{"on both",					{OLD(20 * D, 0), NEW(D, 0)},			 {.len = 2},			     NF_STAGE_DUAL	  },
		{"both, then a day of silence",			{OLD(20 * D, 25 * H), NEW(3 * D, 0)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_MOVED    },
		{"silent for the quiet time",		      {OLD(20 * D, 8 * D), NEW(8 * D, 0)},
			{.len = 2, .checks_ok = true, .called_us = NOW - D},
			NF_STAGE_CONFIRMED																   },
		{"a check is bad",				   {OLD(20 * D, 8 * D), NEW(8 * D, 0)},		{.len = 2},
			NF_STAGE_MOVED																       },
		{"no backup since",				    {OLD(20 * D, 8 * D), NEW(8 * D, 0)},
			{.len = 2,
				.checks_ok = true,
				.needs_backup = true,
				.backup_us = NOW - 9 * D},
			NF_STAGE_MOVED																       },
		{"a backup since",				   {OLD(20 * D, 8 * D), NEW(8 * D, 0)},
			{.len = 2,
				.checks_ok = true,
				.needs_backup = true,
				.backup_us = NOW - 6 * D,
				.is_aimed = true},
			NF_STAGE_CONFIRMED																   },
		{"an ARP entry that stays delays",		   {WEAK_OLD(20 * D, D), NEW(8 * D, 0)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_MOVED    },
		{"nothing left",				   {OLD(20 * D, 8 * D), NEW(8 * D, 0)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_RELEASED },
		{"a lease left",				   {OLD(20 * D, 8 * D), NEW(8 * D, 0)},
			{.len = 2, .checks_ok = true, .lease_us = NOW + 1},										NF_STAGE_CONFIRMED},
		{"back, and only there",				 {OLD(20 * D, 8 * D), NEW(8 * D, D), OLD(D, 0)},
			{.len = 3, .checks_ok = true},												     NF_STAGE_REGRESSED},
		{"back, and on both",			      {OLD(20 * D, 8 * D), NEW(8 * D, 0), OLD(D, 0)},
			{.len = 3, .checks_ok = true},												     NF_STAGE_REGRESSED},
		{"tried months ago, moved back, and off for days",
			{NEW(50 * D, 49 * D), OLD(48 * D, 2 * D)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_REGRESSED},
		{"the same, and it answers nothing",		     {NEW(50 * D, 49 * D), OLD(48 * D, 4 * D)},
			{.len = 2, .silent_us = NOW - 4 * D},											      NF_STAGE_LOST	   },
		{"a backup between two sights of the new side",
			{OLD(20 * D, 10 * D), NEW(9 * D, 9 * D), NEW(5 * D, 5 * D), NEW(H, 0)},
			{.len = 4,
				.checks_ok = true,
				.needs_backup = true,
				.backup_us = NOW - 6 * D},
			NF_STAGE_RELEASED																    },
		{"tried months ago, a backup then, moved now",
			{NEW(50 * D, 49 * D), OLD(48 * D, 10 * D), NEW(9 * D, 0)},
			{.len = 3,
				.checks_ok = true,
				.needs_backup = true,
				.backup_us = NOW - 12 * D},
			NF_STAGE_MOVED																       },
		{"tried months ago, moved now",
			{NEW(50 * D, 49 * D), OLD(48 * D, 2 * D), NEW(D, 0)},					      {.len = 3},
			NF_STAGE_MOVED																       },
		{"never moved and gone",				 {OLD(20 * D, 4 * D)},
			{.len = 1, .silent_us = NOW - 4 * D},											      NF_STAGE_LOST	   },
		{"moved and gone",				   {OLD(20 * D, 10 * D), NEW(10 * D, 4 * D)},
			{.len = 2, .silent_us = NOW - 4 * D, .checks_ok = true},										 NF_STAGE_LOST     },
		{"a sensor down is not gone",		      {OLD(20 * D, 10 * D), NEW(10 * D, 4 * D)},
			{.len = 2, .checks_ok = true},												     NF_STAGE_RELEASED },
		{"a person said so",				     {OLD(20 * D, 0)},			       {.len = 1, .is_exempt = true},
			NF_STAGE_EXEMPT																      },
	};
	struct nf_quiet *quiet = always();

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_evidence e = rows[i].e;

		e.items = rows[i].seen;
		e.quiet = quiet;
		struct nf_standing s = nf_stage_of(&e, &rules, NOW);
		if (s.stage != rows[i].want)
			print_error("%s: %s, expected %s\n", rows[i].name,
				nf_stage_text(s.stage), nf_stage_text(rows[i].want));
		assert_int_equal(s.stage, rows[i].want);
	}
	nf_quiet_free(quiet);
}

/* When it changed sides; 0: never. */
static void changed__by_what_was_seen__not_by_the_word(void **state)
{
	static const struct {
		const char *name;
		struct nf_observation seen[3];
		size_t len;
		enum nf_stage stage;
		int64_t want; /* ago */
	} rows[] = {
		{"never",			  {OLD(20 * D, 0)},					    1, NF_STAGE_PLANNED, NOW   },
		{"pulled and plugged",	       {OLD(20 * D, 2 * H), NEW(H, 0)},			2, NF_STAGE_MOVED,   H	    },
		{"on both",			    {OLD(20 * D, 0), NEW(D, 0)},				 2, NF_STAGE_DUAL,	   D	    },
		{"both, then a day of silence", {OLD(20 * D, 25 * H), NEW(3 * D, 0)},		      2,
			NF_STAGE_MOVED,											    3 * D },
		{"off over Christmas",	       {OLD(40 * D, 21 * D), NEW(20 * D, 15 * D), NEW(H, 0)}, 3,
			NF_STAGE_MOVED,											    20 * D},
		{"tried months ago, moved now",
			{NEW(50 * D, 49 * D), OLD(48 * D, 2 * D), NEW(D, 0)},				      3, NF_STAGE_MOVED,
			D														},
		{"back, and on both",	      {OLD(20 * D, 8 * D), NEW(8 * D, 0), OLD(D, 0)},	      3,
			NF_STAGE_REGRESSED,											D     },
		{"back, and only there",	 {OLD(20 * D, 8 * D), NEW(8 * D, D), OLD(6 * H, 0)},    3,
			NF_STAGE_REGRESSED,											6 * H },
	};
	struct nf_quiet *quiet = always();

	(void)state;
	NF_ROWS(i, rows)
	{
		const struct nf_evidence e = {
			.items = rows[i].seen, .len = rows[i].len, .quiet = quiet};
		struct nf_standing s = nf_stage_of(&e, &rules, NOW);

		print_message("  %s\n", rows[i].name);
		assert_int_equal(s.stage, rows[i].stage);
		assert_int_equal(s.changed_us, NOW - rows[i].want);
	}
	nf_quiet_free(quiet);
}

static void quiet__nobody_listened__is_no_silence(void **state)
{
	const struct nf_observation seen[] = {OLD(20 * D, 8 * D), NEW(8 * D, 0)};
	struct nf_evidence e = {.items = seen, .len = 2, .checks_ok = true};

	(void)state;
	assert_int_equal(nf_stage_of(&e, &rules, NOW).stage, NF_STAGE_MOVED);
}

static void month_end__must_be_in_the_silence(void **state)
{
	const struct nf_observation seen[] = {OLD(50 * D, 30 * D), NEW(30 * D, 0)};
	struct nf_quiet *quiet = always();
	struct nf_evidence e = {.items = seen, .len = 2, .checks_ok = true, .quiet = quiet};
	struct nf_stage_rules strict = rules;

	(void)state;
	strict.month_end = true;
	/* NOW is 2011-01-26: the silence began on 2010-12-27, or on the 18th of January. */
	assert_int_equal(nf_stage_of(&e, &strict, NOW).stage, NF_STAGE_RELEASED);
	const struct nf_observation late[] = {OLD(50 * D, 8 * D), NEW(8 * D, 0)};
	e.items = late;
	assert_int_equal(nf_stage_of(&e, &rules, NOW).stage, NF_STAGE_RELEASED);
	assert_int_equal(nf_stage_of(&e, &strict, NOW).stage, NF_STAGE_MOVED);
	nf_quiet_free(quiet);
}

static void legs__the_worst_counts(void **state)
{
	(void)state;
	assert_int_equal(nf_stage_worse(NF_STAGE_MOVED, NF_STAGE_DUAL), NF_STAGE_DUAL);
	assert_int_equal(nf_stage_worse(NF_STAGE_DUAL, NF_STAGE_REGRESSED), NF_STAGE_REGRESSED);
	assert_int_equal(nf_stage_worse(NF_STAGE_REGRESSED, NF_STAGE_DUAL), NF_STAGE_REGRESSED);
	assert_int_equal(nf_stage_worse(NF_STAGE_RELEASED, NF_STAGE_EXEMPT), NF_STAGE_RELEASED);
}

/* Random worlds. */
static int64_t pick(int64_t below)
{
	return below > 0 ? (int64_t)random() % below : 0;
}

static struct nf_observation any_observation(void)
{
	int64_t from = pick(HOURS * 4), len = pick(4) ? pick(16) : pick(HOURS * 4);
	struct nf_observation o = {
		.side = (enum nf_side)pick(2),
		.strong = pick(4) != 0,
		.first_us = NOW - from * (H / 4),
		.source = "fdb",
	};
	o.last_us = NOW - (from > len ? from - len : 0) * (H / 4);
	return o;
}

static uint64_t any_minutes(void)
{
	return ((uint64_t)random() << 31 ^ (uint64_t)random()) & NF_MINUTES_ALL;
}

/* One old network that the device leaves: what was seen of it there and on the new side, and how its sensors did. */
struct leg {
	struct nf_observation seen[SEEN + 1];
	struct nf_coverage cover[3 * HOURS];
	size_t cover_len;
	int64_t answered_us;
	struct nf_evidence e;
};

struct world {
	struct leg legs[LEGS + 1];
	size_t legs_len;
	struct nf_stage_rules rules;
};

static struct nf_coverage any_hour(const char *sensor, int64_t hour)
{
	bool is_heard = pick(10) != 0;
	uint32_t sent = is_heard ? 0 : (uint32_t)pick(12);

	return (struct nf_coverage){"a", sensor, hour, pick(3) ? NF_MINUTES_ALL : any_minutes(),
		.frames = is_heard ? 1000 : 0, .canaries_sent = sent,
		.canaries_seen = sent - (pick(9) == 0 && sent > 0)};
}

/* A few days of sensors, or two months, which hold the last days of two. */
static void make_cover(struct leg *l)
{
	size_t sensors = (size_t)pick(3) + 1, hours = (size_t)pick(pick(4) ? 200 : HOURS);

	l->answered_us = pick(2) ? NOW - pick(HOURS) * H : 0;
	for (size_t s = 0; s < sensors; s++) {
		for (size_t h = 0; h < hours; h++) {
			if (pick(20) == 0)
				continue;
			l->cover[l->cover_len++] = any_hour(s == 0 ? wires[0] : switches[s - 1],
				NOW / H - (int64_t)hours + (int64_t)h);
		}
	}
}

static void make_leg(struct leg *l)
{
	memset(l, 0, sizeof *l);
	l->e = (struct nf_evidence){
		.items = l->seen,
		.len = (size_t)pick(SEEN),
		.is_prepared = pick(2),
		.is_exempt = pick(20) == 0,
		.silent_us = pick(2) ? NOW - pick(HOURS) * H : 0,
		.checks_ok = pick(4) != 0,
		.needs_backup = pick(3) == 0,
		.backup_us = NOW - pick(HOURS) * H,
		.called_us = pick(2) ? NOW - pick(HOURS) * H : 0,
		.lease_us = NOW + (pick(HOURS) - HOURS * 3 / 4) * H,
		.is_aimed = pick(4) == 0,
	};
	for (size_t i = 0; i < l->e.len; i++)
		l->seen[i] = any_observation();
	make_cover(l);
}

static void make_world(struct world *w, unsigned seed)
{
	srandom(seed);
	w->legs_len = pick(3) ? 1 : (size_t)pick(LEGS) + 1;
	w->rules = rules;
	w->rules.quiet_us = (pick(4) + 1) * D;
	w->rules.month_end = pick(2) == 0;
	for (size_t i = 0; i < w->legs_len; i++)
		make_leg(&w->legs[i]);
}

static enum nf_stage leg_stage(const struct world *w, const struct leg *l, size_t without)
{
	struct nf_quiet *q = nf_quiet_new(wires, 1, switches, 2);
	struct nf_evidence e = l->e;

	for (size_t i = 0; i < l->cover_len; i++) {
		struct nf_coverage c = l->cover[i];
		/* Taken away: some hours, and parts of others. */
		if (without && i % (without + 1) == 0)
			c.minutes &= any_minutes() | any_minutes();
		if (without && i % (without + 2) == 0)
			continue;
		nf_quiet_add(q, &c);
	}
	nf_quiet_answered(q, l->answered_us);
	nf_quiet_end(q);
	e.items = l->seen;
	e.quiet = q;
	enum nf_stage stage = nf_stage_of(&e, &w->rules, NOW).stage;
	nf_quiet_free(q);
	return stage;
}

static enum nf_stage stage_of(const struct world *w, size_t without)
{
	enum nf_stage stage = NF_STAGE_EXEMPT;

	for (size_t i = 0; i < w->legs_len; i++)
		stage = nf_stage_worse(stage, leg_stage(w, &w->legs[i], without));
	return stage;
}

static void shuffle(struct leg *l)
{
	for (size_t n = l->e.len; n > 1; n--) {
		size_t other = (size_t)pick((int64_t)n);
		struct nf_observation o = l->seen[n - 1];

		l->seen[n - 1] = l->seen[other];
		l->seen[other] = o;
	}
	for (size_t n = l->cover_len; n > 1; n--) {
		size_t other = (size_t)pick((int64_t)n);
		struct nf_coverage c = l->cover[n - 1];

		l->cover[n - 1] = l->cover[other];
		l->cover[other] = c;
	}
	/* And what was there is there twice. */
	if (l->e.len > 0)
		l->seen[l->e.len++] = l->seen[0];
}

static void worlds__the_order_does_not_matter(void **state)
{
	static struct world w;
	size_t met[NF_STAGES] = {0};

	(void)state;
	for (unsigned i = 0; i < WORLDS; i++) {
		make_world(&w, i);
		enum nf_stage before = stage_of(&w, 0);
		met[before]++;
		for (size_t n = 0; n < w.legs_len; n++)
			shuffle(&w.legs[n]);
		assert_int_equal(stage_of(&w, 0), before);
	}
	/* Else the worlds are too dull to say anything. */
	for (size_t i = 0; i < NF_STAGES; i++) {
		print_message("  %s %zu\n", nf_stage_text((enum nf_stage)i), met[i]);
		assert_true(met[i] >= 10);
	}
}

/* Something more of the old side. */
static void add_old(struct world *w)
{
	struct leg *l = &w->legs[pick((int64_t)w->legs_len)];
	int64_t at_us = NOW - pick(HOURS) * H;
	struct nf_observation *o = &l->seen[l->e.len];

	switch (pick(8)) {
	case 0:
		l->e.called_us = at_us > l->e.called_us ? at_us : l->e.called_us;
		break;
	case 1:
		l->e.lease_us += pick(HOURS) * H;
		break;
	case 2:
		l->e.is_aimed = true;
		break;
	case 3:
		l->answered_us = at_us > l->answered_us ? at_us : l->answered_us;
		break;
	case 4: /* in another old network, too; the new side is the same */
		w->legs[w->legs_len] = *l;
		w->legs[w->legs_len].seen[l->e.len] = any_observation();
		w->legs[w->legs_len].seen[l->e.len].side = NF_SIDE_OLD;
		w->legs[w->legs_len].e.len++;
		w->legs_len++;
		break;
	case 5: /* what was seen is the device after all */
		for (size_t i = 0; i < l->e.len; i++)
			l->seen[i].strong |= l->seen[i].side == NF_SIDE_OLD;
		break;
	default:
		*o = any_observation();
		o->side = NF_SIDE_OLD;
		l->e.len++;
	}
}

static void fail_if_better(unsigned world, enum nf_stage before, enum nf_stage after)
{
	if (nf_stage_rank(after) > nf_stage_rank(before))
		fail_msg("world %u: %s became %s", world, nf_stage_text(before),
			nf_stage_text(after));
}

static void worlds__more_of_the_old_side__never_improves(void **state)
{
	static struct world w;
	size_t changed = 0;

	(void)state;
	for (unsigned i = 0; i < WORLDS; i++) {
		make_world(&w, i);
		enum nf_stage before = stage_of(&w, 0);
		add_old(&w);
		enum nf_stage after = stage_of(&w, 0);
		changed += after != before;
		fail_if_better(i, before, after);
	}
	assert_true(changed > WORLDS / 50);
}

static void worlds__less_coverage__never_improves(void **state)
{
	static struct world w;
	size_t changed = 0;

	(void)state;
	for (unsigned i = 0; i < WORLDS; i++) {
		make_world(&w, i);
		enum nf_stage before = stage_of(&w, 0),
			      after = stage_of(&w, (size_t)pick(4) + 1);
		changed += after != before;
		fail_if_better(i, before, after);
	}
	assert_true(changed > WORLDS / 200);
}

static void words__are_the_contracts(void **state)
{
	enum nf_stage stage;

	(void)state;
	for (int i = 0; i < NF_STAGES; i++) {
		assert_true(nf_stage_parse(nf_stage_text((enum nf_stage)i), &stage));
		assert_int_equal(stage, i);
	}
	assert_false(nf_stage_parse("done", &stage));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages__as_the_words_say),
		cmocka_unit_test(changed__by_what_was_seen__not_by_the_word),
		cmocka_unit_test(quiet__nobody_listened__is_no_silence),
		cmocka_unit_test(month_end__must_be_in_the_silence),
		cmocka_unit_test(legs__the_worst_counts),
		cmocka_unit_test(words__are_the_contracts),
		cmocka_unit_test(worlds__the_order_does_not_matter),
		cmocka_unit_test(worlds__more_of_the_old_side__never_improves),
		cmocka_unit_test(worlds__less_coverage__never_improves),
	};
	return NF_RUN(tests, argc, argv);
}
