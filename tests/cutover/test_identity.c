// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "checks/cutover/duplicates.h"
#include "checks/cutover/evidence.h"
#include "tests/conf/fixture.h"

#define H    NF_HOUR_US
#define D    (24 * NF_HOUR_US)
#define T0   (15000 * D)
#define M1   "00:1b:21:00:00:01"
#define M3   "00:1b:21:00:00:03"
#define M2   "00:1b:21:00:00:02"
#define LAA  "02:42:ac:00:00:01"
#define VRRP "00:00:5e:00:01:0a"
#define FW   "00:1b:21:00:0f:01"
#define FW2  "00:1b:21:00:0f:02"

struct rig {
	struct fixture *f;
	struct nf_book *book;
	struct nf_identities *ids;
	struct nf_arena *arena;
};

static int make(void **state)
{
	static struct rig rig;

	rig = (struct rig){.f = fixture_new(), .book = nf_book_new(), .arena = nf_arena_new()};
	fixture_puts(rig.f, "site.yaml",
		"site: {name: s, timezone: UTC}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.1.0.0/16]}\n"
		"  - {id: b, role: legacy, prefixes: [10.2.0.0/16]}\n"
		"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
		"waves: [{id: w, network: a, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n"
		"devices:\n"
		"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7, common_address: 10.100.0.7}\n"
		"  - {name: pm, kind: printer, network: a, address: 10.1.0.8, common_address: 10.100.0.8, mac: \"" M3
		"\"}\n"
		"  - {name: px, kind: printer, network: a, address: 10.1.0.9}\n"
		"  - {name: done, kind: server, network: c, address: 10.100.0.10, wave: w}\n"
		"  - {name: core, kind: router, network: c, address: 10.100.0.1}\n"
		"  - {name: gw, kind: firewall, network: a, address: 10.1.0.1}\n"
		"  - {name: gw2, kind: router, network: a, address: 10.1.0.2, mac: \"" FW2
		"\"}\n");
	fixture_load(rig.f);
	if (!rig.f->site)
		print_error("%s\n", rig.f->text);
	*state = &rig;
	return rig.f->site ? 0 : -1;
}

static int unmake(void **state)
{
	struct rig *r = *state;

	nf_identities_free(r->ids);
	nf_book_free(r->book);
	nf_arena_free(r->arena);
	fixture_free(r->f);
	return 0;
}

static void see(struct rig *r, const char *network, const char *source, const char *by,
	const char *kind, const char *value, const char *address, int64_t from, int64_t to)
{
	nf_book_add(r->book, &(struct nf_sighting){.network = network,
				     .source = source,
				     .by = by,
				     .kind = kind,
				     .value = value,
				     .address = address,
				     .place = "",
				     .detail = "",
				     .first_wall_us = T0 + from,
				     .last_wall_us = T0 + to});
}

/* "mac M1 strong; mac M2 foreign core; …" */
static const char *identities(struct rig *r, const char *device)
{
	static char text[2000];
	size_t len = 0;

	nf_book_index(r->book, r->f->site);
	if (!r->ids)
		r->ids = nf_identities_learn(r->f->site, r->book);
	const struct nf_identity_list *list =
		nf_identities_of(r->ids, nf_site_device(r->f->site, device));
	text[0] = '\0';
	for (size_t i = 0; i < list->len; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s %s %s%s%s; ",
			list->items[i].kind, list->items[i].value,
			list->items[i].strong ? "strong" : nf_doubt_text(list->items[i].doubt),
			list->items[i].whose ? " " : "",
			list->items[i].whose ? list->items[i].whose : "");
	return text;
}

