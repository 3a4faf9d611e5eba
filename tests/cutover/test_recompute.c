// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "checks/cutover/duplicates.h"
#include "checks/cutover/recompute.h"
#include "store/cutover.h"
#include "store/sightings.h"
#include "tests/conf/fixture.h"

#define S   NF_US_PER_S
#define H   NF_HOUR_US
#define D   (24 * NF_HOUR_US)
#define T0  (15000 * D)
#define PC  "00:1b:21:00:00:01"
#define SW2 "00:1b:21:00:02:00"

struct rig {
	struct fixture *f;
	struct nf_store *store;
	struct nf_recompute *recompute;
};

static int make(void **state)
{
	static struct rig rig;
	struct nf_error err;
	char yaml[3000];

	rig = (struct rig){.f = fixture_new()};
	snprintf(yaml, sizeof yaml,
		"site: {name: s, timezone: UTC, state_dir: %s/state}\n"
		"polling: {topology: 5m}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], wire: [span], source: {address: 10.1.0.66}}\n"
		"  - {id: b, role: legacy, prefixes: [10.1.0.0/16], source: {address: 10.1.0.77}}\n"
		"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
		"snmp: [{id: v2, version: 2c, community_file: secrets/community}]\n"
		"waves: [{id: w, network: a, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n"
		"cutover: {quiet: 2h, quiet_kinds: [{kind: printer, lost_after: 10d}]}\n"
		"devices:\n"
		"  - {name: sw-1, kind: switch, network: a, address: 10.1.0.2, snmp: v2}\n"
		"  - {name: sw-9, kind: switch, network: c, address: 10.100.0.2, snmp: v2}\n"
		"  - {name: sw-8, kind: switch, network: c, address: 10.100.0.3, snmp: v2, mac: \"" SW2
		"\"}\n"
		"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7,"
		" common_address: 10.100.0.7, mac: \"" PC "\", wave: w}\n"
		"  - {name: printer, kind: printer, network: a, address: 10.1.0.8}\n"
		"  - {name: panel, kind: other, network: a, address: 10.1.0.9, silent: true}\n",
		rig.f->folder);
	fixture_puts(rig.f, "site.yaml", yaml);
	fixture_load(rig.f);
	if (!rig.f->site) {
		print_error("%s\n", rig.f->text);
		return -1;
	}
	if (nf_store_open(rig.f->site->state_dir, NF_STORE_WRITE, 1000, &rig.store, &err)) {
		print_error("%s\n", err.text);
		return -1;
	}
	rig.recompute = nf_recompute_new(rig.store);
	*state = &rig;
	return 0;
}

static int unmake(void **state)
{
	struct rig *r = *state;

	nf_recompute_free(r->recompute);
	nf_store_close(r->store);
	fixture_free(r->f);
	return 0;
}

static void fact(
	struct rig *r, const char *device, const char *name, const char *json, int64_t at)
{
	const struct nf_device *d = nf_site_device(r->f->site, device);

	assert_int_equal(nf_store_fact_put(
				 r->store, d->legs[0].network->id, device, name, json, T0 + at),
		NF_OK);
}

/* A switch with these rows, read now. */
static void table(struct rig *r, const char *device, int64_t at, const char *fdb)
{
	fact(r, device, "interfaces",
		"[{\"ifIndex\":1,\"ifName\":\"Gi0/1\"},{\"ifIndex\":2,\"ifName\":\"Gi0/2\"}]",
		at);
	fact(r, device, "neighbours", "[]", at);
	fact(r, device, "fdb", fdb, at);
}

#define SEEN_PC	 "[{\"mac\":\"" PC "\",\"port\":1,\"ifIndex\":1}]"
#define SEEN_NOT "[{\"mac\":\"00:1b:21:00:00:99\",\"port\":1,\"ifIndex\":1}]"

static void pass(struct rig *r, int64_t at)
{
	struct nf_now now = {T0 + at, at + D};
	struct nf_error err = {0};

	enum nf_err e = nf_recompute_pass(r->recompute, r->f->site, now, &err);
	if (e != NF_OK)
		print_error("%s\n", err.text);
	assert_int_equal(e, NF_OK);
}

struct found {
	const char *device;
	char stage[20];
	char json[4000];
};

