// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "collector/wire/cover.h"
#include "collector/wire/seen.h"
#include "collector/wire/verdict.h"

#define DAY  (86400 * NF_US_PER_S)
#define HOUR (3600 * NF_US_PER_S)
#define BASE (20000 * DAY)

static struct nf_note note_of(uint32_t number)
{
	struct nf_note note = {.key.what = NF_NOTE_MAC};

	note.key.mac.bytes[0] = 2;
	memcpy(note.key.mac.bytes + 2, &number, sizeof number);
	return note;
}

static bool add(struct nf_seen_table *t, uint32_t number, int64_t wall_us, int64_t mono_us)
{
	const struct nf_note note = note_of(number);

	return nf_seen_add(t, 0, &note, wall_us, mono_us);
}

struct last {
	struct nf_seen_entry entry;
	size_t calls;
};

static bool keep(const struct nf_seen_entry *entry, void *arg)
{
	struct last *last = arg;

	last->entry = *entry;
	last->calls++;
	return true;
}

static void seen__the_same_again__is_summed(void **state)
{
	struct nf_seen_table *t = nf_seen_new(10);
	struct last last = {0};
	struct nf_note note = note_of(1);

	(void)state;
	note.lease_s = 60;
	note.detail = "first";
	assert_true(nf_seen_add(t, 3, &note, BASE + HOUR, 0));
	note.lease_s = 0;
	note.detail = "second";
	assert_true(nf_seen_add(t, 3, &note, BASE + 5 * HOUR, 0));
	/* A clock that was set back a little. */
	note.detail = NULL;
	assert_true(nf_seen_add(t, 3, &note, BASE, 0));
	assert_int_equal(nf_seen_each_owed(t, 9, keep, &last), 1);
	assert_int_equal(last.entry.count, 3);
	assert_int_equal(last.entry.hours, 1 | 1 << 1 | 1 << 5);
	assert_int_equal(last.entry.first_wall_us, BASE);
	assert_int_equal(last.entry.last_wall_us, BASE + 5 * HOUR);
	assert_int_equal(last.entry.until_wall_us, BASE + HOUR + 60 * NF_US_PER_S);
	assert_int_equal(last.entry.lent_wall_us, BASE + HOUR);
	assert_string_equal(last.entry.detail, "second");
	assert_int_equal(last.entry.key.wire, 3);
	assert_int_equal(last.entry.key.day, 20000);
	nf_seen_free(t);
}

static void seen__written__owes_only_what_is_new(void **state)
{
	struct nf_seen_table *t = nf_seen_new(10);
	struct last last = {0};

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		add(t, i, BASE, 0);
	assert_int_equal(nf_seen_each_owed(t, 3, keep, &last), 3);
	/* Nothing is forgotten before it is said to be stored. */
	assert_int_equal(nf_seen_stats(t).owed, 5);
	nf_seen_written(t, 3);
	assert_int_equal(nf_seen_stats(t).owed, 2);
	add(t, 0, BASE, 0);
	nf_seen_written(t, 2);
	last.calls = 0;
	assert_int_equal(nf_seen_each_owed(t, 9, keep, &last), 1);
	assert_int_equal(last.entry.count, 1);
	nf_seen_written(t, 1);
	assert_int_equal(nf_seen_stats(t).owed, 0);
	assert_int_equal(nf_seen_stats(t).len, 5);
	nf_seen_free(t);
}

static void seen__another_day__is_another_thing_and_the_old_is_let_go(void **state)
{
	struct nf_seen_table *t = nf_seen_new(10);

	(void)state;
	add(t, 1, BASE, 0);
	add(t, 2, BASE, 0);
	nf_seen_written(t, 1);
	add(t, 1, BASE + DAY, 0);
	assert_int_equal(nf_seen_stats(t).len, 3);
	nf_seen_forget(t, 20001);
	/* The second still owes its day. */
	assert_int_equal(nf_seen_stats(t).len, 2);
	nf_seen_free(t);
}

