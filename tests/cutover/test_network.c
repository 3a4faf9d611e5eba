// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/cutover/network.h"

#define HOUR	 (INT64_C(3600) * NF_US_PER_S)
#define NOW_HOUR INT64_C(400000)
#define NOW	 (NOW_HOUR * HOUR)
#define QUIET	 (INT64_C(24) * HOUR)
#define AGO(h)	 (NOW - (h)*HOUR)

/* Everything is well: 48 covered hours, one confirmed device. */
struct scene {
	struct nf_leaver leavers[3];
	struct nf_talker talkers[3];
	struct nf_call calls[3];
	struct nf_lease leases[2];
	struct nf_aim aims[2];
	struct nf_quiet *quiet;
	struct nf_network_facts facts;
};

/* One wire, and these hours of it; NULL: nobody listens. */
static void hear(struct scene *s, const char *wire, int64_t first_hour, int hours)
{
	static const char *const wires[] = {"wire:span"};
	nf_quiet_free(s->quiet);
	s->quiet = nf_quiet_new(wires, wire != NULL ? 1 : 0, NULL, 0);
	for (int i = 0; i < hours; i++) {
		const struct nf_coverage c = {.network = "a",
			.sensor = wires[0],
			.hour = first_hour + i,
			.minutes = NF_MINUTES_ALL,
			.frames = 100000};
		nf_quiet_add(s->quiet, &c);
	}
	nf_quiet_end(s->quiet);
	s->facts.quiet = s->quiet;
}

static void scene_free(struct scene *s)
{
	nf_quiet_free(s->quiet);
	free(s);
}

static struct scene *quiet_scene(void)
{
	struct scene *s = nf_xcalloc(1, sizeof *s);
	s->leavers[0] = (struct nf_leaver){
		.name = "srv", .stage = "confirmed", .settled = true, .has_begun = true};
	s->facts = (struct nf_network_facts){
		.leavers = s->leavers,
		.leavers_len = 1,
		.talkers = s->talkers,
		.calls = s->calls,
		.leases = s->leases,
		.aims = s->aims,
		.zone = "Europe/Stockholm",
		.quiet_us = QUIET,
		.now_wall_us = NOW,
	};
	hear(s, "span", NOW_HOUR - 48, 48);
	return s;
}

/* "kind what about whose; …" of all blockers; frees the scene. Caller frees the text. */
static char *found(struct scene *s)
{
	struct nf_blockers blockers;
	struct nf_strbuf text = {0};
	nf_blockers_find(&s->facts, &blockers);
	assert_int_equal(blockers.ready, blockers.len == 0);
	nf_strbuf_puts(&text, "");
	for (size_t i = 0; i < blockers.len; i++) {
		const struct nf_blocker *b = &blockers.items[i];
		nf_strbuf_printf(&text, "%s%s|%s|%s|%s", i > 0 ? " " : "",
			nf_blocker_kind_text(b->kind), b->what, b->about, b->whose);
	}
	nf_blockers_free(&blockers);
	scene_free(s);
	return nf_strbuf_take(&text);
}

static void want(struct scene *s, const char *wanted)
{
	char *got = found(s);
	assert_string_equal(got, wanted);
	free(got);
}

static void find__quiet_and_confirmed__ready(void **state)
{
	(void)state;
	want(quiet_scene(), "");
}

