// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "checks/cutover/coverage.h"

#define H     NF_HOUR_US
#define M     NF_MINUTE_US
#define HOUR0 360000
#define T0    (HOUR0 * H)
#define ALL   NF_MINUTES_ALL
#define YEAR  (365 * 24)

static const char *const wires[] = {"wire:a", "wire:b"};
static const char *const switches[] = {"snmp:sw-1", "snmp:sw-2"};

static void add(struct nf_quiet *q, const char *sensor, int64_t hour, uint64_t minutes)
{
	nf_quiet_add(q, &(struct nf_coverage){"n", sensor, HOUR0 + hour, minutes,
				.seconds = 3600, .frames = 1});
}

static void minutes__only_whole_ones_inside(void **state)
{
	static const struct {
		int64_t from_us, to_us;
		uint64_t want;
	} rows[] = {
		{0,	    H,	       ALL		  },
		{-H,     2 * H,	    ALL	       },
		{0,	    M,	       0x1		  },
		{1,	    2 * M,	   0x2	      },
		{1,	    2 * M - 1, 0		},
		{M,	    3 * M,	   0x6	      },
		{59 * M, 2 * H,	UINT64_C(1) << 59},
		{H,	    2 * H,	   0		    },
		{30 * M, 30 * M,	 0		  },
	};
	(void)state;
	NF_ROWS(i, rows)
	assert_int_equal(
		nf_minutes_of(HOUR0, T0 + rows[i].from_us, T0 + rows[i].to_us), rows[i].want);
}

/* Two wires and two switches in one hour; 0: no row. */
static void hour__every_wire__or_every_switch__minute_by_minute(void **state)
{
	static const struct {
		const char *name;
		uint64_t a, b, sw1, sw2;
		int64_t want; /* minutes */
	} rows[] = {
		{"all see all",			ALL,	     ALL,				  0,    0,	60},
		{"one wire is away",		     ALL,	  0,			     0,	0,	   0 },
		{"two halves are no hour",		   0x3fffffff,  (ALL & ~UINT64_C(0x3fffffff)), 0,	 0,    0 },
		{"halves that overlap in five",	0x7ffffffff, (ALL & ~UINT64_C(0x3fffffff)), 0,
			0,											    5 },
		{"the switches, where a wire is away", ALL,	    0,			       ALL,  0xff, 8 },
		{"one switch is not enough",	     0,		0,				   ALL,	0,	   0 },
		{"minutes of either kind",		   0xf,		0xf,			     0xf0, 0xff, 8 },
	};
	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_quiet *q = nf_quiet_new(wires, 2, switches, 2);

		print_message("  %s\n", rows[i].name);
		add(q, switches[1], 0, rows[i].sw2);
		add(q, wires[1], 0, rows[i].b);
		add(q, wires[0], 0, rows[i].a);
		add(q, "wire:c", 0, ALL); /* not one of this network */
		add(q, switches[0], 0, rows[i].sw1);
		nf_quiet_end(q);
		assert_int_equal(nf_quiet_us(q, T0, T0 + H), rows[i].want * M);
		nf_quiet_free(q);
	}
}

/* What it counted for when the sensors' own rows were there, whoever the sensors are now. */
static void hour__settled__counts_beside_the_sensors(void **state)
{
	struct nf_quiet *q = nf_quiet_new(wires, 2, switches, 2);

	(void)state;
	add(q, NF_COVERAGE_SETTLED, 0, 0xf);
	add(q, wires[0], 0, ALL);
	add(q, NF_COVERAGE_SETTLED, 1, 0xf0);
	add(q, wires[0], 1, 0x3);
	add(q, wires[1], 1, 0x1f);
	nf_quiet_end(q);
	assert_int_equal(nf_quiet_minutes(q, HOUR0), 0xf);
	assert_int_equal(nf_quiet_minutes(q, HOUR0 + 1), 0xf3);
	assert_int_equal(nf_quiet_minutes(q, HOUR0 + 2), 0);
	assert_int_equal(nf_quiet_us(q, T0, T0 + 2 * H), 10 * M);
	assert_false(nf_quiet_is_deaf(q));
	nf_quiet_free(q);
}