static enum nf_stage stage(struct rig *r, const char *device, int64_t now)
{
	static const struct nf_stage_rules rules = {.quiet_us = 7 * D,
		.clear_us = D,
		.overlap_us = H / 4,
		.lost_after_us = 3 * D,
		.zone = "UTC"};
	struct nf_evidence_parts parts = {
		.book = r->book, .site = r->f->site, .rules = &rules, .arena = r->arena};
	const struct nf_network *nets[4];
	struct nf_evidence e = {0};
	const struct nf_device *d = nf_site_device(r->f->site, device);
	enum nf_stage worst = NF_STAGE_EXEMPT;

	identities(r, device);
	parts.ids = r->ids;
	size_t len = nf_evidence_networks(&parts, d, nets, 4);
	for (size_t i = 0; i < len; i++) {
		nf_evidence_collect(&parts, d, nets[i], &e);
		worst = nf_stage_worse(worst, nf_stage_of(&e, &rules, T0 + now).stage);
	}
	return worst;
}

static void holder__the_first__and_none_of_those_after(void **state)
{
	struct rig *r = *state;

	see(r, "a", "arp", "rtr", "mac", M2, "10.1.0.7", 10 * D, 12 * D);
	see(r, "a", "arp", "rtr", "mac", M1, "10.1.0.7", 0, 9 * D);
	assert_string_equal(identities(r, "pc"), "mac " M1 " strong; ");
	const struct nf_identity_list *list =
		nf_identities_of(r->ids, nf_site_device(r->f->site, "pc"));
	assert_string_equal(list->usurper, M2);
}

static void holder__two_at_once__weak(void **state)
{
	struct rig *r = *state;

	see(r, "a", "wire", "wire:x", "mac", M2, "10.1.0.7", 2 * D, 12 * D);
	see(r, "a", "wire", "wire:x", "mac", M1, "10.1.0.7", 0, 9 * D);
	assert_string_equal(identities(r, "pc"), "mac " M1 " rival; ");
}

/* A firewall that lowers no hop count is seen with the address of everybody whose packets it passes on. pc and px are
 * known by nothing else, or by the wire of their own VLAN; pm has its MAC from the inventory. */
static void passed_on__by_a_router__is_nobodys_mac(void **state)
{
	static const struct {
		const char *name, *mac;
		const char *told;   /* the MAC says itself that it has this address; NULL */
		size_t others;	    /* addresses that its packets have, besides */
		const char *source; /* that shows it with their addresses */
		const char *px, *pm_usurper;
	} rows[] = {
	/* clang-format off */
		{"another machine", M2, NULL, 2, "wire", "mac " M2 " strong; ", M2},
		{"a machine of many addresses", M2, NULL, 3, "wire", "", NULL},
		{"a machine that says so itself", M2, NULL, 9, "arp", "mac " M2 " strong; ", M2},
		{"a machine at another address", M2, "10.1.0.99", 1, "wire", "mac " M2 " strong; ", M2},
		{"a router at its own address", FW, "10.1.0.1", 0, "wire", "", NULL},
		{"a router, by proxy ARP", FW, "10.1.0.1", 0, "arp", "mac " FW " foreign gw; ", FW},
		{"a router's MAC of the inventory", FW2, NULL, 0, "wire", "", NULL},
	/* clang-format on */
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;
		char address[] = "10.1.1.1";

		print_message("  %s\n", rows[i].name);
		see(r, "a", rows[i].source, "wire:x", "mac", rows[i].mac, "10.1.0.9", 0, 9 * D);
		see(r, "a", rows[i].source, "wire:x", "mac", rows[i].mac, "10.1.0.8", 0, 9 * D);
		for (size_t k = 0; k < rows[i].others; k++, address[7]++)
			see(r, "a", rows[i].source, "wire:x", "mac", rows[i].mac, address, 0,
				9 * D);
		if (rows[i].told) {
			see(r, "a", "arp", "wire:x", "mac", rows[i].mac, rows[i].told, 0,
				9 * D);
			see(r, "a", "snmp", "gw", "mac", FW, "10.1.0.1", 0, 9 * D);
		}
		see(r, "a", "wire", "wire:x", "mac", M3, "10.1.0.8", 0, 8 * D);
		assert_string_equal(identities(r, "px"), rows[i].px);
		assert_string_equal(identities(r, "pm"), "mac " M3 " strong; ");
		const struct nf_identity_list *list =
			nf_identities_of(r->ids, nf_site_device(r->f->site, "pm"));
		if (rows[i].pm_usurper)
			assert_string_equal(list->usurper, rows[i].pm_usurper);
		else
			assert_null(list->usurper);
		unmake(state);
	}
}