/* It stays where it is by decision: so does its job. */
static void find__all_that_is_of_an_exempt_one__blocks_nothing(void **state)
{
	(void)state;
	for (int exempt = 0; exempt < 2; exempt++) {
		struct scene *s = quiet_scene();
		s->leavers[1] = (struct nf_leaver){
			.name = "r", .stage = "exempt", .settled = true, .exempt = exempt == 1};
		s->facts.leavers_len = 2;
		s->talkers[0] = (struct nf_talker){.mac = "52:54:00:00:00:01",
			.address = "10.1.0.9",
			.place = "",
			.says = "",
			.owner = "r",
			.last_wall_us = AGO(1)};
		s->leases[0] = (struct nf_lease){
			"52:54:00:00:00:01", "10.1.0.9", "r", AGO(9), AGO(-9)};
		s->aims[0] = (struct nf_aim){"nightly", "r", "10.1.0.9"};
		s->facts.talkers_len = s->facts.leases_len = s->facts.aims_len = 1;
		want(s, exempt == 1
				? ""
				: "lease|52:54:00:00:00:01|10.1.0.9|r backup|nightly|10.1.0.9|r");
	}
}

static void find__device_not_settled__is_named(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	s->leavers[1] = (struct nf_leaver){.name = "pc", .stage = "dual"};
	s->leavers[2] = (struct nf_leaver){
		.name = "r", .stage = "exempt", .settled = true, .exempt = true};
	s->facts.leavers_len = 3;
	want(s, "device|pc|dual|");
}

static void find__talker__by_owner_and_time(void **state)
{
	(void)state;
	static const struct {
		const char *mac, *owner;
		bool own;
		int64_t last_h;
		const char *want;
	} rows[] = {
		{"52:54:00:00:00:01", NULL,  false, 3,  "unlisted|52:54:00:00:00:01|10.1.0.77|"},
		{"52:54:00:00:00:01", NULL,  false, 24, "unlisted|52:54:00:00:00:01|10.1.0.77|"},
		{"52:54:00:00:00:01", NULL,  false, 25, ""					 },
		{"52:54:00:00:00:01", NULL,  true,  3,  ""				       },
		{"52:54:00:00:00:01", "srv", false, 3,  ""					 },
		{"52:54:00:00:00:01", "mon", false, 3,  "visitor|mon|10.1.0.77|"	       },
		{"00:00:5e:00:01:07", NULL,  false, 3,  ""					},
		{"00:00:0c:07:ac:01", NULL,  false, 3,  ""					},
		{"00:00:0c:9f:f0:01", NULL,  false, 3,  ""					},
		{"00:00:0c:9f:e0:01", NULL,  false, 3,  "unlisted|00:00:0c:9f:e0:01|10.1.0.77|"},
		{"00:07:b4:00:03:02", NULL,  false, 3,  ""					},
		{"00:07:b4:12:03:02", NULL,  false, 3,  "unlisted|00:07:b4:12:03:02|10.1.0.77|"},
		{"00:05:73:a0:0f:ff", NULL,  false, 3,  ""					},
		{"00:05:73:a0:10:00", NULL,  false, 3,  "unlisted|00:05:73:a0:10:00|10.1.0.77|"},
		{"33:33:00:00:00:01", NULL,  false, 3,  ""					},
		{"",		     NULL,  false, 3,  "unlisted|10.1.0.77||"		   },
	};
	NF_ROWS(i, rows)
	{
		struct scene *s = quiet_scene();
		s->talkers[0] = (struct nf_talker){.mac = rows[i].mac,
			.address = "10.1.0.77",
			.place = "",
			.says = "",
			.first_wall_us = AGO(40),
			.last_wall_us = AGO(rows[i].last_h),
			.owner = rows[i].owner,
			.is_own = rows[i].own};
		s->facts.talkers_len = 1;
		want(s, rows[i].want);
	}
}

static void find__visitor_that_is_exempt__blocks_nothing(void **state)
{
	(void)state;
	for (int exempt = 0; exempt < 2; exempt++) {
		struct scene *s = quiet_scene();
		s->talkers[0] = (struct nf_talker){.mac = "52:54:00:00:00:01",
			.address = "10.1.0.1",
			.place = "",
			.says = "",
			.last_wall_us = AGO(3),
			.owner = "core",
			.exempt = exempt == 1};
		s->facts.talkers_len = 1;
		want(s, exempt == 1 ? "" : "visitor|core|10.1.0.1|");
	}
}