static void seen__a_flood__is_capped_and_counted(void **state)
{
	enum { CAP = 8000, FLOOD = 100000 };
	struct nf_seen_table *t = nf_seen_new(CAP);
	uint32_t refused = 0;

	(void)state;
	for (uint32_t i = 0; i < FLOOD; i++)
		refused += !add(t, i, BASE, 1);
	struct nf_seen_stats s = nf_seen_stats(t);

	assert_int_equal(s.len, CAP / 2);
	assert_int_equal(s.replaced, 0);
	assert_int_equal(s.refused, refused);
	assert_int_equal(refused, FLOOD - CAP / 2);
	/* What is known goes on being counted. */
	assert_true(add(t, 5, BASE, 1));
	nf_seen_written(t, CAP);
	/* An hour later a few more may come. */
	for (uint32_t i = 0; i < FLOOD; i++)
		add(t, FLOOD + i, BASE, HOUR + 2);
	assert_in_range(nf_seen_stats(t).len, CAP / 2 + CAP / 48 - 1, CAP / 2 + CAP / 48 + 1);
	nf_seen_free(t);
}

static void seen__known_yesterday__is_no_newcomer(void **state)
{
	enum { CAP = 8000, KNOWN = 1000, FLOOD = 100000 };
	struct nf_seen_table *t = nf_seen_new(CAP);

	(void)state;
	for (uint32_t i = 0; i < KNOWN; i++)
		assert_true(add(t, i, BASE, 1));
	for (uint32_t i = KNOWN; i < FLOOD; i++)
		add(t, i, BASE + DAY - 1, 1);
	nf_seen_written(t, CAP);
	nf_seen_forget(t, 19999);
	for (uint32_t i = KNOWN; i < FLOOD; i++)
		add(t, FLOOD + i, BASE + DAY, 1);
	for (uint32_t i = 0; i < KNOWN; i++)
		assert_true(add(t, i, BASE + DAY, 1));
	assert_false(add(t, 3 * FLOOD, BASE + DAY, 1));
	nf_seen_free(t);
}

static void seen__full__takes_the_place_of_the_oldest_that_owes_nothing(void **state)
{
	enum { CAP = 100 };
	struct nf_seen_table *t = nf_seen_new(CAP);

	(void)state;
	for (uint32_t i = 0; i < CAP; i++)
		assert_true(add(t, i, BASE, i < CAP / 2 ? 1 : DAY + 1));
	assert_false(add(t, CAP, BASE, 3 * DAY));
	assert_int_equal(nf_seen_stats(t).replaced, 0);
	nf_seen_written(t, 10);
	assert_true(add(t, CAP, BASE, 3 * DAY));
	assert_int_equal(nf_seen_stats(t).len, CAP);
	assert_int_equal(nf_seen_stats(t).replaced, 1);
	nf_seen_free(t);
}

static void seen__long_texts__are_capped_too(void **state)
{
	enum { CAP = 100 };
	struct nf_seen_table *t = nf_seen_new(CAP);
	char text[256];
	size_t taken = 0;

	(void)state;
	for (uint32_t i = 0; i < CAP; i++) {
		struct nf_note note = note_of(i);

		memset(text, 'x', sizeof text - 1);
		text[255] = '\0';
		note.text = text;
		taken += nf_seen_add(t, 0, &note, BASE, 0);
	}
	assert_in_range(taken, 20, 26); /* of 6,400 bytes */
	nf_seen_free(t);
}