static void take_stage(const struct nf_stage_row *row, void *arg)
{
	struct found *f = arg;

	if (strcmp(row->device, f->device) != 0)
		return;
	snprintf(f->stage, sizeof f->stage, "%s", row->stage);
	snprintf(f->json, sizeof f->json, "%s", row->json);
}

static struct found stage_of(struct rig *r, const char *device)
{
	struct found f = {.device = device};

	assert_int_equal(nf_stages(r->store, take_stage, &f), NF_OK);
	return f;
}

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
		table(r, "sw-1", at, at <= H ? SEEN_PC : SEEN_NOT);
		table(r, "sw-9", at, at > H ? SEEN_PC : SEEN_NOT);
		if (at == H || at == H + 5 * 60 * S)
			pass(r, at + 30 * S);
		ok_ping(r, at);
		pass(r, at + 60 * S);
		if (at == H)
			assert_string_equal(stage_of(r, "pc").stage, "prepared");
		if (at == 2 * H)
			assert_string_equal(stage_of(r, "pc").stage, "moved");
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
	struct found f = stage_of(r, "pc");
	assert_string_equal(f.stage, "released");
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

	table(r, "sw-1", 0, SEEN_PC);
	pass(r, 60 * S);
	assert_non_null(strstr(stage_of(r, "pc").json, "2011-01-26T00:00:00"));
	table(r, "sw-1", 5 * 60 * S, SEEN_PC);
	pass(r, 6 * 60 * S);
	assert_non_null(strstr(stage_of(r, "pc").json, "2011-01-26T00:05:00"));
}

/* Its checks were ok, and then nobody asked any more. */
static void checks__that_nobody_asks__are_not_ok(void **state)
{
	struct rig *r = *state;

	whole_move(r);
	pass(r, 4 * H + 50 * 60 * S);
	assert_string_equal(stage_of(r, "pc").stage, "released");
	pass(r, 5 * H + 60 * S);
	assert_string_equal(stage_of(r, "pc").stage, "moved");
}

static void stored__computed_anew__the_same(void **state)
{
	struct rig *r = *state;

	whole_move(r);
	struct found before = stage_of(r, "pc");
	assert_int_equal(nf_stage_drop(r->store, "pc"), NF_OK);
	nf_recompute_free(r->recompute);
	r->recompute = nf_recompute_new(r->store);
	pass(r, 4 * H + 60 * S);
	struct found after = stage_of(r, "pc");
	assert_string_equal(after.stage, before.stage);
}

static void collect_hours(const struct nf_coverage *c, void *arg)
{
	uint64_t *sums = arg;

	sums[0] += c->seconds;
	sums[1] += (uint64_t)__builtin_popcountll(c->minutes);
}

static void assert_covered(struct rig *r, uint64_t seconds, uint64_t minutes)
{
	uint64_t sums[2] = {0};

	assert_int_equal(nf_coverages(r->store, "a", 0, collect_hours, sums), NF_OK);
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
	fact(r, device, "ping", json, now);
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
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		falls_silent(r, rows[i].device, 0);
		pass(r, S);
		falls_silent(r, rows[i].device, rows[i].days * D);
		pass(r, rows[i].days * D + S);
		struct found f = stage_of(r, rows[i].device);
		if (strcmp(f.stage, rows[i].want) != 0)
			fail_msg("row %zu: %s\n%s", i, f.stage, f.json);
		unmake(state);
	}
}