/* In another network the same addresses and the same MAC are another matter. */
static void passed_on__in_one_network__not_in_another(void **state)
{
	struct rig *r = *state;
	char address[] = "10.1.1.1";

	see(r, "a", "wire", "wire:x", "mac", M2, "10.1.0.9", 0, D);
	for (size_t k = 0; k < 9; k++, address[7]++)
		see(r, "b", "wire", "wire:y", "mac", M2, address, 0, D);
	assert_string_equal(identities(r, "px"), "mac " M2 " strong; ");
}

static void mac__of_the_inventory__decides(void **state)
{
	struct rig *r = *state;

	see(r, "a", "arp", "rtr", "mac", M2, "10.1.0.8", 0, D);
	assert_string_equal(identities(r, "pm"), "mac " M3 " strong; ");
}

static void mac__locally_administered__weak__group__nobodys(void **state)
{
	struct rig *r = *state;

	see(r, "a", "arp", "rtr", "mac", LAA, "10.1.0.7", 0, D);
	see(r, "a", "arp", "rtr", "mac", VRRP, "10.1.0.9", 0, D);
	assert_string_equal(identities(r, "pc"), "mac " LAA " local; ");
	assert_string_equal(identities(r, "px"), "");
}

static void clones__one_host_key_on_two__weak_and_reported(void **state)
{
	struct rig *r = *state;
	size_t len;

	see(r, "a", "ssh", "pc", "hostkey", "SHA256:x", "10.1.0.7", 0, D);
	see(r, "a", "ssh", "px", "hostkey", "SHA256:x", "10.1.0.9", 0, D);
	assert_string_equal(identities(r, "pc"), "hostkey SHA256:x shared px; ");
	assert_string_equal(identities(r, "px"), "hostkey SHA256:x shared pc; ");
	const struct nf_duplicate *d = nf_identities_duplicates(r->ids, &len);
	assert_int_equal(len, 1);
	assert_string_equal(d[0].b->name, "px");
	struct nf_strbuf json = {0};
	nf_duplicates_encode(r->ids, &json);
	assert_string_equal(json.data,
		"[{\"kind\":\"hostkey\",\"value\":\"SHA256:x\",\"devices\":[\"pc\",\"px\"]}]");
	nf_strbuf_free(&json);
	json_t *list =
		json_loads("[{\"kind\":\"mac\",\"value\":\"a\",\"devices\":[\"pc\",\"px\"]},"
			   "{\"kind\":\"mac\",\"value\":\"b\",\"devices\":[\"pc\",\"px\"]},"
			   "{\"kind\":\"mac\",\"value\":\"c\",\"devices\":[\"pc\",\"py\"]}]",
			0, NULL);
	assert_int_equal(nf_duplicates_run(list, 0), 2);
	assert_int_equal(nf_duplicates_run(list, 2), 1);
	json_decref(list);
	assert_string_equal(
		nf_identities_owner(r->ids, "hostkey", "SHA256:x", NULL)->name, "pc");
}

