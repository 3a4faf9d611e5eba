// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "checks/cutover/duplicates.h"
#include "checks/cutover/stage.h"
#include "store/cutover.h"
#include "tests/cutover/rig.h"

static void ok_ping(struct rig *r, int64_t at)
{
	const struct nf_check_row row = {.network = "a",
		.device = "pc",
		.check = "ping",
		.program = "netfold-ping",
		.state = NF_STATE_OK,
		.output = "",
		.cause = "",
		.interval_us = 30 * S,
		.looked_wall_us = T0 + at};

	assert_int_equal(nf_store_check_put(r->store, &row), NF_OK);
}

/* The device is on the old switch for an hour, then on the new one for three. */
static void whole_move(struct rig *r)
{
	for (int64_t at = 0; at <= 4 * H; at += 5 * 60 * S) {
		rig_table(r, "sw-1", at, at <= H ? SEEN_PC : SEEN_NOT);
		rig_table(r, "sw-9", at, at > H ? SEEN_PC : SEEN_NOT);
		if (at == H || at == H + 5 * 60 * S)
			rig_pass(r, at + 30 * S);
		ok_ping(r, at);
		rig_pass(r, at + 60 * S);
		if (at == H)
			assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
		if (at == 2 * H)
			assert_string_equal(rig_stage_of(r, "pc").stage, "moved");
	}
}

static void count_events(const struct nf_event *e, void *arg)
{
	if (strcmp(e->kind, "stage") == 0 && strcmp(e->device, "pc") == 0)
		++*(int *)arg;
}

static void move__by_two_switches__to_released(void **state)
{
	const struct nf_event_filter any = {0};
	struct rig *r = *state;
	int events = 0;

	whole_move(r);
	struct found f = rig_stage_of(r, "pc");
	assert_string_equal(f.stage, "released");
	assert_non_null(strstr(f.json, "\"changed\":\"2011-01-26T01:05:00+00:00\""));
	assert_non_null(strstr(f.json, "\"place\":\"sw-9 Gi0/1\""));
	assert_non_null(strstr(f.json, "\"place\":\"sw-1 Gi0/1\""));
	json_t *json = json_loads(f.json, 0, NULL);
	assert_true(json_array_size(json_object_get(json, "for")) >= 3);
	assert_true(json_array_size(json_object_get(json, "against")) >= 1);
	json_decref(json);
	assert_int_equal(nf_store_events(r->store, &any, count_events, &events), NF_OK);
	assert_int_equal(events, 2); /* moved, released; the first stage is no change */
}

static void evidence__newer__kept_with_the_next_pass(void **state)
{
	struct rig *r = *state;

	rig_table(r, "sw-1", 0, SEEN_PC);
	rig_pass(r, 60 * S);
	assert_non_null(strstr(rig_stage_of(r, "pc").json, "2011-01-26T00:00:00"));
	rig_table(r, "sw-1", 5 * 60 * S, SEEN_PC);
	rig_pass(r, 6 * 60 * S);
	assert_non_null(strstr(rig_stage_of(r, "pc").json, "2011-01-26T00:05:00"));
}

/* Its checks were ok, and then nobody asked any more. */
static void checks__that_nobody_asks__are_not_ok(void **state)
{
	struct rig *r = *state;

	whole_move(r);
	rig_pass(r, 4 * H + 50 * 60 * S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "released");
	rig_pass(r, 5 * H + 60 * S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "moved");
}

static void stored__computed_anew__the_same(void **state)
{
	struct rig *r = *state;

	whole_move(r);
	struct found before = rig_stage_of(r, "pc");
	assert_int_equal(nf_stage_drop(r->store, "pc"), NF_OK);
	nf_recompute_free(r->recompute);
	r->recompute = nf_recompute_new(r->store);
	rig_pass(r, 4 * H + 60 * S);
	struct found after = rig_stage_of(r, "pc");
	assert_string_equal(after.stage, before.stage);
}