static void find__talker_and_the_sensor_stopped__never_over(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	/* It fell silent 40 days ago; of those only 20 hours were listened to. */
	s->talkers[0] = (struct nf_talker){.mac = "52:54:00:00:00:01",
		.address = "",
		.place = "",
		.says = "",
		.last_wall_us = AGO(960)};
	s->facts.talkers_len = 1;
	hear(s, "span", NOW_HOUR - 48, 20);
	want(s, "quiet||| unlisted|52:54:00:00:00:01||");
}

static void find__nobody_listens__said(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	hear(s, NULL, 0, 0);
	want(s, "quiet||nobody|");
}

static void find__hours_of_the_future__are_no_coverage(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	hear(s, "span", NOW_HOUR + 1000, 48);
	want(s, "quiet|||");
}

/* A wire that still runs, and a mirror of which nothing shows that it mirrors others. */
static void find__nobody_else_is_heard__said(void **state)
{
	static const char *const wires[] = {"wire:span"};
	struct scene *s = quiet_scene();
	struct nf_blockers b;
	struct nf_strbuf words = {0};

	(void)state;
	nf_quiet_free(s->quiet);
	s->quiet = nf_quiet_new(wires, 1, NULL, 0);
	for (int i = 0; i < 48; i++)
		nf_quiet_add(s->quiet,
			&(struct nf_coverage){"a", wires[0], NOW_HOUR - 48 + i, NF_MINUTES_ALL,
				.canaries_sent = 12, .canaries_seen = 12});
	nf_quiet_end(s->quiet);
	s->facts.quiet = s->quiet;
	nf_blockers_find(&s->facts, &b);
	assert_int_equal(b.len, 1);
	assert_string_equal(b.items[0].about, "unheard");
	assert_int_equal(b.items[0].earliest_wall_us, 0);
	nf_blocker_words(&b.items[0], "UTC", &words);
	assert_non_null(strstr(words.data, "nobody else is heard on this network"));
	nf_strbuf_free(&words);
	nf_blockers_free(&b);
	scene_free(s);
}

static void find__nobody_listens_any_more__said(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	struct nf_blockers b;
	struct nf_strbuf words = {0};
	hear(s, "span", NOW_HOUR - 100, 50);
	nf_blockers_find(&s->facts, &b);
	assert_int_equal(b.len, 1);
	nf_blocker_words(&b.items[0], "UTC", &words);
	assert_non_null(strstr(words.data, "nobody listens any more, since"));
	nf_strbuf_free(&words);
	nf_blockers_free(&b);
	scene_free(s);
}

/* NOW is 2015-08-19 18:00 there. */
static void find__month_end__must_be_listened_through(void **state)
{
	(void)state;
	static const struct {
		int64_t last_h;
		int hours;
		const char *want;
	} rows[] = {
		{0,   700, ""			    },
		{0,   200, "month-end|||"		       },
 /* Who talked on that last day is not over, whatever the quiet time says. */
		{600, 700, ""			     },
		{460, 700, "unlisted|52:54:00:00:00:01||"},
	};
	NF_ROWS(i, rows)
	{
		struct scene *s = quiet_scene();
		s->facts.month_end = true;
		hear(s, "span", NOW_HOUR - rows[i].hours, rows[i].hours);
		s->talkers[0] = (struct nf_talker){.mac = "52:54:00:00:00:01",
			.address = "",
			.place = "",
			.says = "",
			.last_wall_us = AGO(rows[i].last_h)};
		s->facts.talkers_len = rows[i].last_h > 0;
		want(s, rows[i].want);
	}
}

