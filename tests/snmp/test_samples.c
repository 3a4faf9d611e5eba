// SPDX-License-Identifier: GPL-3.0-or-later
/* What becomes of counters: wraps, restarts, resets, other numbers and other names of rows. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/snmp/samples.h"
#include "tests/snmp/fakepart.h"

#define G    UINT64_C(4294967296)
#define MACS "\x02\x01\x01\x01\x01"

static void carry__from_one_poll_to_the_next__wraps_only_where_plausible(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t before, now;
		bool is_64;
		double max, elapsed;
		uint32_t wraps, want_wraps;
		uint64_t want;
	} rows[] = {
		{"goes on",			    100,	 200,  false, 1e6,  60, 0, 0, 200	       },
		{"goes on after a wrap",		 100,	      200,  false, 1e6,  60, 2, 2, 2 * G + 200},
		{"wraps",			  G - 1000,   2000, false, 1e6,  60, 0, 1, G + 2000	},
		{"wraps at the bound",	       G - 30,     30,   false, 1,    60, 0, 1, G + 30     },
		{"over the bound is a reset",      G - 30,     31,	  false, 1,    60, 0, 0, 31		},
		{"a reset far from the top",	     3000000000, 5,    false, 1e6,	60, 0, 0, 5	   },
		{"64 bits never wrap",	       UINT64_MAX, 5,    true,  1e30, 60, 0, 0, 5	     },
		{"64 bits that stop at 32",	    G - 1,	   5,    true,  1e9,	 60, 0, 0, 5	    },
		{"64 bits forget wraps",		 5,	    6,    true,  1e9,  60, 3, 0, 6	     },
		{"32 bits by type, more by value", 2 * G,	  5,    false, 1e9,	 60, 0, 0, 5	    },
		{"no time passed",		   G - 1,	  5,    false, 1e9,	 0,  0, 0, 5	   },
	};

	NF_ROWS(i, rows)
	{
		uint32_t wraps = rows[i].wraps;
		uint64_t got = nf_counter_carry(rows[i].before, rows[i].now, rows[i].is_64,
			rows[i].max, rows[i].elapsed, &wraps);

		if (got != rows[i].want || wraps != rows[i].want_wraps)
			fail_msg("%s: %llu, %u wraps", rows[i].name, (unsigned long long)got,
				wraps);
	}
}

static void restarted__up_time__its_own_wrap_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t before, now;
		int64_t elapsed_s;
		bool want;
	} rows[] = {
		{"goes on",			      10000,	   16000,	  60,    false},
		{"goes on, the clock is cheap",		10000,      15900,	      60,	  false},
		{"stands still",			 10000,	10000,	       60,	   false},
		{"always zero",				0,	   0,	      60,	  false},
		{"began again",				1000000,	 500,	      60,	  true },
		{"began again just now",		 1000000,	  0,	     60,	 true },
		{"began again, went past",		   1000,	 3000,	       60,	   true },
		{"asked after a night, restarted since", 100000,	 90000,		28800, true },
		{"wraps after 497 days",		 G - 3000,   3000,		 60,    false},
		{"wraps to the hundredth",		   G - 1,	  0,	     0,	false},
		{"wraps, asked late",		      G - 3000,	3000 + 360000, 3660,  false},
		{"just before its wrap it began again",	G - 360000, 300,		 60,    true },
		{"goes back a little",		       1000000,	999000,	60,    true },
	};

	NF_ROWS(i, rows)
	{
		if (nf_uptime_restarted(rows[i].before, rows[i].now,
			    rows[i].elapsed_s * NF_US_PER_S) != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

struct poll {
	struct fake_row rows[4];
	size_t len;
	bool restarted;
};

/* Polls a minute apart, and what the journal then holds. */
static const struct {
	const char *name;
	struct poll polls[3];
	const char *want;
} series_rows[] = {
	{"goes on",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{1, .name = "a", .octets = 9}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1060 9\n"			 },
	{"all 64 bits",					  {{{{1, .name = "a", .octets = UINT64_MAX}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 18446744073709551615\n"				},
	{"bound by its speed",				   {{{{1, .name = "a", .octets = 5, .mbit = 1000}}, 1, false}},
		"+interface a 1.375e+08\ninterface a 1000 5\n"					      },
	{"a slower link keeps the bound, a faster one lifts it",
		{{{{1, .name = "a", .octets = 5, .mbit = 1000}}, 1, false},
			{{{1, .name = "a", .octets = 6, .mbit = 100}}, 1, false},
			{{{1, .name = "a", .octets = 7, .mbit = 10000}}, 1, false}},
		"+interface a 1.375e+08\ninterface a 1000 5\ninterface a 1060 6\n"
		"+interface a 1.375e+09\ninterface a 1120 7\n"				      },
	{"32 bits wrap",
		{{{{1, .name = "a", .octets = G - 10, .is_32 = true}}, 1, false},
			{{{1, .name = "a", .octets = 20, .is_32 = true}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 4294967286\ninterface a 1060 4294967316\n"	   },
	{"restart, over what it was",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{1, .name = "a", .octets = 900}}, 1, true}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1059 U\ninterface a 1060 900\n"   },
	{"restart, 32 bits: no wrap",
		{{{{1, .name = "a", .octets = G - 10, .is_32 = true}}, 1, false},
			{{{1, .name = "a", .octets = 20, .is_32 = true}}, 1, true}},
		"+interface a 1.25e+10\ninterface a 1000 4294967286\ninterface a 1059 U\n"
		"interface a 1060 20\n"							    },
	{"discontinuity",
		{{{{1, .name = "a", .octets = 5, .cut = 7}}, 1, false},
			{{{1, .name = "a", .octets = 900, .cut = 8}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1059 U\ninterface a 1060 900\n"   },
	{"renumbered by a restart",
		{{{{1, .name = "a", .octets = 5}, {2, .name = "b", .octets = 50}}, 2, false},
			{{{1, .name = "b", .octets = 60}, {2, .name = "a", .octets = 6}}, 2,
				true}},
		"+interface a 1.25e+10\n+interface b 1.25e+10\ninterface a 1000 5\ninterface b 1000 50\n"
		"interface b 1059 U\ninterface b 1060 60\ninterface a 1059 U\ninterface a 1060 6\n"},
	{"another index without a restart",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{7, .name = "a", .octets = 900}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1059 U\ninterface a 1060 900\n"   },
	{"renamed",
		{{{{1, .name = "a", .mac = MACS "1", .octets = 5}}, 1, false},
			{{{1, .name = "b", .mac = MACS "1", .octets = 9}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\n+interface b 1.25e+10\n"
		"interface a -> interface b\ninterface b 1060 9\n"				  },
	{"another name and no identity",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{1, .name = "b", .octets = 9}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\n"
		"+interface b 1.25e+10\ninterface b 1059 U\ninterface b 1060 9\n"			 },
	{"another name after a restart",
		{{{{1, .name = "a", .mac = MACS "1", .octets = 5}}, 1, false},
			{{{1, .name = "b", .mac = MACS "1", .octets = 9}}, 1, true}},
		"+interface a 1.25e+10\ninterface a 1000 5\n"
		"+interface b 1.25e+10\ninterface b 1059 U\ninterface b 1060 9\n"			 },
	{"a new row",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{1, .name = "a", .octets = 6}, {2, .name = "b", .octets = 50}}, 2,
				false}},
		"+interface a 1.25e+10\ninterface a 1000 5\n+interface b 1.25e+10\n"
		"interface a 1060 6\ninterface b 1059 U\ninterface b 1060 50\n"		       },
	{"gone and back",
		{{{{1, .name = "a", .octets = 5}}, 1, false}, {{{0}}, 0, false},
			{{{1, .name = "a", .octets = 900}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1119 U\ninterface a 1120 900\n"   },
	{"64 bits go away",
		{{{{1, .name = "a", .octets = 5}}, 1, false},
			{{{1, .name = "a", .octets = 900, .is_32 = true}}, 1, false}},
		"+interface a 1.25e+10\ninterface a 1000 5\ninterface a 1059 U\ninterface a 1060 900\n"   },
};

static void take__polls_in_a_row__series_follow_the_interface(void **state)
{
	(void)state;

	NF_ROWS(i, series_rows)
	{
		struct nf_samples *memory = NULL;
		struct fake fake;

		fake_new(&fake);
		for (size_t p = 0; p < NF_LEN(series_rows[i].polls); p++) {
			const struct poll *poll = &series_rows[i].polls[p];
			int64_t second = 60 * (int64_t)p;
			struct nf_sampling how = {.journal = fake.journal,
				.network = "n",
				.device = "d",
				.step_s = 60,
				.mono_us = second * NF_US_PER_S,
				.restarted = poll->restarted};

			/* A tick each: definitions come before samples. */
			assert_int_equal(nf_journal_flush(fake.journal, NULL), NF_OK);
			nf_samples_take(&memory,
				fake_part(&fake, poll->rows, poll->len, 1000 + second), &how);
		}
		char *text = fake_journal(&fake);
		if (strcmp(text, series_rows[i].want) != 0)
			fail_msg("%s:\n%s", series_rows[i].name, text);
		free(text);
		nf_samples_free(memory);
		fake_free(&fake);
	}
}

static void name__same_names__told_apart_by_what_stays(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct fake_row rows[4];
		size_t len;
		const char *want[4];
	} rows[] = {
		{"plain",			  {{1, .name = "a"}, {2, .name = "b"}},				2, {"a", "b"}		     },
		{"falls back",	       {{1, .descr = "Port 1"}, {2, .octets = 1}},			   2, {"Port 1", "2"}		     },
		{"empty is no name",	     {{1, .name = "", .descr = "Port 1"}},				   1, {"Port 1"}			},
		{"blanks at the end",	      {{1, .name = "a  "}},						    1, {"a"}			    },
		{"by description",
			{{1, .name = "lo", .descr = "x"}, {2, .name = "lo", .descr = "y"}},				    2,
			{"lo x", "lo y"}														 },
		{"by index",		     {{1, .name = "lo", .descr = "x"}, {2, .name = "lo", .descr = "x"}},
			2,												 {"lo x #1", "lo x #2"}	 },
		{"one is already called so",
			{{1, .name = "lo", .descr = "x"}, {2, .name = "lo", .descr = "y"},
				{3, .name = "lo x"}},
			3,												 {"lo x #1", "lo y", "lo x #3"}},
		{"control characters",       {{1, .name = "a\r\n\x1b[31m"}},				       1,
			{"a\\x0d\\x0a\\x1b[31m"}													 },
	};
	struct fake fake;

	fake_new(&fake);
	NF_ROWS(i, rows)
	{
		const struct nf_part *part = fake_part(&fake, rows[i].rows, rows[i].len, 1000);

		assert_int_equal(part->records_len, rows[i].len);
		for (size_t r = 0; r < rows[i].len; r++) {
			if (strcmp(part->records[r].key, rows[i].want[r]) != 0)
				fail_msg("%s: %s", rows[i].name, part->records[r].key);
		}
	}
	fake_free(&fake);
}

static void name__64_kib__cut_and_still_told_apart(void **state)
{
	(void)state;
	char *first = nf_xmalloc(65536), *second = nf_xmalloc(65536);
	struct fake fake;

	fake_new(&fake);
	memset(first, 'x', 65535);
	first[65535] = '\0';
	strcpy(second, first);
	second[65534] = 'y';
	struct fake_row rows[] = {
		{1, .name = first },
		    {2, .name = second}
	       };
	const struct nf_part *part = fake_part(&fake, rows, 2, 1000);
	assert_true(strlen(part->records[0].key) < 2 * NF_KEY_MAX);
	assert_string_not_equal(part->records[0].key, part->records[1].key);
	fake_free(&fake);
	free(first);
	free(second);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carry__from_one_poll_to_the_next__wraps_only_where_plausible),
		cmocka_unit_test(restarted__up_time__its_own_wrap_is_none),
		cmocka_unit_test(take__polls_in_a_row__series_follow_the_interface),
		cmocka_unit_test(name__same_names__told_apart_by_what_stays),
		cmocka_unit_test(name__64_kib__cut_and_still_told_apart),
	};
	return NF_RUN(tests, argc, argv);
}
