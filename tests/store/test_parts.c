// SPDX-License-Identifier: GPL-3.0-or-later
/* The pieces that netfold-series is made of. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/clock_guard.h"
#include "store/pending.h"
#include "store/series.h"
#include "store/update_text.h"

static const struct nf_shape gauge = {
	.step_s = 60, .heartbeat_s = 120, .ds = {{"g", NF_DS_GAUGE, NAN, NAN}}, .ds_len = 1};

static char *text_of(double value)
{
	struct nf_strbuf out = {0};
	struct nf_journal_record r = {.type = NF_JOURNAL_SAMPLE};
	const int8_t order[] = {0};
	r.sample.wall_s = 7;
	r.sample.known = 1;
	r.sample.bits[0] = nf_journal_bits(value);
	nf_update_text(&out, &r, &gauge, order, 1);
	return nf_strbuf_take(&out);
}

static void update_text__gauge__as_rrdupdate_takes_it(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *want;
	} rows[] = {
		{0,	    "7:0"		 },
		{1,	    "7:1"		 },
		{-1,	     "7:-1"		   },
		{0.001234,   "7:0.001234"	       },
		{-0.5,       "7:-0.500000"	    },
		{12.000001,  "7:12.000001"	 },
		{1234567890, "7:1234567890"	   },
		{1e15,       "7:1000000000000000"},
		{NAN,	      "7:U"		   },
		{INFINITY,   "7:U"		},
		{-INFINITY,  "7:U"		 },
	};
	NF_ROWS(i, rows)
	{
		char *got = text_of(rows[i].value);
		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void update_text__any_gauge__the_same_number_back(void **state)
{
	(void)state;
	unsigned int seed = 7;
	for (int i = 0; i < 100000; i++) {
		double scale = pow(10, rand_r(&seed) % 40 - 20);
		double value = (rand_r(&seed) - RAND_MAX / 2) * scale;
		if (i % 2)
			value = rint(value) / 1e6;
		char *got = text_of(value);
		if (strtod(got + 2, NULL) != value)
			fail_msg("%.17g became %s", value, got + 2);
		free(got);
	}
}

static void update_text__order_and_unknown__as_the_file_wants(void **state)
{
	(void)state;
	const struct nf_shape shape = {
		.ds = {{.name = "a", .kind = NF_DS_DERIVE}, {.name = "b", .kind = NF_DS_DERIVE},
			{.name = "c", .kind = NF_DS_GAUGE}},
		.ds_len = 3
	   };
	struct nf_journal_record r = {.type = NF_JOURNAL_SAMPLE};
	r.sample.wall_s = 1300000000;
	r.sample.known = 1 | 4;
	r.sample.bits[0] = UINT64_MAX;
	r.sample.bits[2] = nf_journal_bits(2.5);
	const int8_t order[] = {2, -1, 1, 0};
	struct nf_strbuf out = {0};
	nf_update_text(&out, &r, &shape, order, 4);
	assert_string_equal(out.data, "1300000000:2.500000:U:U:18446744073709551615");
	nf_strbuf_free(&out);
}

static void pending__queues__first_in_first_out_and_joined(void **state)
{
	(void)state;
	struct nf_pending p;
	struct nf_queue a = {0}, b = {0};
	nf_pending_init(&p);
	for (uint32_t i = 0; i < 100; i++) {
		nf_pending_push(&p, &a, 1, i);
		nf_pending_push(&p, &b, 2, i);
	}
	nf_pending_pop(&p, &a);
	nf_pending_append(&p, &b, &a);
	assert_int_equal(a.count, 0);
	assert_int_equal(b.count, 199);
	assert_int_equal(p.count, 199);
	for (uint32_t i = 0; i < 199; i++) {
		const struct nf_place *place = &p.places[b.head];
		assert_int_equal(place->file, i < 100 ? 2 : 1);
		assert_int_equal(place->offset, i < 100 ? i : i - 99);
		nf_pending_pop(&p, &b);
	}
	size_t places = p.len;
	for (uint32_t i = 0; i < 199; i++)
		nf_pending_push(&p, &a, 1, i);
	assert_int_equal(p.len, places); /* places are used again */
	nf_pending_free(&p);
}

static void clock_guard__jumps__held_only_ahead(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t wall_s, mono_s;
		int64_t newest_s;
		bool hold;
	} rows[] = {
		{"start",		  1000,		10,   1060, false},
		{"a second later",	   1001,		 11,   1061, false},
		{"asleep for an hour", 4601,	     3611, 4661, false},
		{"slewed",		   4640,		 3640, 4700, false},
		{"an hour ahead",	  8250,		3650, 4710, true },
		{"still",		  8300,		3700, 4760, true },
		{"corrected",	      4710,		    3710, 4770, false},
		{"ahead again",	8320,	      3720, 4780, true },
		{"and stays",	      9280,		    4680, 9340, false},
		{"back an hour",	 5690,	       4690, 5750, false},
		{"and right again",    9300,		  4700, 9360, false},
		{"ten years ahead",    9310 + 315360000, 4710, 9370, true },
		{"a little back",	  9320 + 315350000, 4720, 9380, true },
		{"right",		  9330,		4730, 9390, false},
	};
	struct nf_clock_guard guard = {0};
	NF_ROWS(i, rows)
	{
		struct nf_clock_limit limit = nf_clock_guard_limit(
			&guard, (struct nf_now){rows[i].wall_s * NF_US_PER_S,
					rows[i].mono_s * NF_US_PER_S});
		if (limit.hold != rows[i].hold || limit.newest_s != rows[i].newest_s)
			fail_msg("%s: %lld %d", rows[i].name, (long long)limit.newest_s,
				limit.hold);
	}
}

static void path__names__safe(void **state)
{
	(void)state;
	char *path = nf_series_path("/s", "../admin", "a/b", "interface Gi1/0/1");
	assert_string_equal(path, "/s/rrd/%2E.%2Fadmin/a%2Fb/interface%20Gi1%2F0%2F1.rrd");
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(update_text__gauge__as_rrdupdate_takes_it),
		cmocka_unit_test(update_text__any_gauge__the_same_number_back),
		cmocka_unit_test(update_text__order_and_unknown__as_the_file_wants),
		cmocka_unit_test(pending__queues__first_in_first_out_and_joined),
		cmocka_unit_test(clock_guard__jumps__held_only_ahead),
		cmocka_unit_test(path__names__safe),
	};
	return NF_RUN(tests, argc, argv);
}