static void silence__counts_in_whole_minutes(void **state)
{
	static const struct {
		int64_t since_us, until_us, want;
	} rows[] = {
		{0,	    3 * H,	   20 + 60},
		{-H,	     4 * H,	    20 + 60},
		{40 * M,	 3 * H,		20 + 60},
		{40 * M + 1, 3 * H,	    19 + 60},
		{41 * M,	 3 * H,		19 + 60},
		{0,	    42 * M - 1,	1	 },
		{0,	    42 * M,	    2	     },
		{50 * M,	 H + M,		10	  },
		{2 * H,	2 * H + M - 1, 0	},
		{2 * H + 1,  2 * H + M,     0	},
		{3 * H,	9 * H,	       0	},
		{9 * H,	0,		   0	    },
	};
	struct nf_quiet *q = nf_quiet_new(wires, 1, NULL, 0);
	int64_t first_us, end_us;

	(void)state;
	add(q, "wire:a", 2, ALL);
	add(q, "wire:a", 0, ALL & ~((UINT64_C(1) << 40) - 1));
	nf_quiet_end(q);
	NF_ROWS(i, rows)
	assert_int_equal(
		nf_quiet_us(q, T0 + rows[i].since_us, T0 + rows[i].until_us), rows[i].want * M);
	assert_int_equal(nf_quiet_us(q, 0, INT64_MAX / 2), 80 * M);
	assert_true(nf_quiet_span(q, &first_us, &end_us));
	assert_int_equal(first_us, T0 + 40 * M);
	assert_int_equal(end_us, T0 + 3 * H);
	nf_quiet_free(q);
}

static void nothing__no_sensor_or_nobody_heard__covers_nothing(void **state)
{
	struct nf_quiet *none = nf_quiet_new(NULL, 0, NULL, 0),
			*deaf = nf_quiet_new(wires, 1, NULL, 0);
	int64_t first_us, end_us;

	(void)state;
	add(none, "wire:a", 0, ALL);
	nf_quiet_end(none);
	assert_false(nf_quiet_has_sensor(none));
	assert_int_equal(nf_quiet_us(none, 0, INT64_MAX / 2), 0);
	assert_false(nf_quiet_span(none, &first_us, &end_us));
	assert_false(nf_quiet_month_end(none, "Europe/Stockholm", 0, T0));
	nf_quiet_add(deaf, &(struct nf_coverage){"n", "wire:a", HOUR0, ALL, 3600, .frames = 0});
	nf_quiet_end(deaf);
	assert_true(nf_quiet_has_sensor(deaf));
	assert_int_equal(nf_quiet_us(deaf, 0, INT64_MAX / 2), 0);
	nf_quiet_free(none);
	nf_quiet_free(deaf);
}

/* Hours of one wire, "f" others were heard, "c" only canaries came back, "m" one of them did not, "0" nothing to go
 * by, " " it did not run; the last answer, in hours from the first, -1: none. */
static void silent_hours__count_where_others_would_be_heard(void **state)
{
	static const struct {
		const char *name, *hours;
		int answered_h;
		int64_t want; /* hours */
		bool deaf;
	} rows[] = {
		{"never heard anybody",			"cccc",	-1, 0, true },
		{"heard, then silent for ever",		"fccccc", -1, 6, false},
		{"nobody before",			  "ccfcc",  -1, 3, false},
		{"a canary is missing",			"fcmc",	-1, 3, false},
		{"no canaries",				"f0000",	 -1, 1, true },
		{"no canaries, heard again",		     "f0f",    -1, 2, false},
		{"the hour that runs",		       "f0",     -1, 1, false},
		{"somebody answers whom it does not hear", "fccccc", 3,	1, true },
		{"the last answer of whom it heard",	     "fccccc", 1,  6, false},
		{"it heard them again",			"fcccfc", 3,  6, false},
		{"switched off for a while",		     "fc  cc", -1, 4, false},
	};
	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_quiet *q = nf_quiet_new(wires, 1, NULL, 0);

		print_message("  %s\n", rows[i].name);
		for (int h = (int)strlen(rows[i].hours) - 1; h >= 0; h--) {
			char what = rows[i].hours[h];
			struct nf_coverage c = {"n", "wire:a", HOUR0 + h, ALL,
				.frames = what == 'f',
				.canaries_sent = what == 'c' || what == 'm' ? 12 : 0,
				.canaries_seen = what == 'c'   ? 12
						 : what == 'm' ? 11
							       : 0};

			if (what != ' ')
				nf_quiet_add(q, &c);
		}
		if (rows[i].answered_h >= 0)
			nf_quiet_answered(q, T0 + rows[i].answered_h * H + H / 2);
		nf_quiet_end(q);
		assert_int_equal(nf_quiet_us(q, T0, T0 + 9 * H), rows[i].want * H);
		assert_int_equal(nf_quiet_is_deaf(q), rows[i].deaf);
		nf_quiet_free(q);
	}
}