static void find__callers__of_what_began_to_move(void **state)
{
	(void)state;
	static const struct {
		const char *from_owner, *to_owner, *to_stage, *how;
		bool to_begun, to_exempt, from_router, own;
		int64_t last_h;
		const char *want; /* who */
	} rows[] = {
		{NULL, "srv", "confirmed", "tcp:445", true,  false, false, false, 2,  "10.1.0.9" },
		{NULL, "srv", "confirmed", "arp",	  true,	false, false, false, 30, ""	   },
		{NULL, "srv", "confirmed", "arp",	  true,	false, false, true,  2,  ""	 },
		{"pc", "srv", "confirmed", "arp",	  true,	false, false, false, 2,	"pc"	    },
		{NULL, "srv", "planned",	 "arp",	false, false, false, false, 2,  ""	 },
		{NULL, "srv", "exempt",	"arp",     true,  true,  false, false, 2,  ""	      },
		{NULL, NULL,  "",		 "arp",	false, false, false, false, 2,  "10.1.0.9" },
		{"pc", "srv", "confirmed", "arp",	  true,	false, true,  false, 2,  "behind pc"},
		{"pc", "srv", "confirmed", "ndp",	  true,	false, true,  false, 2,  "behind pc"},
		{"pc", "srv", "confirmed", "tcp:80",  true,  false, true,	false, 2,  "pc"	      },
	};
	NF_ROWS(i, rows)
	{
		struct scene *s = quiet_scene();
		s->leavers[0].stage = rows[i].to_stage;
		s->leavers[0].settled = true;
		s->leavers[0].has_begun = rows[i].to_begun;
		s->leavers[0].exempt = rows[i].to_exempt;
		s->leavers[1] =
			(struct nf_leaver){.name = "pc", .stage = "confirmed", .settled = true};
		s->facts.leavers_len = 2;
		s->calls[0] = (struct nf_call){.from_mac = "52:54:00:00:00:09",
			.from_address = "10.1.0.9",
			.from_owner = rows[i].from_owner,
			.from_router = rows[i].from_router,
			.to_address = "10.1.0.5",
			.to_owner = rows[i].to_owner,
			.how = rows[i].how,
			.last_wall_us = AGO(rows[i].last_h),
			.is_own = rows[i].own};
		s->facts.calls_len = 1;
		struct nf_blockers got;
		char who[40] = "";
		nf_blockers_find(&s->facts, &got);
		for (size_t k = 0; k < got.len; k++)
			if (got.items[k].kind == NF_BLOCKER_CALLER)
				snprintf(who, sizeof who, "%s%s",
					got.items[k].is_behind ? "behind " : "",
					got.items[k].what);
		assert_string_equal(who, rows[i].want);
		nf_blockers_free(&got);
		scene_free(s);
	}
}

static void find__router_looks__unless_the_packets_were_heard(void **state)
{
	(void)state;
	static const struct {
		const char *to;
		int64_t first_h, last_h;
		const char *want;
	} rows[] = {
		{"10.1.0.5", 9,	1,  "caller|10.9.0.4|10.1.0.5|srv"			 },
		{"10.1.0.5", 2,	2,  "caller|10.9.0.4|10.1.0.5|srv"			 },
		{"10.1.0.5", 9,	6,  "caller|gw|10.1.0.5|srv caller|10.9.0.4|10.1.0.5|srv"},
		{"10.1.0.6", 9,	1,  "caller|gw|10.1.0.5|srv caller|10.9.0.4|10.1.0.6|srv"},
 /* Who fell silent explains nothing of today. */
		{"10.1.0.5", 90, 60, "caller|gw|10.1.0.5|srv"			     },
	};
	NF_ROWS(i, rows)
	{
		struct scene *s = quiet_scene();
		s->calls[0] = (struct nf_call){.from_mac = "52:54:00:00:00:fe",
			.from_address = "10.1.0.1",
			.from_owner = "gw",
			.from_router = true,
			.to_address = "10.1.0.5",
			.to_owner = "srv",
			.how = "arp",
			.first_wall_us = AGO(40),
			.last_wall_us = AGO(2)};
		s->calls[1] = (struct nf_call){.from_mac = "",
			.from_address = "10.9.0.4",
			.to_address = rows[i].to,
			.to_owner = "srv",
			.how = "tcp:445",
			.first_wall_us = AGO(rows[i].first_h),
			.last_wall_us = AGO(rows[i].last_h)};
		s->facts.calls_len = 2;
		want(s, rows[i].want);
	}
}