/* The first is gone when the second comes, and the third meets the second only. */
static void clones__of_three_two_at_once__those_two_weak(void **state)
{
	struct rig *r = *state;
	size_t len;

	see(r, "c", "ssh", "core", "hostkey", "SHA256:x", "10.100.0.1", 0, D);
	see(r, "a", "ssh", "pc", "hostkey", "SHA256:x", "10.1.0.7", 5 * D, 9 * D);
	see(r, "a", "ssh", "px", "hostkey", "SHA256:x", "10.1.0.9", 6 * D, 9 * D);
	assert_string_equal(identities(r, "core"), "hostkey SHA256:x strong; ");
	assert_string_equal(identities(r, "pc"), "hostkey SHA256:x shared px; ");
	assert_string_equal(identities(r, "px"), "hostkey SHA256:x shared pc; ");
	nf_identities_duplicates(r->ids, &len);
	assert_int_equal(len, 1);
}

static void clones__one_after_the_other__both_strong(void **state)
{
	struct rig *r = *state;

	see(r, "a", "ssh", "pc", "hostkey", "SHA256:x", "10.1.0.7", 0, D);
	see(r, "a", "ssh", "px", "hostkey", "SHA256:x", "10.1.0.9", 5 * D, 6 * D);
	assert_string_equal(identities(r, "pc"), "hostkey SHA256:x strong; ");
}

/* Of two it is one's of the network in which it is heard, at whatever times they had it. */
static void owner__of_what_two_have__one_of_that_network(void **state)
{
	for (int both = 0; both < 2; both++) {
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		see(r, "a", "snmp", "px", "mac", M1, "10.1.0.9", 0, D);
		see(r, "c", "snmp", "core", "mac", M1, "10.100.0.1", both ? 0 : 5 * D, 6 * D);
		assert_string_equal(identities(r, "px"),
			both ? "mac " M1 " shared core; " : "mac " M1 " strong; ");
		const struct nf_site *site = r->f->site;
		const struct nf_network *a = nf_site_network(site, "a");
		const struct nf_network *c = nf_site_network(site, "c");
		assert_string_equal(nf_identities_owner(r->ids, "mac", M1, a)->name, "px");
		assert_string_equal(nf_identities_owner(r->ids, "mac", M1, c)->name, "core");
		assert_string_equal(nf_identities_owner(r->ids, "mac", M1, NULL)->name, "core");
		assert_null(nf_identities_owner(r->ids, "mac", M2, a));
		unmake(state);
	}
}

/* pc moved on day 2 and shows its key, and its MAC, at its new address; px was made of its image on day 5. */
static void clones__made_after_the_move__weak(void **state)
{
	static const struct {
		int64_t until; /* pc is seen at its new address */
		const char *want;
		enum nf_stage stage;
	} rows[] = {
		{9 * D, "mac " M1 " shared px; hostkey SHA256:x shared px; ", NF_STAGE_PLANNED  },
		{4 * D, "mac " M1 " strong; hostkey SHA256:x strong; ",	NF_STAGE_REGRESSED},
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;
		int64_t until = rows[i].until;

		see(r, "a", "wire", "wire:x", "mac", M1, "10.1.0.7", 0, 2 * D);
		see(r, "a", "ssh", "pc", "hostkey", "SHA256:x", "10.1.0.7", 0, 2 * D);
		see(r, "c", "arp", "core", "mac", M1, "10.100.0.7", 2 * D + H, until);
		see(r, "c", "ssh", "pc", "hostkey", "SHA256:x", "10.100.0.7", 2 * D + H, until);
		see(r, "a", "wire", "wire:x", "mac", M1, "10.1.0.9", 5 * D, 9 * D);
		see(r, "a", "ssh", "px", "hostkey", "SHA256:x", "10.1.0.9", 5 * D, 9 * D);
		assert_string_equal(identities(r, "pc"), rows[i].want);
		assert_int_equal(stage(r, "pc", 9 * D), rows[i].stage);
		unmake(state);
	}
}

static void proxy_arp__a_routers_mac__is_the_routers(void **state)
{
	struct rig *r = *state;

	see(r, "c", "snmp", "core", "mac", M2, "10.100.0.1", 0, D);
	see(r, "a", "arp", "rtr", "mac", M2, "10.1.0.7", 0, D);
	assert_string_equal(identities(r, "pc"), "mac " M2 " foreign core; ");
	assert_string_equal(nf_identities_owner(r->ids, "mac", M2, NULL)->name, "core");
}