static void coverage__from_table_to_table__never_twice(void **state)
{
	struct rig *r = *state;

	for (int64_t at = 0; at <= H; at += 5 * 60 * S) {
		table(r, "sw-1", at, SEEN_NOT);
		pass(r, at + S);
		nf_recompute_free(r->recompute); /* killed, and begun again */
		r->recompute = nf_recompute_new(r->store);
		pass(r, at + 2 * S);
	}
	table(r, "sw-1", 2 * H, SEEN_NOT); /* an hour without a whole table is not covered */
	pass(r, 2 * H + S);
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
		table(r, "sw-1", rows[i].at_s * S, SEEN_NOT);
		pass(r, rows[i].at_s * S + S);
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
		{"\"state\":\"reachable\"",  "\"state\":\"reachable\"", 0,  600},
		{"\"state\":\"reachable\"",  "\"state\":\"stale\"",	   0,  0  },
		{"\"state\":\"stale\"",	"\"state\":\"probe\"",     0,  0  },
		{"\"state\":\"stale\"",	"\"state\":\"reachable\"", 0,  600},
		{"\"state\":\"incomplete\"", "\"state\":\"invalid\"",   -1, -1 },
		{"\"state\":\"unknown\"",	  "\"state\":\"unknown\"",   0,  600},
		{"\"type\":\"dynamic\"",	 "\"type\":\"dynamic\"",	 0,  600},
		{"\"type\":\"invalid\"",	 "\"type\":\"static\"",	-1, 600},
		{"\"type\":\"static\"",	"\"type\":\"static\"",     0,  0  },
	};
	const struct nf_ledger_filter pc = {.kind = "mac", .value = PC};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		print_message("  %s, %s\n", rows[i].first, rows[i].then);
		for (int n = 0; n < 2; n++) {
			char json[200];
			int64_t last = -1;

			snprintf(json, sizeof json,
				"[{\"mac\":\"" PC "\",\"address\":\"10.100.0.7\",%s}]",
				n ? rows[i].then : rows[i].first);
			fact(r, "sw-9", "arp", json, n * 600 * S);
			pass(r, n * 600 * S + S);
			assert_int_equal(
				nf_sighting_sums(r->store, &pc, collect_last, &last), NF_OK);
			assert_int_equal(last, n ? rows[i].want_then : rows[i].want_first);
		}
		unmake(state);
	}
}

static void uplink__another_switch_behind__is_no_place(void **state)
{
	struct rig *r = *state;

	table(r, "sw-9", 0,
		"[{\"mac\":\"" PC "\",\"port\":2,\"ifIndex\":2},{\"mac\":\"" SW2
		"\",\"port\":2,\"ifIndex\":2}]");
	pass(r, S);
	assert_string_equal(stage_of(r, "pc").stage, "prepared");
	fact(r, "sw-9", "neighbours",
		"[{\"lldpRemLocalPortNum\":7,\"lldpRemSysName\":"
		"\"sw-8.example.se\",\"lldpRemChassisId\":\"" SW2
		"\",\"lldpRemPortId\":\"1\"}]",
		300 * S);
	fact(r, "sw-9", "lldp_ports", "[{\"lldpLocPortNum\":7,\"lldpLocPortId\":\"Gi0/1\"}]",
		300 * S);
	fact(r, "sw-9", "fdb", SEEN_PC, 300 * S);
	pass(r, 301 * S);
	assert_string_equal(stage_of(r, "pc").stage, "prepared");
	fact(r, "sw-9", "neighbours", "[]", 600 * S);
	fact(r, "sw-9", "fdb", SEEN_PC, 600 * S);
	pass(r, 601 * S);
	assert_string_equal(stage_of(r, "pc").stage, "moved");
}

static void clock__ahead_and_back__poisons_nothing(void **state)
{
	struct rig *r = *state;
	struct nf_error err;

	table(r, "sw-1", 0, SEEN_PC);
	pass(r, S);
	/* It jumps: what comes dated in that time is held. */
	fact(r, "sw-9", "fdb", SEEN_PC, 4000 * D);
	struct nf_now ahead = {T0 + 4000 * D, 2 * S + D};
	assert_int_equal(nf_recompute_pass(r->recompute, r->f->site, ahead, &err), NF_OK);
	assert_string_equal(stage_of(r, "pc").stage, "prepared");
	/* It stays so: it is believed, until it is right again. */
	struct nf_now later = {T0 + 4000 * D + 1000 * S, 1002 * S + D};
	assert_int_equal(nf_recompute_pass(r->recompute, r->f->site, later, &err), NF_OK);
	assert_string_equal(stage_of(r, "pc").stage, "moved");
	table(r, "sw-1", 1200 * S, SEEN_PC);
	table(r, "sw-9", 1200 * S, SEEN_NOT);
	pass(r, 1210 * S);
	pass(r, 1270 * S);
	assert_string_equal(stage_of(r, "pc").stage, "prepared");
}

static void partial__an_old_table_stays_old(void **state)
{
	const struct nf_ledger_filter one = {.kind = "mac", .value = PC};
	struct rig *r = *state;
	struct found f;

	(void)one;
	table(r, "sw-1", 0, SEEN_PC);
	pass(r, S);
	/* The next walks broke off: the fact stands as it was, and says nothing new. */
	fact(r, "sw-1", "interfaces", "[]", 300 * S);
	pass(r, 400 * S);
	f = stage_of(r, "pc");
	assert_non_null(strstr(f.json, "\"old_last\":\"2011-01-26T00:00:00+00:00\""));
}

