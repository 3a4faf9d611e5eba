// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/at.h"
#include "cli/child.h"
#include "cli/doctor.h"
#include "cli/identify.h"
#include "cli/since.h"
#include "cli/sweep.h"

#define S NF_US_PER_S

static void delay__program_ends__grows_and_is_forgiven(void **state)
{
	(void)state;
	static const struct {
		int64_t last_s, lived_s, want_s;
	} rows[] = {
		{0,  0,  1 },
		{1,  0,  2 },
		{2,  59, 4 },
		{32, 1,	60},
		{60, 1,	60},
		{60, 60, 1 },
	};
	NF_ROWS(i, rows)
	assert_int_equal(
		nf_child_delay(rows[i].last_s * S, rows[i].lived_s * S), rows[i].want_s * S);
}

static void since__text__instant(void **state)
{
	(void)state;
	const int64_t now = INT64_C(1800000000) * S;
	static const struct {
		const char *text;
		int64_t want_s; /* -1: refused */
	} rows[] = {
		{"2h",		       1800000000 - 7200	},
		{"3d",		       1800000000 - 259200},
		{"0s",		       1800000000	 },
		{"2011-02-03",	       1296687600	 },
		{"2011-02-03T04:05",    1296702300	       },
		{"2011-02-03 04:05:06", 1296702306	  },
		{"2011-02-03T04:05x",   -1			},
		{"2011",		 -1		   },
		{"yesterday",	      -1			},
		{"-2h",			-1		  },
		{"",		     -1		       },
	};
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	NF_ROWS(i, rows)
	{
		int64_t got = -S;
		nf_since_parse(rows[i].text, now, &got);
		if (got != rows[i].want_s * S)
			fail_msg("%s: %lld", rows[i].text, (long long)(got / S));
	}
}

static void millis__instant__between_seconds_and_offset(void **state)
{
	(void)state;
	char text[NF_MILLIS_MAX];
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	assert_string_equal(nf_iso8601_millis(INT64_C(1296702306789123), text),
		"2011-02-03T04:05:06.789+01:00");
	assert_string_equal(nf_iso8601_millis(INT64_C(1309478400000000), text),
		"2011-07-01T02:00:00.000+02:00");
}

static void at__instant__as_people_write_it(void **state)
{
	(void)state;
	char text[NF_AT_MAX];
	const int64_t at_us = INT64_C(1296702306) * S;
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	assert_string_equal(nf_at_minute(at_us, text), "2011-02-03 04:05");
	assert_string_equal(text + NF_AT_CLOCK, "04:05");
	assert_string_equal(nf_at_second(at_us, text), "2011-02-03 04:05:06");
	assert_string_equal(nf_at_minute(0, text), "never");
	assert_string_equal(nf_at_second(0, text), "never");
	assert_string_equal(
		nf_at_of_iso8601("2011-02-03T04:05:06+01:00", text), "2011-02-03 04:05:06");
	assert_string_equal(nf_at_of_iso8601("2011-02-03", text), "2011-02-03");
	assert_string_equal(nf_at_of_iso8601("", text), "");
}

static void buffer__devices__between_the_default_and_eight_mib(void **state)
{
	(void)state;
	assert_int_equal(nf_doctor_buffer_wanted(0), 212992);
	assert_int_equal(nf_doctor_buffer_wanted(1000), 2304000);
	assert_int_equal(nf_doctor_buffer_wanted(100000), 8 * 1024 * 1024);
}

static void disk__room__state(void **state)
{
	(void)state;
	const uint64_t g = UINT64_C(1) << 30;
	assert_int_equal(nf_doctor_judge_disk(10 * g, 100 * g), NF_STATE_OK);
	assert_int_equal(nf_doctor_judge_disk(4 * g, 100 * g), NF_STATE_WARNING);
	assert_int_equal(nf_doctor_judge_disk(g / 2, 5 * g), NF_STATE_WARNING);
	assert_int_equal(nf_doctor_judge_disk(g / 2, 100 * g), NF_STATE_CRITICAL);
	assert_int_equal(nf_doctor_judge_disk(0, g), NF_STATE_CRITICAL);
}

