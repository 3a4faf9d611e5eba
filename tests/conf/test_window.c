// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "conf/window.h"

#define STOCKHOLM "Europe/Stockholm"

/* "2011-02-03 04:05" (or with :06), UTC. */
static int64_t utc(const char *text)
{
	struct nf_date date;
	struct nf_daytime time;
	char day[11], clock[6];

	snprintf(day, sizeof day, "%.10s", text);
	snprintf(clock, sizeof clock, "%.5s", text + 11);
	assert_int_equal(nf_date_parse(day, &date), NF_OK);
	assert_int_equal(nf_daytime_parse(clock, &time), NF_OK);
	return nf_zone_instant("UTC", date, time);
}

static struct nf_window window(const char *text)
{
	struct nf_window w;
	char why[NF_ERROR_TEXT_MAX] = "";

	if (nf_window_parse(text, &w, why) != NF_OK)
		fail_msg("%s: expected %s", text, why);
	return w;
}

static void next__table__right_in_every_zone(void **state)
{
	static const struct {
		const char *window, *zone, *after, *want;
	} rows[] = {
		{"01:00",		  STOCKHOLM,	     "2011-02-03 12:00", "2011-02-04T01:00:00+01:00"},
		{"01:00",		  STOCKHOLM,	     "2011-02-03 00:00", "2011-02-04T01:00:00+01:00"},
		{"01:00",		  STOCKHOLM,	     "2011-02-02 23:59", "2011-02-03T01:00:00+01:00"},
		{"01:00",		  "UTC",		 "2011-02-03 00:59", "2011-02-03T01:00:00+00:00"},
 /* spring: 02:00 to 03:00 does not exist on 2011-03-27 */
		{"02:30",		  STOCKHOLM,	     "2011-03-26 12:00", "2011-03-27T03:00:00+02:00"},
		{"02:00",		  STOCKHOLM,	     "2011-03-26 12:00", "2011-03-27T03:00:00+02:00"},
		{"02:30",		  STOCKHOLM,	     "2011-03-27 01:00", "2011-03-28T02:30:00+02:00"},
		{"01:59",		  STOCKHOLM,	     "2011-03-26 12:00", "2011-03-27T01:59:00+01:00"},
		{"03:00",		  STOCKHOLM,	     "2011-03-26 12:00", "2011-03-27T03:00:00+02:00"},
		{"0 */1 * * *",		STOCKHOLM,		   "2011-03-27 00:00", "2011-03-27T03:00:00+02:00"},
		{"0 */1 * * *",		STOCKHOLM,		   "2011-03-27 01:00", "2011-03-27T04:00:00+02:00"},
 /* autumn: 02:00 to 03:00 exists twice on 2011-10-30 */
		{"02:30",		  STOCKHOLM,	     "2011-10-29 12:00", "2011-10-30T02:30:00+02:00"},
		{"02:30",		  STOCKHOLM,	     "2011-10-30 00:30", "2011-10-31T02:30:00+01:00"},
		{"03:00",		  STOCKHOLM,	     "2011-10-29 23:00", "2011-10-30T03:00:00+01:00"},
		{"0 */1 * * *",		STOCKHOLM,		   "2011-10-30 00:00", "2011-10-30T03:00:00+01:00"},
 /* months, leap years, weekdays */
		{"last 02:00",	       STOCKHOLM,		  "2011-02-03 12:00", "2011-02-28T02:00:00+01:00"},
		{"last 02:00",	       STOCKHOLM,		  "2012-02-03 12:00", "2012-02-29T02:00:00+01:00"},
		{"31st 02:00",	       STOCKHOLM,		  "2011-02-03 12:00", "2011-03-31T02:00:00+02:00"},
		{"1st,15th 02:00",	   STOCKHOLM,	      "2011-02-03 12:00", "2011-02-15T02:00:00+01:00"},
		{"0 0 29 2 *",	       STOCKHOLM,		  "2012-03-01 12:00", "2016-02-29T00:00:00+01:00"},
		{"0 0 29 2 *",	       STOCKHOLM,		  "2096-03-01 12:00", "2104-02-29T00:00:00+01:00"},
		{"Mon 08:00",	      STOCKHOLM,		 "2011-02-03 12:00", "2011-02-07T08:00:00+01:00"},
		{"Mon-Fri 01:00",	  STOCKHOLM,	     "2011-02-04 12:00", "2011-02-07T01:00:00+01:00"},
		{"Fri-Mon 01:00",	  STOCKHOLM,	     "2011-02-07 12:00", "2011-02-11T01:00:00+01:00"},
		{"Mon,Thu 22:00",	  STOCKHOLM,	     "2011-02-08 12:00", "2011-02-10T22:00:00+01:00"},
		{"sat 22:00",	      STOCKHOLM,		 "2011-02-08 12:00", "2011-02-12T22:00:00+01:00"},
 /* cron: the day of the month or the weekday, when both are given */
		{"0 1 13 * 5",	       STOCKHOLM,		  "2011-02-05 12:00", "2011-02-11T01:00:00+01:00"},
		{"0 1 13 * 5",	       STOCKHOLM,		  "2011-02-11 12:00", "2011-02-13T01:00:00+01:00"},
		{"0 1 13 * *",	       STOCKHOLM,		  "2011-02-05 12:00", "2011-02-13T01:00:00+01:00"},
		{"0 1 * * 7",	      STOCKHOLM,		 "2011-02-05 12:00", "2011-02-06T01:00:00+01:00"},
		{"0 1 * * sun",		STOCKHOLM,		   "2011-02-05 12:00", "2011-02-06T01:00:00+01:00"},
		{"*/20 0-5 * jan-mar *", STOCKHOLM,		    "2011-02-05 05:00",
			"2011-02-06T00:00:00+01:00"								   },
		{"5,50 00 * * *",	  STOCKHOLM,	     "2011-02-04 23:10", "2011-02-05T00:50:00+01:00"},
		{"10/15 3 * * *",	  STOCKHOLM,	     "2011-02-05 02:20", "2011-02-05T03:25:00+01:00"},
 /* zones that change at midnight, by half an hour, or skip a day */
		{"00:00",		  "America/Sao_Paulo",   "2011-10-15 12:00", "2011-10-16T01:00:00-02:00"},
		{"02:15",		  "Australia/Lord_Howe", "2011-10-01 12:00",
			"2011-10-02T02:30:00+11:00"								   },
		{"12:00",		  "Pacific/Apia",	  "2011-12-30 00:00", "2011-12-31T00:00:00+14:00"},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = window(rows[i].window);
		char got[40] = "none";
		int64_t start;

		if (nf_window_next(&w, rows[i].zone, utc(rows[i].after), &start) == NF_OK)
			nf_zone_iso8601(rows[i].zone, start, got);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s in %s after %s: %s, not %s", rows[i].window, rows[i].zone,
				rows[i].after, got, rows[i].want);
	}
}