/* Wherever it goes, and whenever passes come: what is stored is what the ledger gives. */
static void stored__any_walk__computed_anew_the_same(void **state)
{
	size_t met[NF_STAGES] = {0};
	enum nf_stage stage;

	for (unsigned seed = 0; seed < 30; seed++) {
		assert_int_equal(rig_make(state), 0);
		struct rig *r = *state;
		bool on_old = true, on_new = false;

		srandom(seed);
		for (int64_t at = 0; at <= 6 * H; at += 300 * S) {
			if (random() % 12 == 0)
				on_old = !on_old && seed % 2;
			if (random() % 8 == 0)
				on_new = !on_new || !on_old;
			if (random() % 20)
				rig_table(r, "sw-1", at, on_old ? SEEN_PC : SEEN_NOT);
			if (random() % 20)
				rig_table(r, "sw-9", at, on_new ? SEEN_PC : SEEN_NOT);
			ok_ping(r, at);
			if (random() % 3)
				rig_pass(r, at + 30 * S);
		}
		rig_pass(r, 6 * H + 60 * S);
		struct found before = rig_stage_of(r, "pc");
		assert_int_equal(nf_stage_drop(r->store, "pc"), NF_OK);
		nf_recompute_free(r->recompute);
		r->recompute = nf_recompute_new(r->store);
		rig_pass(r, 6 * H + 60 * S);
		assert_string_equal(rig_stage_of(r, "pc").stage, before.stage);
		assert_true(nf_stage_parse(before.stage, &stage));
		met[stage]++;
		rig_unmake(state);
	}
	assert_true(met[NF_STAGE_RELEASED] && met[NF_STAGE_MOVED] &&
		    met[NF_STAGE_DUAL] + met[NF_STAGE_REGRESSED]);
}

static void assert_covered(struct rig *r, uint64_t seconds, uint64_t minutes)
{
	uint64_t sums[2] = {0};

	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, sums), NF_OK);
	assert_int_equal(sums[0], seconds);
	assert_int_equal(sums[1], minutes);
}

/* Answered at first, and silent since an hour later. */
static void falls_silent(struct rig *r, const char *device, int64_t now)
{
	char json[300], address[NF_ADDR_TEXT_MAX];

	nf_addr_format(&nf_site_device(r->f->site, device)->legs[0].address, address);
	snprintf(json, sizeof json,
		"[{\"network\":\"a\",\"address\":\"%s\",\"answered_us\":%lld,\"silent_us\":%lld},"
		"{\"network\":\"c\",\"address\":\"10.100.0.7\",\"answered_us\":0,\"silent_us\":%lld}]",
		address, (long long)T0, (long long)(now > H ? T0 + H : 0), (long long)T0);
	rig_fact(r, device, "ping", json, now);
}

static void silence__of_days__is_lost_unless_it_is_usual(void **state)
{
	static const struct {
		const char *device;
		int64_t days;
		const char *want;
	} rows[] = {
		{"pc",      1,	  "prepared"},
		{"pc",      4,	  "lost"	},
		{"printer", 4,   "planned" },
		{"printer", 11,	"lost"    },
		{"panel",	  11,  "planned" },
		{"panel",	  300, "planned" },
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(rig_make(state), 0);
		struct rig *r = *state;

		falls_silent(r, rows[i].device, 0);
		rig_pass(r, S);
		falls_silent(r, rows[i].device, rows[i].days * D);
		rig_pass(r, rows[i].days * D + S);
		struct found f = rig_stage_of(r, rows[i].device);
		if (strcmp(f.stage, rows[i].want) != 0)
			fail_msg("row %zu: %s\n%s", i, f.stage, f.json);
		rig_unmake(state);
	}
}

static void coverage__from_table_to_table__never_twice(void **state)
{
	struct rig *r = *state;

	for (int64_t at = 0; at <= H; at += 5 * 60 * S) {
		rig_table(r, "sw-1", at, SEEN_NOT);
		rig_pass(r, at + S);
		nf_recompute_free(r->recompute); /* killed, and begun again */
		r->recompute = nf_recompute_new(r->store);
		rig_pass(r, at + 2 * S);
	}
	rig_table(
		r, "sw-1", 2 * H, SEEN_NOT); /* an hour without a whole table is not covered */
	rig_pass(r, 2 * H + S);
	assert_covered(r, 3600, 60);
}