/* A stack of switches tells of several serial numbers in one answer; a member that comes later, or one that takes
 * the others' place, may be another machine. */
static void told__by_a_stack__is_one_machines(void **state)
{
	struct rig *r = *state;

	see(r, "a", "entity", "pc", "serial", "S2", "10.1.0.7", 0, 9 * D);
	see(r, "a", "entity", "pc", "serial", "S1", "10.1.0.7", 0, 9 * D);
	see(r, "a", "snmp", "pc", "mac", M1, "10.1.0.7", 0, 9 * D);
	see(r, "a", "entity", "pc", "serial", "S3", "10.1.0.7", 5 * D, 9 * D);
	see(r, "a", "snmp", "pc", "mac", M2, "10.1.0.7", 5 * D, 9 * D);
	assert_string_equal(
		identities(r, "pc"), "mac " M1 " strong; serial S1 strong; serial S2 strong; ");
}

static void told__after_another_machine_answers__not_learned(void **state)
{
	struct rig *r = *state;

	see(r, "a", "entity", "pc", "serial", "OLD", "10.1.0.7", 0, D);
	see(r, "a", "entity", "pc", "serial", "OTHER", "10.1.0.7", 3 * D, 4 * D);
	see(r, "a", "snmp", "pc", "mac", M1, "10.1.0.7", 0, D);
	see(r, "a", "snmp", "pc", "mac", M2, "10.1.0.7", 3 * D, 4 * D);
	assert_string_equal(identities(r, "pc"), "mac " M1 " strong; serial OLD strong; ");
}

static void move__the_mac_on_the_new_side(void **state)
{
	struct rig *r = *state;

	see(r, "a", "fdb", "sw-1", "mac", M3, "", 0, 5 * D);
	see(r, "c", "fdb", "sw-9", "mac", M3, "", 5 * D + H, 6 * D);
	assert_int_equal(stage(r, "pm", 6 * D), NF_STAGE_MOVED);
}

static void no_move__another_machine_on_the_new_address(void **state)
{
	struct rig *r = *state;

	see(r, "a", "fdb", "sw-1", "mac", M3, "", 0, 5 * D);
	see(r, "c", "ping", "ping", "address", "10.100.0.8", "10.100.0.8", 5 * D, 6 * D);
	see(r, "c", "arp", "core", "mac", M2, "10.100.0.8", 5 * D, 6 * D);
	assert_int_equal(stage(r, "pm", 6 * D), NF_STAGE_PLANNED);
}

static void moved__another_machine_takes_the_old_address__stays_moved(void **state)
{
	struct rig *r = *state;

	see(r, "a", "wire", "wire:x", "mac", M1, "10.1.0.7", 0, 5 * D);
	see(r, "c", "arp", "core", "mac", M1, "10.100.0.7", 5 * D + H, 9 * D);
	see(r, "a", "wire", "wire:x", "mac", M2, "10.1.0.7", 7 * D, 9 * D);
	see(r, "a", "ping", "ping", "address", "10.1.0.7", "10.1.0.7", 0, 9 * D);
	assert_int_equal(stage(r, "pc", 9 * D), NF_STAGE_MOVED);
}

static void half_moved__the_old_address_still_its_own__dual(void **state)
{
	struct rig *r = *state;

	see(r, "a", "wire", "wire:x", "mac", M1, "10.1.0.7", 0, 9 * D);
	see(r, "c", "arp", "core", "mac", M1, "10.100.0.7", 5 * D, 9 * D);
	assert_int_equal(stage(r, "pc", 9 * D), NF_STAGE_DUAL);
}