static void cover__closed__is_due_in_whole_seconds(void **state)
{
	struct nf_cover c = {0};

	(void)state;
	nf_cover_add(
		&c, 5 * HOUR - 1, &(struct nf_cover_hour){.running_us = 1500000, .frames = 3});
	nf_cover_add(&c, 5 * HOUR, &(struct nf_cover_hour){.running_us = 1700000, .drops = 1});
	nf_cover_close(&c, 5 * HOUR);
	assert_int_equal(c.due_len, 2);
	assert_int_equal(c.due[0].hour, 4);
	assert_int_equal(c.due[0].running_us, 1000000);
	assert_int_equal(c.due[0].frames, 3);
	assert_int_equal(c.due[1].drops, 1);
	/* The rest stays for the hour that runs. */
	assert_int_equal(c.open_len, 1);
	assert_int_equal(c.open[0].running_us, 700000);
	/* A store that is away for days: the newest hours are kept. */
	for (int64_t hour = 10; hour < 200; hour++) {
		nf_cover_add(&c, hour * HOUR, &(struct nf_cover_hour){.running_us = 1000000});
		nf_cover_close(&c, hour * HOUR);
	}
	assert_int_equal(c.due_len, NF_COVER_DUE);
	assert_int_equal(c.due[NF_COVER_DUE - 1].hour, 199);
	nf_cover_written(&c);
	assert_int_equal(c.due_len, 0);
}

#define MINUTE	       (60 * NF_US_PER_S)
#define SECOND	       NF_US_PER_S
#define MASK(from, to) (((UINT64_C(1) << (to)) - 1) & ~((UINT64_C(1) << (from)) - 1))

/* Listens second by second; heard: in which of them. */
static void hear(struct nf_cover *c, int64_t from_s, int64_t to_s, int every_s)
{
	for (int64_t s = from_s; s < to_s; s++)
		nf_cover_listen(c, s * SECOND, (s + 1) * SECOND, every_s ? 10 : 0, 0,
			every_s && s % every_s == 0);
}

static uint64_t minutes_of(struct nf_cover *c)
{
	uint64_t minutes = 0;

	nf_cover_close(c, 0);
	for (size_t i = 0; i < c->due_len; i++)
		minutes |= c->due[i].hour == 0 ? c->due[i].minutes : 0;
	return minutes;
}

static void minutes__whole_and_proved__count(void **state)
{
	struct nf_cover c = {0};

	(void)state;
	hear(&c, 30, 170, 1);
	assert_int_equal(
		minutes_of(&c), MASK(1, 2)); /* begun in minute 0, stopped in minute 2 */
	hear(&c, 170, 240, 1);
	assert_int_equal(
		minutes_of(&c), MASK(1, 3)); /* minute 3 is over, but nothing came after */
	hear(&c, 240, 241, 1);
	assert_int_equal(minutes_of(&c), MASK(1, 4));
	/* What nothing proves waits: half an hour of silence counts when somebody speaks. */
	hear(&c, 241, 2000, 0);
	assert_int_equal(minutes_of(&c), MASK(1, 4));
	hear(&c, 2000, 2005, 1);
	assert_int_equal(minutes_of(&c), MASK(1, 33));
	/* A miss takes away what waits, and what comes until something is heard. */
	hear(&c, 2005, 2390, 0);
	nf_cover_miss(&c);
	hear(&c, 2390, 2530, 0);
	hear(&c, 2530, 2641, 1);
	assert_int_equal(minutes_of(&c), MASK(1, 33) | MASK(43, 44));
}

static void minutes__a_break__takes_its_minute(void **state)
{
	static const struct {
		const char *name;
		int64_t skip_us; /* the clock goes so far at 150 s */
		uint64_t want;
	} rows[] = {
		{"none",		 0,	    MASK(1,		    6)	      },
		{"the clock is led", SECOND / 10, MASK(1,		  6)	    },
		{"a stop of 5 s",	  5 * SECOND,  MASK(1,		      2) | MASK(3,  6)},
		{"a jump of 3 min ahead",		  3 * MINUTE,	      MASK(1, 2) | MASK(6, 9)},
		{"a jump of 2 min back",		 -2 * MINUTE,			      MASK(1,			      4)		},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_cover c = {0};

		print_message("  %s\n", rows[i].name);
		hear(&c, 30, 150, 1);
		for (int64_t s = 150; s < 371; s++)
			nf_cover_listen(&c, s * SECOND + rows[i].skip_us,
				(s + 1) * SECOND + rows[i].skip_us, 1, 0, true);
		assert_int_equal(minutes_of(&c), rows[i].want);
	}
}