/* Tables that are read in the middle of minutes, then one late: entries live for five minutes. */
static void coverage__whole_minutes__that_tables_show(void **state)
{
	static const struct {
		int64_t at_s;
		uint64_t seconds, minutes;
	} rows[] = {
		{30,   0,	0 },
		{330,  300,  4 }, /* from 60 to 300 s */
		{655,  625,  9 }, /* to 600 s, with the minute in which they meet */
		{1255, 925,  13}, /* 10 minutes later: from 955 s, whole from 960 to 1200 s */
		{1375, 1045, 15},
	};
	struct rig *r = *state;

	NF_ROWS(i, rows)
	{
		print_message("  at %d s\n", (int)rows[i].at_s);
		rig_table(r, "sw-1", rows[i].at_s * S, SEEN_NOT);
		rig_pass(r, rows[i].at_s * S + S);
		assert_covered(r, rows[i].seconds, rows[i].minutes);
	}
}

static void collect_last(const struct nf_sighting *s, void *arg)
{
	if (strcmp(s->source, "arp") == 0)
		*(int64_t *)arg = (s->last_wall_us - T0) / S;
}

/* A router that remembers: at first, and ten minutes later; when it was last seen, -1: never. */
static void arp__what_nobody_confirmed__dates_nothing_anew(void **state)
{
	static const struct {
		const char *first, *then;
		int64_t want_first, want_then;
	} rows[] = {
		{"\"state\":\"reachable\"",			    "\"state\":\"reachable\"", 0,  600},
		{"\"state\":\"reachable\"",			    "\"state\":\"stale\"",	   0,  0  },
		{"\"state\":\"stale\"",				"\"state\":\"probe\"",     0,  0  },
		{"\"state\":\"stale\"",				"\"state\":\"reachable\"", 0,  600},
		{"\"state\":\"incomplete\"",		     "\"state\":\"invalid\"",   -1, -1 },
		{"\"state\":\"unknown\"",			  "\"state\":\"unknown\"",   0,  600},
		{"\"type\":\"dynamic\"",			 "\"type\":\"dynamic\"",	 0,  600},
		{"\"type\":\"invalid\"",			 "\"type\":\"dynamic\"",	 -1, 600},
		{"\"type\":\"static\"",				"\"type\":\"static\"",     -1, -1 },
		{"\"type\":\"static\",\"state\":\"reachable\"",
			"\"type\":\"dynamic\",\"state\":\"reachable\"",				-1, 600},
		{"\"type\":\"dynamic\",\"state\":\"reachable\"",
			"\"type\":\"dynamic\",\"state\":\"stale\"",				    0,  0	},
	};
	const struct nf_ledger_filter pc = {.kind = "mac", .value = PC};

	NF_ROWS(i, rows)
	{
		assert_int_equal(rig_make(state), 0);
		struct rig *r = *state;

		print_message("  %s, %s\n", rows[i].first, rows[i].then);
		for (int n = 0; n < 2; n++) {
			char json[200];
			int64_t last = -1;

			snprintf(json, sizeof json,
				"[{\"mac\":\"" PC "\",\"address\":\"10.100.0.7\",%s}]",
				n ? rows[i].then : rows[i].first);
			rig_fact(r, "sw-9", "arp", json, n * 600 * S);
			rig_pass(r, n * 600 * S + S);
			assert_int_equal(
				nf_sighting_sums(r->store, &pc, collect_last, &last), NF_OK);
			assert_int_equal(last, n ? rows[i].want_then : rows[i].want_first);
		}
		rig_unmake(state);
	}
}