/* Answers from the old address of a device that moved at day 5, whose MAC a table there last showed then: they
 * are its own for as long as tables may lag behind, and nobody's after, long before a stranger's MAC is known. */
static void answers__on_the_old_side__strong_only_near_its_own_last_sight(void **state)
{
	static const struct {
		const char *name;
		const char *
			source; /* of the last sight on the old side, or the wire; NULL: none */
		int64_t ping_to, now;
		enum nf_stage want;
	} rows[] = {
		{"until it left",	  "fdb",	 5 * D,		5 * D + 2 * H, NF_STAGE_MOVED},
		{"as long as tables lag",  "fdb",	 5 * D + H,	    5 * D + 2 * H, NF_STAGE_DUAL },
		{"a moment later",	   "fdb",	  5 * D + H + 1, 5 * D + 2 * H, NF_STAGE_MOVED},
		{"days later",	       "wire",   9 * D,	      9 * D,	     NF_STAGE_MOVED},
		{"heard by ARP",		 "wire:x", 5 * D + H,     5 * D + 2 * H, NF_STAGE_DUAL },
		{"remembered by ARP only", "arp",	  5 * D + H / 2, 5 * D + 2 * H, NF_STAGE_MOVED},
		{"never seen there",	     NULL,	   5 * D + H / 2, 5 * D + 2 * H, NF_STAGE_MOVED},
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		print_message("  %s\n", rows[i].name);
		if (rows[i].source)
			see(r, "a", strchr(rows[i].source, ':') ? "arp" : rows[i].source,
				rows[i].source, "mac", M3, "10.1.0.8", 0, 5 * D + H * 3 / 4);
		see(r, "a", "ping", "ping", "address", "10.1.0.8", "10.1.0.8", 0,
			rows[i].ping_to);
		see(r, "c", "fdb", "sw-9", "mac", M3, "", 5 * D + H / 2, rows[i].now);
		assert_int_equal(stage(r, "pm", rows[i].now), rows[i].want);
		unmake(state);
	}
}

static void legs__a_second_old_network__the_worst_counts(void **state)
{
	struct rig *r = *state;

	see(r, "a", "fdb", "sw-1", "mac", M3, "", 0, 5 * D);
	see(r, "c", "fdb", "sw-9", "mac", M3, "", 5 * D + H, 9 * D);
	see(r, "b", "fdb", "sw-2", "mac", M3, "", 0, 9 * D);
	assert_int_equal(stage(r, "pm", 9 * D), NF_STAGE_DUAL);
}

static void arp__on_the_old_side__is_no_presence(void **state)
{
	struct rig *r = *state;

	see(r, "a", "arp", "rtr", "mac", M3, "10.1.0.8", 0, 9 * D);
	see(r, "c", "fdb", "sw-9", "mac", M3, "", 5 * D, 9 * D);
	assert_int_equal(stage(r, "pm", 9 * D), NF_STAGE_MOVED);
}

/* Plugged back in with its old address, and nothing but its ARP is heard: on its own old wire, or on another one. */
static void arp__heard_on_an_old_wire__is_presence(void **state)
{
	static const struct {
		const char *network, *by;
		enum nf_stage want;
	} rows[] = {
		{"a", "rtr",	     NF_STAGE_MOVED	   },
		{"a", "wire:span", NF_STAGE_REGRESSED},
		{"b", "rtr",	     NF_STAGE_MOVED	   },
		{"b", "wire:span", NF_STAGE_REGRESSED},
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		print_message("  %s in %s\n", rows[i].by, rows[i].network);
		see(r, "a", "fdb", "sw-1", "mac", M3, "", 0, 5 * D);
		see(r, "c", "fdb", "sw-9", "mac", M3, "", 5 * D + H, 6 * D);
		see(r, rows[i].network, "arp", rows[i].by, "mac", M3, "10.1.0.8", 8 * D, 9 * D);
		assert_int_equal(stage(r, "pm", 9 * D), rows[i].want);
		unmake(state);
	}
}