static void exempt__until_its_day(void **state)
{
	struct rig *r = *state;

	table(r, "sw-1", 0, SEEN_PC);
	nf_exemption_put(r->store,
		&(struct nf_exemption){"pc", "kiln control, stays", "anna", T0 + H, T0});
	pass(r, S);
	assert_string_equal(stage_of(r, "pc").stage, "exempt");
	pass(r, 2 * H);
	assert_string_equal(stage_of(r, "pc").stage, "prepared");
}

struct ready {
	bool found, ready;
	char blockers[4000];
};

static void take_network(const struct nf_network_row *row, void *arg)
{
	struct ready *n = arg;

	if (strcmp(row->network, "a") != 0)
		return;
	n->found = true;
	n->ready = row->ready;
	snprintf(n->blockers, sizeof n->blockers, "%s", row->blockers);
}

static void take_progress(const struct nf_progress *p, void *arg)
{
	if (strcmp(p->network, "a") == 0)
		snprintf(arg, 500, "%s", p->json);
}

static void network__names_what_is_left(void **state)
{
	struct rig *r = *state;
	struct ready n = {0};
	char progress[500] = "";

	whole_move(r);
	assert_int_equal(nf_networks(r->store, take_network, &n), NF_OK);
	assert_true(n.found);
	assert_false(n.ready);
	assert_non_null(strstr(n.blockers, "sw-1"));		  /* itself */
	assert_non_null(strstr(n.blockers, "00:1b:21:00:00:99")); /* nobody knows it */
	assert_null(strstr(n.blockers, "\"pc\""));
	assert_int_equal(nf_progresses(r->store, "a", 0, take_progress, progress), NF_OK);
	assert_non_null(strstr(progress, "\"scope\":5,\"unlisted\":1,\"proofs\":1"));
}

static struct ready network_of(struct rig *r)
{
	struct ready n = {0};

	assert_int_equal(nf_networks(r->store, take_network, &n), NF_OK);
	return n;
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
	pass(r, 6 * H);
	struct ready n = network_of(r);
	assert_null(strstr(n.blockers, "\"quiet\""));
	fact(r, "printer", "system", "{\"sysName\":\"printer\"}", 6 * H + 90 * S);
	pass(r, 6 * H + 100 * S);
	n = network_of(r);
	assert_non_null(strstr(n.blockers, "unheard"));
}

/* What netfold has in one network is somebody else's in another one that has the same addresses. */
static void own__by_the_network(void **state)
{
	static const struct {
		const char *from;
		bool want;
	} rows[] = {
		{"10.1.0.66", false},
		{"10.1.0.77", true },
	};
	struct rig *r = *state;

	NF_ROWS(i, rows)
	assert_int_equal(
		nf_caller_put(r->store, &(struct nf_caller){"a", "wire:span", "", rows[i].from,
						"10.1.0.200", "arp", T0 / D, 1, T0, T0, 1}),
		NF_OK);
	pass(r, 60 * S);
	struct ready n = network_of(r);
	NF_ROWS(i, rows)
	assert_int_equal(strstr(n.blockers, rows[i].from) != NULL, rows[i].want);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, unmake)

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
	fact(r, "sw-1", "entities", chassis, 0);
	fact(r, "pc", "entities", chassis, 0);
	pass(r, 60 * S);
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
		CASE(checks__that_nobody_asks__are_not_ok),
		CASE(stored__computed_anew__the_same),
		CASE(coverage__from_table_to_table__never_twice),
		cmocka_unit_test(silence__of_days__is_lost_unless_it_is_usual),
		CASE(coverage__whole_minutes__that_tables_show),
		cmocka_unit_test(arp__what_nobody_confirmed__dates_nothing_anew),
		CASE(uplink__another_switch_behind__is_no_place),
		CASE(clock__ahead_and_back__poisons_nothing),
		CASE(partial__an_old_table_stays_old),
		CASE(duplicates__kept_while_there_are_any),
		CASE(exempt__until_its_day),
		CASE(network__names_what_is_left),
		CASE(own__by_the_network),
		CASE(silence__of_who_answers__is_the_wires_deafness),
	};
	return NF_RUN(tests, argc, argv);
}