static void last__table__at_or_before(void **state)
{
	static const struct {
		const char *window, *at, *want;
	} rows[] = {
		{"01:00",	  "2011-02-03 00:00", "2011-02-03T01:00:00+01:00"},
		{"01:00",	  "2011-02-02 23:59", "2011-02-02T01:00:00+01:00"},
		{"02:30",	  "2011-03-27 01:00", "2011-03-27T03:00:00+02:00"},
		{"02:30",	  "2011-03-27 00:59", "2011-03-26T02:30:00+01:00"},
		{"02:30",	  "2011-10-30 01:30", "2011-10-30T02:30:00+02:00"},
		{"Mon 08:00",  "2011-02-06 12:00", "2011-01-31T08:00:00+01:00"},
		{"0 0 29 2 *", "2011-02-06 12:00", "2008-02-29T00:00:00+01:00"},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = window(rows[i].window);
		char got[40] = "none";
		int64_t start;

		if (nf_window_last(&w, STOCKHOLM, utc(rows[i].at), &start) == NF_OK)
			nf_zone_iso8601(STOCKHOLM, start, got);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s at %s: %s, not %s", rows[i].window, rows[i].at, got,
				rows[i].want);
	}
}

static void next__never_happens__no_entry(void **state)
{
	struct nf_window w = window("0 0 31 2 *");
	int64_t start = 42;

	(void)state;
	assert_int_equal(nf_window_next(&w, "UTC", 0, &start), NF_ENOENT);
	assert_int_equal(nf_window_last(&w, "UTC", 0, &start), NF_ENOENT);
	assert_int_equal(start, 42);
}