static void minutes__drops__take_theirs(void **state)
{
	struct nf_cover c = {0};

	(void)state;
	for (int64_t s = 0; s < 400; s++)
		nf_cover_listen(&c, s * SECOND, (s + 1) * SECOND, 1000,
			s == 130   ? 61 /* of 60,000 in minute 2: more than a thousandth */
			: s == 200 ? 59
				   : 0, /* of minute 3: less */
			true);
	assert_int_equal(minutes_of(&c), MASK(1, 2) | MASK(3, 6));
	/* Drops where two minutes meet take both. */
	c = (struct nf_cover){0};
	for (int64_t s = 0; s < 400; s++)
		nf_cover_listen(&c, s * SECOND - SECOND / 2, s * SECOND + SECOND / 2, 10,
			s == 180 ? 5000 : 0, true);
	assert_int_equal(minutes_of(&c), MASK(1, 2) | MASK(4, 6));
}

static void minutes__an_hour_of_nothing__proves_nothing(void **state)
{
	struct nf_cover c = {0};

	(void)state;
	hear(&c, 10, 20, 1);
	hear(&c, 20, 3900, 0);
	hear(&c, 3900, 4000, 1);
	assert_int_equal(minutes_of(&c), 0);
}

static void verdict__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name;
		bool there, up;
		struct nf_wire_minutes minutes;
		int64_t after_us;
		enum nf_state want;
		const char *says;
	} rows[] = {
		{"gone",		 false, false, {.started_mono_us = 1},		       2,			  NF_STATE_CRITICAL,
			"no interface span0"															},
		{"down",		 true,  false, {.started_mono_us = 1},			      2,			 NF_STATE_CRITICAL,
			"no carrier"																},
		{"well",		 true,  true,  {.started_mono_us = 1},			     2,			NF_STATE_OK,	     "listening"		},
		{"flood",	  true,	true,
			{.started_mono_us = 1, .before.refused = 9, .now.drops = 1},		     2,
			NF_STATE_WARNING,												       "flood"		 },
		{"drops",	  true,	true,  {.started_mono_us = 1, .now.drops = 7},	      2,
			NF_STATE_WARNING,												       "7 frames were lost"},
		{"two canaries",	 true,  true,  {.started_mono_us = 1, .canaries_missed = 2}, 2,
			NF_STATE_OK,													    "listening"		},
		{"three canaries", true,	 true,  {.started_mono_us = 1, .canaries_missed = 3}, 2,
			NF_STATE_WARNING,												       "mirror port"       },
		{"silence",	    true,  true,	{.started_mono_us = 1},			16 * 60 * NF_US_PER_S,
			NF_STATE_WARNING,												       "nothing was heard" },
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_wire_view view = {
			"span0", rows[i].there, rows[i].up, &rows[i].minutes};
		char line[240];

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_wire_verdict(&view, rows[i].after_us, line, sizeof line),
			rows[i].want);
		assert_non_null(strstr(line, rows[i].says));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen__the_same_again__is_summed),
		cmocka_unit_test(seen__written__owes_only_what_is_new),
		cmocka_unit_test(seen__another_day__is_another_thing_and_the_old_is_let_go),
		cmocka_unit_test(seen__a_flood__is_capped_and_counted),
		cmocka_unit_test(seen__known_yesterday__is_no_newcomer),
		cmocka_unit_test(seen__full__takes_the_place_of_the_oldest_that_owes_nothing),
		cmocka_unit_test(seen__long_texts__are_capped_too),
		cmocka_unit_test(cover__closed__is_due_in_whole_seconds),
		cmocka_unit_test(minutes__whole_and_proved__count),
		cmocka_unit_test(minutes__a_break__takes_its_minute),
		cmocka_unit_test(minutes__drops__take_theirs),
		cmocka_unit_test(minutes__an_hour_of_nothing__proves_nothing),
		cmocka_unit_test(verdict__each_row__as_wanted),
	};

	return NF_RUN(tests, argc, argv);
}