static void month_end__nine_tenths_of_its_last_day(void **state)
{
	/* 2011-01-26 00:00 UTC; the 31st begins five days later. */
	enum { AT = 15000 * 24, LAST = AT + 5 * 24 };
	static const struct {
		const char *name;
		int gap_first, gap_len; /* minutes of the last day */
		int64_t since_us;
		bool want;
	} rows[] = {
		{"all of it",		      0,	 0,   LAST * H,     true },
		{"a tenth is missing",       600, 144, LAST * H,	   true },
		{"a minute more is missing", 600, 145, LAST * H,	 false},
		{"silent a moment too late", 0,	0,   LAST * H + 1, false},
	};
	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_quiet *q = nf_quiet_new(wires, 1, NULL, 0);

		print_message("  %s\n", rows[i].name);
		for (int hour = 0; hour < 24; hour++) {
			int64_t gap_us = LAST * H + rows[i].gap_first * M;
			uint64_t gap = nf_minutes_of(
				LAST + hour, gap_us, gap_us + rows[i].gap_len * M);
			nf_quiet_add(q, &(struct nf_coverage){"n", "wire:a", LAST + hour,
						ALL & ~gap, .frames = 1});
		}
		nf_quiet_end(q);
		assert_int_equal(
			nf_quiet_month_end(q, "UTC", rows[i].since_us, (LAST + 30) * H),
			rows[i].want);
		nf_quiet_free(q);
	}
}

static uint64_t any_minutes(void)
{
	uint64_t any = (uint64_t)random() << 31 ^ (uint64_t)random();

	return random() % 3 ? ALL : any & ALL;
}

/* A year of two wires, hour by hour as drawn; what is counted is what a plain count of minutes gives, in
 * whatever order it comes, and never more when some is taken away. */
static void year__as_counted_minute_by_minute(void **state)
{
	static struct nf_coverage rows[2 * YEAR];
	static uint64_t both[YEAR];
	struct nf_quiet *q = nf_quiet_new(wires, 2, NULL, 0),
			*less = nf_quiet_new(wires, 2, NULL, 0);

	(void)state;
	srandom(7);
	for (int i = 0; i < YEAR; i++) {
		uint64_t a = any_minutes(), b = any_minutes();

		both[i] = a & b;
		rows[2 * i] = (struct nf_coverage){"n", "wire:a", HOUR0 + i, a, .frames = 1};
		rows[2 * i + 1] =
			(struct nf_coverage){"n", "wire:b", HOUR0 + i, b, .frames = 1};
	}
	for (int i = 2 * YEAR - 1; i > 0; i--) {
		int other = (int)(random() % (i + 1));
		struct nf_coverage row = rows[i];

		rows[i] = rows[other];
		rows[other] = row;
	}
	for (int i = 0; i < 2 * YEAR; i++) {
		nf_quiet_add(q, &rows[i]);
		rows[i].minutes &= any_minutes();
		if (random() % 20)
			nf_quiet_add(less, &rows[i]);
	}
	nf_quiet_end(q);
	nf_quiet_end(less);
	for (int n = 0; n < 200; n++) {
		int64_t since = random() % (YEAR * 60), until = since + random() % (YEAR * 60);
		int64_t count = 0, part_us = random() % M;

		for (int64_t m = since + (part_us > 0); m < until && m < YEAR * 60; m++)
			count += both[m / 60] >> (m % 60) & 1 ? 1 : 0;
		assert_int_equal(
			nf_quiet_us(q, T0 + since * M + part_us, T0 + until * M + part_us),
			count * M);
		assert_true(nf_quiet_us(less, T0 + since * M, T0 + until * M) <=
			    nf_quiet_us(q, T0 + since * M, T0 + until * M));
	}
	nf_quiet_free(q);
	nf_quiet_free(less);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes__only_whole_ones_inside),
		cmocka_unit_test(hour__every_wire__or_every_switch__minute_by_minute),
		cmocka_unit_test(hour__settled__counts_beside_the_sensors),
		cmocka_unit_test(silence__counts_in_whole_minutes),
		cmocka_unit_test(nothing__no_sensor_or_nobody_heard__covers_nothing),
		cmocka_unit_test(silent_hours__count_where_others_would_be_heard),
		cmocka_unit_test(month_end__nine_tenths_of_its_last_day),
		cmocka_unit_test(year__as_counted_minute_by_minute),
	};
	return NF_RUN(tests, argc, argv);
}