static void end__table__lengths_across_dst(void **state)
{
	static const struct {
		const char *window, *zone, *after, *want;
		int minutes;
	} rows[] = {
		{"07:00-17:00", STOCKHOLM,	   "2011-02-03 12:00", "2011-02-04T17:00:00+01:00",
			600									       },
		{"22:00-06:00", STOCKHOLM,	   "2011-02-03 12:00", "2011-02-04T06:00:00+01:00",
			480									       },
		{"22:00-06:00", STOCKHOLM,	   "2011-03-26 12:00", "2011-03-27T06:00:00+02:00",
			420									       },
		{"22:00-06:00", STOCKHOLM,	   "2011-10-29 12:00", "2011-10-30T06:00:00+01:00",
			540									       },
		{"00:00-24:00", STOCKHOLM,	   "2011-03-26 12:00", "2011-03-28T00:00:00+02:00",
			1380									      },
		{"00:00-24:00", STOCKHOLM,	   "2011-10-29 12:00", "2011-10-31T00:00:00+01:00",
			1500									      },
		{"07:00-07:00", STOCKHOLM,	   "2011-02-03 12:00", "2011-02-05T07:00:00+01:00",
			1440									      },
		{"01:00-02:30", STOCKHOLM,	   "2011-03-26 12:00", "2011-03-27T03:00:00+02:00", 60},
		{"02:15-02:45", STOCKHOLM,	   "2011-03-26 12:00", "2011-03-27T03:00:00+02:00", 0 },
		{"02:15-05:00", STOCKHOLM,	   "2011-03-26 12:00", "2011-03-27T05:00:00+02:00",
			120									       },
		{"02:45-02:15", STOCKHOLM,	   "2011-10-29 12:00", "2011-10-31T02:15:00+01:00",
			1470									      },
 /* the gap there reaches midnight: Saturday 23:30 is Sunday 00:00 */
		{"23:30-06:00", "America/Nuuk", "2024-03-30 12:00", "2024-03-31T06:00:00-01:00",
			360									       },
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = window(rows[i].window);
		char got[40];
		int64_t start, end;

		assert_int_equal(
			nf_window_next(&w, rows[i].zone, utc(rows[i].after), &start), NF_OK);
		end = nf_window_end(&w, rows[i].zone, start);
		nf_zone_iso8601(rows[i].zone, end, got);
		if (strcmp(got, rows[i].want) != 0 ||
			end - start != rows[i].minutes * 60 * NF_US_PER_S)
			fail_msg("%s after %s: ends %s after %lld min, not %s after %d",
				rows[i].window, rows[i].after, got,
				(long long)((end - start) / 60 / NF_US_PER_S), rows[i].want,
				rows[i].minutes);
	}
}

static void open__table__edges_and_midnight(void **state)
{
	static const struct {
		const char *window, *at;
		bool want;
	} rows[] = {
		{"Mon-Fri 07:00-17:00", "2011-02-04 06:00", true },
		{"Mon-Fri 07:00-17:00", "2011-02-04 05:59", false},
		{"Mon-Fri 07:00-17:00", "2011-02-04 15:59", true },
		{"Mon-Fri 07:00-17:00", "2011-02-04 16:00", false},
		{"Mon-Fri 07:00-17:00", "2011-02-05 10:00", false},
		{"Fri 22:00-06:00",	    "2011-02-05 04:59", true },
		{"Fri 22:00-06:00",	    "2011-02-05 05:00", false},
		{"Fri 22:00-06:00",	    "2011-02-06 04:00", false},
		{"Mon-Fri 07:00-17:00", "2011-03-28 05:00",
			true					    }, /* summer time since yesterday */
		{"00:00-24:00",		"2011-10-30 01:30", true },
		{"08:00",		  "2011-02-04 07:00", false}, /* no span is never open */
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = window(rows[i].window);

		if (nf_window_open(&w, STOCKHOLM, utc(rows[i].at)) != rows[i].want)
			fail_msg(
				"%s at %s is not %d", rows[i].window, rows[i].at, rows[i].want);
	}
}

static void parse__bad__says_what_was_expected(void **state)
{
	static const char *const rows[] = {
		"",
		"25:00",
		"24:00",
		"7:00",
		"07:60",
		"07:00-",
		"-07:00",
		"07:00-24:01",
		"Mun 07:00",
		"Mon- 07:00",
		"Mon 07:00 08:00",
		"Mon",
		"32nd 02:00",
		"0st 02:00",
		"1xx 02:00",
		"Mon, 07:00",
		"0 1 * *",
		"60 1 * * *",
		"0 24 * * *",
		"0 1 0 * *",
		"0 1 * 13 *",
		"0 1 * * 8",
		"0 1 5-1 * *",
		"*/0 1 * * *",
		"0 1 * * * *",
		"a b c d e",
		"0 1 * * 1-",
		"+1 1 * * *",
		"0x1 1 * * *",
		"001 1 * * *",
		"07:00\n",
		"07:00 Mon",
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = {.hours = 42};
		char why[NF_ERROR_TEXT_MAX] = "";

		if (nf_window_parse(rows[i], &w, why) == NF_OK)
			fail_msg("\"%s\" was taken", rows[i]);
		assert_int_equal(w.hours, 42);
		assert_true(strlen(why) > 10);
	}
}