static void uplink__another_switch_behind__is_no_place(void **state)
{
	struct rig *r = *state;

	rig_table(r, "sw-9", 0,
		"[{\"mac\":\"" PC "\",\"port\":2,\"ifIndex\":2},{\"mac\":\"" SW2
		"\",\"port\":2,\"ifIndex\":2}]");
	rig_pass(r, S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
	rig_fact(r, "sw-9", "neighbours",
		"[{\"lldpRemLocalPortNum\":7,\"lldpRemSysName\":"
		"\"sw-8.example.se\",\"lldpRemChassisId\":\"" SW2
		"\",\"lldpRemPortId\":\"1\"}]",
		300 * S);
	rig_fact(r, "sw-9", "lldp_ports",
		"[{\"lldpLocPortNum\":7,\"lldpLocPortId\":\"Gi0/1\"}]", 300 * S);
	rig_fact(r, "sw-9", "fdb", SEEN_PC, 300 * S);
	rig_pass(r, 301 * S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
	rig_fact(r, "sw-9", "neighbours", "[]", 600 * S);
	rig_fact(r, "sw-9", "fdb", SEEN_PC, 600 * S);
	rig_pass(r, 601 * S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "moved");
}

static void count_one(const struct nf_sighting *s, void *arg)
{
	(void)s;
	++*(size_t *)arg;
}

static void neighbour__its_name__goes_with_its_mac(void **state)
{
	const struct nf_ledger_filter names = {.kind = "name", .value = "anna-laptop"};
	struct rig *r = *state;
	size_t before = 0, after = 0;
	uint64_t removed;

	rig_fact(r, "sw-9", "neighbours",
		"[{\"lldpRemLocalPortNum\":7,\"lldpRemSysName\":\"anna-laptop\","
		"\"lldpRemChassisId\":\"" PC "\",\"lldpRemPortId\":\"1\"}]",
		0);
	rig_pass(r, S);
	nf_sighting_sums(r->store, &names, count_one, &before);
	assert_int_equal(before, 1);
	assert_int_equal(nf_sightings_purge(r->store, 0, PC, 0, &removed), NF_OK);
	nf_sighting_sums(r->store, &names, count_one, &after);
	assert_int_equal(after, 0);
}

/* Nobody asks sw-7 who is behind it, so sw-1 has to say; on the new side it leads to the old network. */
static void uplink__a_switch_that_is_not_asked__hides_nobody(void **state)
{
	static const char behind[] =
		"[{\"mac\":\"" PC "\",\"port\":2,\"ifIndex\":2},{\"mac\":\"" SW7
		"\",\"port\":2,\"ifIndex\":2}]";
	struct rig *r = *state;

	rig_table(r, "sw-9", 0, behind);
	rig_pass(r, S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
	rig_table(r, "sw-1", 700 * S, behind);
	rig_pass(r, 701 * S);
	assert_non_null(strstr(rig_stage_of(r, "pc").json, "\"place\":\"sw-1 Gi0/2\""));
}

static void partial__an_old_table_stays_old(void **state)
{
	const struct nf_ledger_filter one = {.kind = "mac", .value = PC};
	struct rig *r = *state;
	struct found f;

	(void)one;
	rig_table(r, "sw-1", 0, SEEN_PC);
	rig_pass(r, S);
	/* The next walks broke off: the fact stands as it was, and says nothing new. */
	rig_fact(r, "sw-1", "interfaces", "[]", 300 * S);
	rig_pass(r, 400 * S);
	f = rig_stage_of(r, "pc");
	assert_non_null(strstr(f.json, "\"old_last\":\"2011-01-26T00:00:00+00:00\""));
}

static void exempt__until_its_day(void **state)
{
	struct rig *r = *state;

	rig_table(r, "sw-1", 0, SEEN_PC);
	nf_exemption_put(r->store,
		&(struct nf_exemption){"pc", "kiln control, stays", "anna", T0 + H, T0});
	rig_pass(r, S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "exempt");
	rig_pass(r, 2 * H);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
}

static void network__names_what_is_left(void **state)
{
	struct rig *r = *state;
	char progress[RIG_TEXT] = "";

	whole_move(r);
	struct ready n = rig_network_of(r);
	assert_true(n.found);
	assert_false(n.ready);
	assert_non_null(strstr(n.blockers, "sw-1"));		  /* itself */
	assert_non_null(strstr(n.blockers, "00:1b:21:00:00:99")); /* nobody knows it */
	assert_null(strstr(n.blockers, "\"pc\""));
	rig_progress_of(r, progress);
	assert_non_null(strstr(progress, "\"scope\":7,\"unlisted\":1,\"proofs\":1"));
}

/* A wire on which nobody is heard, but canaries come back: nobody of the network may answer meanwhile. */
static void silence__of_who_answers__is_the_wires_deafness(void **state)
{
	struct rig *r = *state;

	for (int h = 0; h < 6; h++)
		assert_int_equal(nf_coverage_put(r->store,
					 &(struct nf_coverage){"a", "wire:span", T0 / H + h,
						 NF_MINUTES_ALL, 3600, .frames = h == 0,
						 .canaries_sent = 12, .canaries_seen = 12}),
			NF_OK);
	falls_silent(r, "printer", 0);
	rig_pass(r, 6 * H);
	struct ready n = rig_network_of(r);
	assert_null(strstr(n.blockers, "\"quiet\""));
	rig_fact(r, "printer", "system", "{\"sysName\":\"printer\"}", 6 * H + 90 * S);
	rig_pass(r, 6 * H + 100 * S);
	n = rig_network_of(r);
	assert_non_null(strstr(n.blockers, "unheard"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_unmake)

static void answers(struct rig *r, int64_t at)
{
	char json[200];

	snprintf(json, sizeof json,
		"[{\"network\":\"a\",\"address\":\"10.1.0.7\",\"answered_us\":%lld,\"silent_us\":0}]",
		(long long)(T0 + at));
	rig_fact(r, "pc", "ping", json, at);
}

/* Its old address answered until it went, and answers again: nobody answered there in between. */
static void back__on_both__regressed_though_its_old_address_answers(void **state)
{
	struct rig *r = *state;

	rig_heard(r, "wire", "wire:span", PC, "10.1.0.7", "", 0);
	for (int64_t at = 0; at <= 30 * H; at += H / 2) {
		bool on_old = at <= 3 * H || at >= 28 * H;

		rig_table(r, "sw-1", at, on_old ? SEEN_PC : SEEN_NOT);
		rig_table(r, "sw-9", at, at > 3 * H ? SEEN_PC : SEEN_NOT);
		if (on_old)
			answers(r, at);
		rig_pass(r, at + S);
		if (at == 20 * H)
			assert_string_equal(rig_stage_of(r, "pc").stage, "moved");
	}
	struct found f = rig_stage_of(r, "pc");
	assert_string_equal(f.stage, "regressed");
	assert_non_null(strstr(f.json, "\"source\":\"ping\",\"reason\":\"answers\""));
}

/* Two that tell of themselves with one serial number: a copied image. */
static void duplicates__kept_while_there_are_any(void **state)
{
	static const char chassis[] =
		"[{\"entPhysicalClass\":\"chassis\",\"entPhysicalSerialNum\":\"X1\"}]";
	struct rig *r = *state;
	json_t *list;

	assert_int_equal(nf_duplicates_read(r->store, &list), NF_OK);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	rig_fact(r, "sw-1", "entities", chassis, 0);
	rig_fact(r, "pc", "entities", chassis, 0);
	rig_pass(r, 60 * S);
	assert_int_equal(nf_duplicates_read(r->store, &list), NF_OK);
	char *text = json_dumps(list, JSON_COMPACT);
	assert_string_equal(
		text, "[{\"kind\":\"serial\",\"value\":\"X1\",\"devices\":[\"pc\",\"sw-1\"]}]");
	free(text);
	json_decref(list);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(move__by_two_switches__to_released),
		CASE(evidence__newer__kept_with_the_next_pass),
		cmocka_unit_test(stored__any_walk__computed_anew_the_same),
		CASE(checks__that_nobody_asks__are_not_ok),
		CASE(stored__computed_anew__the_same),
		CASE(coverage__from_table_to_table__never_twice),
		cmocka_unit_test(silence__of_days__is_lost_unless_it_is_usual),
		CASE(coverage__whole_minutes__that_tables_show),
		cmocka_unit_test(arp__what_nobody_confirmed__dates_nothing_anew),
		CASE(neighbour__its_name__goes_with_its_mac),
		CASE(uplink__another_switch_behind__is_no_place),
		CASE(uplink__a_switch_that_is_not_asked__hides_nobody),
		CASE(partial__an_old_table_stays_old),
		CASE(duplicates__kept_while_there_are_any),
		CASE(exempt__until_its_day),
		CASE(network__names_what_is_left),
		CASE(back__on_both__regressed_though_its_old_address_answers),
		CASE(silence__of_who_answers__is_the_wires_deafness),
	};
	return NF_RUN(tests, argc, argv);
}