static void sweep__prefixes__every_host_once(void **state)
{
	(void)state;
	static const struct {
		const char *prefix, *first, *last;
		uint64_t count;
	} rows[] = {
		{"10.1.0.0/24",	"10.1.0.1",   "10.1.0.254", 254	     },
		{"10.1.0.0/22",	"10.1.0.1",   "10.1.3.254", 1022	      },
		{"10.1.0.8/30",	"10.1.0.9",   "10.1.0.10",	 2		  },
		{"10.1.0.8/31",	"10.1.0.8",   "10.1.0.9",	2		 },
		{"10.1.0.8/32",	"10.1.0.8",   "10.1.0.8",	1		 },
		{"fd00::ff00/120", "fd00::ff00", "fd00::ffff", 256		  },
		{"fd00::/64",      "",		  "",	      NF_SWEEP_MAX + 1},
		{"10.0.0.0/8",     "",	   "",	       NF_SWEEP_MAX + 1},
	};
	NF_ROWS(i, rows)
	{
		struct nf_prefix p;
		assert_int_equal(nf_prefix_parse(rows[i].prefix, &p), NF_OK);
		assert_int_equal(nf_sweep_count(&p, 1), rows[i].count);
		if (rows[i].count > NF_SWEEP_MAX)
			continue;
		struct nf_sweep sweep = {.prefixes = &p, .len = 1};
		struct nf_addr address;
		char text[NF_ADDR_TEXT_MAX] = "";
		uint64_t n = 0;
		while (nf_sweep_next(&sweep, &address)) {
			assert_true(nf_prefix_contains(&p, &address));
			nf_addr_format(&address, text);
			if (n++ == 0)
				assert_string_equal(text, rows[i].first);
		}
		assert_int_equal(n, rows[i].count);
		assert_string_equal(text, rows[i].last);
	}
}

static void identify__strangers__told_no_other_network_s_way(void **state)
{
	(void)state;
	struct nf_network networks[3] = {{.id = "a"}, {.id = "b"}, {.id = "empty"}};
	struct nf_snmp snmp[] = {
		{.id = "unused"}, {.id = "of-b"}, {.id = "of-a"}, {.id = "of-both"}};
	struct nf_device devices[] = {
		{.legs[0].network = &networks[1], .snmp = &snmp[1]},
		{.legs[0].network = &networks[0],				  .snmp = &snmp[2]},
 /* on its way from a to b: b's strangers are not told of it */
		{.legs[0].network = &networks[0],
			.legs[1].network = &networks[1],
			.legs_len = 2,
			.snmp = &snmp[2]},
		{.legs[0].network = &networks[0], .snmp = &snmp[3]},
		{.legs[0].network = &networks[1],			  .snmp = &snmp[3]},
		{.legs[0].network = &networks[1]				},
	};
	struct nf_site site = {
		.snmp = {snmp,    4},
		   .devices = {devices, 6}
	  };
	static const char *const want[] = {
		"of-a of-both unused ", "of-b of-both unused ", "unused "};
	NF_ROWS(i, want)
	{
		char got[64] = "";
		struct nf_identify_ways ways = nf_identify_ways(&site, &networks[i]);
		for (size_t k = 0; k < ways.len; k++)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s ",
				ways.items[k]->id);
		assert_string_equal(got, want[i]);
		free(ways.items);
	}
}

static void identify__what_it_says__kind(void **state)
{
	(void)state;
	static const struct {
		int64_t services;
		bool forwards, prints, is_ups;
		enum nf_kind want;
	} rows[] = {
		{72, false, false, false, NF_KIND_SERVER },
		{78, true,  false, false, NF_KIND_SWITCH },
		{2,  false, false, false, NF_KIND_SWITCH },
		{4,  true,  false, false, NF_KIND_ROUTER },
		{72, true,  false, false, NF_KIND_ROUTER },
		{72, false, true,  false, NF_KIND_PRINTER},
		{72, false, false, true,	 NF_KIND_UPS    },
		{-1, false, false, false, NF_KIND_OTHER  },
	};
	NF_ROWS(i, rows)
	assert_int_equal(nf_identify_kind(rows[i].services, rows[i].forwards, rows[i].prints,
				 rows[i].is_ups),
		rows[i].want);
}

static void identify__hostile_name__is_fit_for_a_file(void **state)
{
	(void)state;
	static const struct {
		const char *said, *want;
	} rows[] = {
		{"sw-1",		 "sw-1"  },
		{"sw-1.example.se", "sw-1"  },
		{"\"><script>",	"script"},
		{"a,b\r\nc",	     "abc"	  },
		{"\xff\x1b[31m",	 "31m"   },
		{".",		      ""	},
		{"-\xc3\xa4-1",	"1"	   },
	};
	char name[16];
	NF_ROWS(i, rows)
	{
		nf_identify_name(
			(const uint8_t *)rows[i].said, strlen(rows[i].said), name, sizeof name);
		assert_string_equal(name, rows[i].want);
	}
	nf_identify_name((const uint8_t *)"abcdefghijklmnopqrstuvwxyz", 26, name, sizeof name);
	assert_string_equal(name, "abcdefghijklmno");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delay__program_ends__grows_and_is_forgiven),
		cmocka_unit_test(since__text__instant),
		cmocka_unit_test(millis__instant__between_seconds_and_offset),
		cmocka_unit_test(at__instant__as_people_write_it),
		cmocka_unit_test(buffer__devices__between_the_default_and_eight_mib),
		cmocka_unit_test(disk__room__state),
		cmocka_unit_test(sweep__prefixes__every_host_once),
		cmocka_unit_test(identify__strangers__told_no_other_network_s_way),
		cmocka_unit_test(identify__what_it_says__kind),
		cmocka_unit_test(identify__hostile_name__is_fit_for_a_file),
	};
	return NF_RUN(tests, argc, argv);
}