static void date__table__only_days_that_exist(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} rows[] = {
		{"2011-06-30",  true },
		{"06-30",	  true },
		{"02-29",	  true },
		{"2012-02-29",  true },
		{"2000-02-29",  true },
		{"2011-02-29",  false},
		{"2100-02-29",  false},
		{"2011-06-31",  false},
		{"2011-13-01",  false},
		{"2011-00-01",  false},
		{"2011-01-00",  false},
		{"11-06-30",    false},
		{"2011-6-30",   false},
		{"2011/06/30",  false},
		{"2011-06-30 ", false},
		{"",	     false},
	};
	struct nf_date date;

	(void)state;
	NF_ROWS(i, rows)
	{
		if ((nf_date_parse(rows[i].text, &date) == NF_OK) != rows[i].valid)
			fail_msg("%s", rows[i].text);
	}
}

static void zone__names__only_zones(void **state)
{
	(void)state;
	assert_true(nf_zone_exists("Europe/Stockholm"));
	assert_true(nf_zone_exists("UTC"));
	assert_false(nf_zone_exists("Europe/Stokholm"));
	assert_false(nf_zone_exists("Europe"));
	assert_false(nf_zone_exists(""));
	assert_false(nf_zone_exists("../zoneinfo/UTC"));
	assert_false(nf_zone_exists("/usr/share/zoneinfo/UTC"));
	assert_false(nf_zone_exists("tzdata.zi"));
}

static void zone__minute__on_its_clock(void **state)
{
	static const struct {
		const char *zone, *utc, *want;
	} rows[] = {
		{STOCKHOLM, "2011-02-05 17:04", "2011-02-05 18:04"},
		{STOCKHOLM, "2011-07-31 22:30", "2011-08-01 00:30"},
		{"UTC",	"2011-07-31 22:30", "2011-07-31 22:30"},
	};
	char got[40];

	(void)state;
	NF_ROWS(i, rows)
	assert_string_equal(nf_zone_minute(rows[i].zone, utc(rows[i].utc), got), rows[i].want);
}

static void zone__used__is_restored(void **state)
{
	struct nf_window w = window("01:00");
	int64_t start;

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	assert_int_equal(nf_window_next(&w, STOCKHOLM, 0, &start), NF_OK);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	unsetenv("TZ");
	assert_int_equal(nf_window_next(&w, STOCKHOLM, 0, &start), NF_OK);
	assert_null(getenv("TZ"));
}

/* The count is what one gets by stepping. */
static void count__against_stepping__same(void **state)
{
	static const char *const rows[] = {"Mon 08:00", "02:30", "0 */6 * * *", "last 02:00",
		"0 1 13 * 5", "*/30 2 * * *"};
	int64_t from = utc("2010-12-31 11:11"), until = utc("2012-03-25 00:30");

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_window w = window(rows[i]);
		size_t days = 0;
		int64_t at = from;

		while (nf_window_next(&w, STOCKHOLM, at, &at) == NF_OK && at <= until)
			days++;
		/* Two starts that fall into one gap are one instant, but two starts. */
		if (strcmp(rows[i], "*/30 2 * * *") == 0)
			days++;
		assert_int_equal(nf_window_count(&w, STOCKHOLM, from, until), days);
		assert_int_equal(nf_window_count(&w, STOCKHOLM, until, from), 0);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next__table__right_in_every_zone),
		cmocka_unit_test(last__table__at_or_before),
		cmocka_unit_test(next__never_happens__no_entry),
		cmocka_unit_test(end__table__lengths_across_dst),
		cmocka_unit_test(open__table__edges_and_midnight),
		cmocka_unit_test(parse__bad__says_what_was_expected),
		cmocka_unit_test(date__table__only_days_that_exist),
		cmocka_unit_test(zone__names__only_zones),
		cmocka_unit_test(zone__minute__on_its_clock),
		cmocka_unit_test(zone__used__is_restored),
		cmocka_unit_test(count__against_stepping__same),
	};

	return NF_RUN(tests, argc, argv);
}