struct lent {
	const char *value;
	int64_t from, to, until; /* until 0: it gave the address back */
};

static void lease__given_back_or_lent_to_another__over(void **state)
{
	static const struct {
		const char *name;
		struct lent rows[3];
		int64_t want;
	} cases[] = {
		{"runs",				   {{M1, H, 2 * H, 4 * H}},			  4 * H},
		{"given back",			       {{M1, H, 2 * H, 4 * H}, {M1, 3 * H, 3 * H, 0}}, 0	},
		{"given back, and lent again",	       {{M1, H, 3 * H, 4 * H}, {M1, 2 * H, 2 * H, 0}},
			4 * H											  },
		{"lent anew, for shorter, seen elsewhere",
			{{M1, H, 2 * H, 9 * H}, {M1, 3 * H, 3 * H, 4 * H}},					    0    },
		{"another one gives it back",	      {{M1, H, 2 * H, 4 * H}, {M2, 3 * H, 3 * H, 0}},
			4 * H											  },
		{"another one is lent it later",
			{{M1, H, 2 * H, 4 * H}, {M2, 3 * H, 3 * H, 5 * H}},					    0    },
		{"another one was lent it before",
			{{M1, 2 * H, 3 * H, 4 * H}, {M2, H, 2 * H, 5 * H}},					    4 * H},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		nf_book_free(r->book);
		r->book = nf_book_new();
		for (size_t k = 0; k < 3 && cases[i].rows[k].value; k++) {
			const struct lent *l = &cases[i].rows[k];

			nf_book_add(r->book, &(struct nf_sighting){.network = "a",
						     .source = l->until ? "dhcp" : "release",
						     .by = "wire:span",
						     .kind = "mac",
						     .value = l->value,
						     .address = "10.1.0.7",
						     .place = "",
						     .detail = "",
						     .first_wall_us = l->from,
						     .last_wall_us = l->to,
						     .until_wall_us = l->until,
						     .lent_wall_us = l->until ? l->to : 0});
		}
		nf_book_index(r->book, r->f->site);
		size_t len;
		const struct nf_seen *first = nf_book_rows(r->book, &len);
		if (nf_seen_lease_us(r->book, first) != cases[i].want)
			fail_msg("%s: until %lld", cases[i].name,
				(long long)nf_seen_lease_us(r->book, first));
	}
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(holder__the_first__and_none_of_those_after),
		CASE(holder__two_at_once__weak),
		cmocka_unit_test(passed_on__by_a_router__is_nobodys_mac),
		CASE(passed_on__in_one_network__not_in_another),
		CASE(mac__of_the_inventory__decides),
		CASE(mac__locally_administered__weak__group__nobodys),
		CASE(clones__one_host_key_on_two__weak_and_reported),
		CASE(clones__of_three_two_at_once__those_two_weak),
		CASE(clones__one_after_the_other__both_strong),
		cmocka_unit_test(owner__of_what_two_have__one_of_that_network),
		cmocka_unit_test(clones__made_after_the_move__weak),
		CASE(proxy_arp__a_routers_mac__is_the_routers),
		CASE(told__by_a_stack__is_one_machines),
		CASE(told__after_another_machine_answers__not_learned),
		CASE(move__the_mac_on_the_new_side),
		CASE(no_move__another_machine_on_the_new_address),
		CASE(moved__another_machine_takes_the_old_address__stays_moved),
		CASE(half_moved__the_old_address_still_its_own__dual),
		cmocka_unit_test(answers__on_the_old_side__strong_only_near_its_own_last_sight),
		CASE(legs__a_second_old_network__the_worst_counts),
		CASE(arp__on_the_old_side__is_no_presence),
		cmocka_unit_test(arp__heard_on_an_old_wire__is_presence),
		CASE(lease__given_back_or_lent_to_another__over),
	};
	return NF_RUN(tests, argc, argv);
}