static void find__unlisted_talkers__as_whoever_follows_the_cables_walks(void **state)
{
	static const char *const places[] = {"sw-1 port10", "sw-1 port2", ""};
	static const char *const macs[] = {
		"52:54:00:00:00:01", "52:54:00:00:00:02", "52:54:00:00:00:03"};
	struct scene *s = quiet_scene();

	(void)state;
	for (size_t i = 0; i < 3; i++)
		s->talkers[i] = (struct nf_talker){.mac = macs[i],
			.address = "",
			.place = places[i],
			.says = "",
			.first_wall_us = AGO(3),
			.last_wall_us = AGO(3)};
	s->facts.talkers_len = 3;
	want(s, "unlisted|52:54:00:00:00:03|| unlisted|52:54:00:00:00:02|| "
		"unlisted|52:54:00:00:00:01||");
}

static void find__call_to_an_unlisted_talker__said_once(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	s->talkers[0] = (struct nf_talker){.mac = "52:54:00:00:00:01",
		.address = "10.1.0.77",
		.place = "",
		.says = "",
		.last_wall_us = AGO(2)};
	s->calls[0] = (struct nf_call){.from_mac = "",
		.from_address = "10.1.0.9",
		.to_address = "10.1.0.77",
		.how = "arp",
		.last_wall_us = AGO(2)};
	s->facts.talkers_len = s->facts.calls_len = 1;
	want(s, "unlisted|52:54:00:00:00:01|10.1.0.77|");
}

static void find__lease_and_backup__named(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	s->leases[0] =
		(struct nf_lease){"52:54:00:00:00:01", "10.1.0.77", NULL, AGO(5), NOW + HOUR};
	s->leases[1] = (struct nf_lease){"52:54:00:00:00:02", "10.1.0.78", NULL, AGO(5), NOW};
	s->facts.leases_len = 2;
	s->aims[0] = (struct nf_aim){"nightly", "srv", "10.1.0.5"};
	s->facts.aims_len = 1;
	want(s, "lease|52:54:00:00:00:01|10.1.0.77| backup|nightly|10.1.0.5|srv");
}

static void find__scope__counts_who_nobody_knew(void **state)
{
	(void)state;
	struct scene *s = quiet_scene();
	struct nf_blockers b;
	s->leavers[1] = (struct nf_leaver){.name = "pc", .stage = "planned"};
	s->leavers[2] = (struct nf_leaver){
		.name = "r", .stage = "exempt", .settled = true, .exempt = true};
	s->facts.leavers_len = 3;
	for (int i = 0; i < 3; i++)
		s->talkers[i] = (struct nf_talker){
			.mac = (const char *[]){"52:54:00:00:00:01", "52:54:00:00:00:02",
						"01:00:5e:00:00:01"}
			    [i],
			.address = "",
			.place = "",
			.says = "",
			.last_wall_us = AGO(i == 0 ? 40 : 2)
		    };
	s->facts.talkers_len = 3;
	nf_blockers_find(&s->facts, &b);
	assert_int_equal(b.listed, 2);
	assert_int_equal(b.settled, 1);
	assert_int_equal(b.unlisted, 2);
	assert_int_equal(b.unlisted_quiet, 1);
	assert_int_equal(b.covered_us, 2 * QUIET);
	assert_int_equal(b.quiet_since_wall_us, AGO(24));
	nf_blockers_free(&b);
	scene_free(s);
}

