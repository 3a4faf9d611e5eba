// SPDX-License-Identifier: GPL-3.0-or-later
/* What stands against switching a network off: in words, and as it is kept. */
#include "tests/test.h"

#include "base/clock.h"
#include "checks/cutover/network.h"

#define HOUR  (INT64_C(3600) * NF_US_PER_S)
#define QUIET (INT64_C(24) * HOUR)

static void words__each_kind__a_line_for_people(void **state)
{
	(void)state;
	static const struct {
		struct nf_blocker blocker;
		const char *want;
	} rows[] = {
		{{.kind = NF_BLOCKER_DEVICE, .what = "pc", .about = "planned"},
			"pc has not moved"								   },
		{{.kind = NF_BLOCKER_DEVICE,
			 .what = "pc",
			 .about = "regressed",
			 .since_wall_us = 1},
			"pc came back to the old network at 1970-01-01 01:00"				     },
		{{.kind = NF_BLOCKER_UNLISTED,
			 .what = "52:54:00:00:00:01",
			 .about = "10.1.0.7",
			 .how = "a\033[1mb",
			 .place = "sw-1 Gi0/2",
			 .last_wall_us = 1},
			"52:54:00:00:00:01, 10.1.0.7, noted: \"a\\x1b[1mb\", at sw-1 Gi0/2: in no "
			"inventory, last heard 1970-01-01 01:00"					},
		{{.kind = NF_BLOCKER_UNLISTED,
			 .what = "52:54:00:00:00:01",
			 .about = "10.1.0.7",
			 .how = "probes 10.1.0.5",
			 .last_wall_us = 1},
			"52:54:00:00:00:01, 10.1.0.7, noted: \"probes 10.1.0.5\": in no inventory, last heard "
			"1970-01-01 01:00"							    },
		{{.kind = NF_BLOCKER_CALLER,
			 .what = "10.1.0.9",
			 .about = "10.1.0.5",
			 .whose = "srv",
			 .how = "tcp:445",
			 .last_wall_us = 1},
			"10.1.0.9 still calls srv at its old address 10.1.0.5 by tcp:445, last "
			"1970-01-01 01:00"							    },
		{{.kind = NF_BLOCKER_BACKUP,
			 .what = "nightly",
			 .about = "10.1.0.5",
			 .whose = "srv"},
			"backup job nightly still reads srv at its old address 10.1.0.5"			},
		{{.kind = NF_BLOCKER_QUIET, .about = "nobody"},
			"nobody listens on this network: its silence proves nothing"			    },
		{{.kind = NF_BLOCKER_QUIET,
			 .about = "",
			 .covered_us = 5 * HOUR,
			 .needed_us = QUIET,
			 .last_wall_us = 1},
			"only 5 h 0 min of the 1 d 0 h of silence were listened to, last at 1970-01-01 01:00"},
	};
	NF_ROWS(i, rows)
	{
		struct nf_blocker b = rows[i].blocker;
		struct nf_strbuf out = {0};
		const char **texts[] = {&b.what, &b.about, &b.whose, &b.place, &b.how};
		NF_ROWS(t, texts)
		*texts[t] = *texts[t] == NULL ? "" : *texts[t];
		nf_blocker_words(&b, "Europe/Stockholm", &out);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

static void decode__what_was_encoded__the_same(void **state)
{
	(void)state;
	struct nf_blocker items[] = {
		{NF_BLOCKER_UNLISTED, "52:54:00:00:00:01", "10.1.0.7", "",	   "sw-1 Gi0/2",
			"a\033\"<b>\xc3\xa5",							     5, 7, 0, 0,	  0, false},
		{NF_BLOCKER_QUIET,	   "",		       "",	   "",    "",	   "",    0, 0, 3, INT64_MAX, 9, false},
		{NF_BLOCKER_CALLER,   "gw",		  "10.1.0.5", "srv", "",		 "arp", 5, 7, 0, 0,	    0, true },
	};
	struct nf_blockers list = {.items = items, .len = 3}, got;
	struct nf_strbuf a = {0}, b = {0};
	struct nf_arena *arena = nf_arena_new();
	nf_blockers_encode(&list, &a);
	assert_int_equal(nf_blockers_decode(a.data, arena, &got), NF_OK);
	nf_blockers_encode(&got, &b);
	assert_string_equal(a.data, b.data);
	assert_string_equal(got.items[0].how, items[0].how);
	assert_true(got.items[1].needed_us == INT64_MAX);
	nf_blockers_free(&got);
	assert_int_equal(nf_blockers_decode("{}", arena, &got), NF_EFORMAT);
	assert_int_equal(nf_blockers_decode("[{\"kind\":\"x\"}]", arena, &got), NF_EFORMAT);
	assert_int_equal(nf_blockers_decode("[3]", arena, &got), NF_EFORMAT);
	nf_arena_free(arena);
	nf_strbuf_free(&a);
	nf_strbuf_free(&b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words__each_kind__a_line_for_people),
		cmocka_unit_test(decode__what_was_encoded__the_same),
	};
	return NF_RUN(tests, argc, argv);
}