/* As large as it gets; what is looked for by walking through all of it would take minutes. */
static void find__a_flood__is_bounded(void **state)
{
	(void)state;
	enum { DEVICES = 10000, TALKERS = 100000, CALLS = 100000 };
	struct scene *s = quiet_scene();
	struct nf_blockers b;
	struct nf_arena *arena = nf_arena_new();
	struct nf_leaver *leavers = nf_xcalloc(DEVICES, sizeof *leavers);
	struct nf_talker *talkers = nf_xcalloc(TALKERS, sizeof *talkers);
	struct nf_call *calls = nf_xcalloc(CALLS, sizeof *calls);
	for (unsigned i = 0; i < DEVICES; i++)
		leavers[i] = (struct nf_leaver){.name = nf_arena_printf(arena, "d%u", i),
			.stage = "moved",
			.has_begun = true};
	for (unsigned i = 0; i < TALKERS; i++)
		talkers[i] = (struct nf_talker){
			.mac = nf_arena_printf(arena, "52:54:00:%02x:%02x:%02x", i >> 16,
				i >> 8 & 255, i & 255),
			.address = nf_arena_printf(arena, "10.1.%u.%u", i >> 8 & 255, i & 255),
			.place = "",
			.says = "",
			.last_wall_us = AGO(1)};
	for (unsigned i = 0; i < CALLS; i++)
		calls[i] = (struct nf_call){.from_mac = "",
			.from_address = "10.1.0.9",
			.to_address =
				nf_arena_printf(arena, "10.2.%u.%u", i >> 8 & 255, i & 255),
			.to_owner = i % 2 == 0 ? leavers[i / 10].name : NULL,
			.how = "arp",
			.last_wall_us = AGO(1)};
	s->facts.leavers = leavers;
	s->facts.leavers_len = DEVICES;
	s->facts.talkers = talkers;
	s->facts.talkers_len = TALKERS;
	s->facts.calls = calls;
	s->facts.calls_len = CALLS;
	nf_blockers_find(&s->facts, &b);
	assert_int_equal(b.len, DEVICES + TALKERS + CALLS);
	struct nf_strbuf json = {0};
	struct nf_blockers kept;
	nf_blockers_encode(&b, &json);
	assert_int_equal(nf_blockers_decode(json.data, arena, &kept), NF_OK);
	assert_int_equal(kept.len, NF_BLOCKERS_KEPT + 1);
	assert_string_equal(kept.items[NF_BLOCKERS_KEPT].what, "190000 more");
	nf_blockers_free(&kept);
	nf_strbuf_free(&json);
	nf_blockers_free(&b);
	free(leavers);
	free(talkers);
	free(calls);
	nf_arena_free(arena);
	scene_free(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find__quiet_and_confirmed__ready),
		cmocka_unit_test(find__all_that_is_of_an_exempt_one__blocks_nothing),
		cmocka_unit_test(find__device_not_settled__is_named),
		cmocka_unit_test(find__talker__by_owner_and_time),
		cmocka_unit_test(find__visitor_that_is_exempt__blocks_nothing),
		cmocka_unit_test(find__talker_and_the_sensor_stopped__never_over),
		cmocka_unit_test(find__nobody_listens__said),
		cmocka_unit_test(find__hours_of_the_future__are_no_coverage),
		cmocka_unit_test(find__nobody_else_is_heard__said),
		cmocka_unit_test(find__nobody_listens_any_more__said),
		cmocka_unit_test(find__month_end__must_be_listened_through),
		cmocka_unit_test(find__callers__of_what_began_to_move),
		cmocka_unit_test(find__router_looks__unless_the_packets_were_heard),
		cmocka_unit_test(find__unlisted_talkers__as_whoever_follows_the_cables_walks),
		cmocka_unit_test(find__call_to_an_unlisted_talker__said_once),
		cmocka_unit_test(find__lease_and_backup__named),
		cmocka_unit_test(find__scope__counts_who_nobody_knew),
		cmocka_unit_test(find__a_flood__is_bounded),
	};
	return NF_RUN(tests, argc, argv);
}
