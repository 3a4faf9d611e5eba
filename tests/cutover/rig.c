// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cutover/rig.h"

#include <stdio.h>
#include <string.h>

#include "store/cutover.h"

static const char site[] =
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], wire: [span], source: {address: 10.1.0.66}}\n"
	"  - {id: b, role: legacy, prefixes: [10.1.0.0/16], source: {address: 10.1.0.77}}\n"
	"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
	"snmp: [{id: v2, version: 2c, community_file: secrets/community}]\n"
	"waves: [{id: w, network: a, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n"
	"cutover: {quiet: 2h, quiet_kinds: [{kind: printer, lost_after: 10d}]}\n"
	"devices:\n"
	"  - {name: sw-1, kind: switch, network: a, address: 10.1.0.2, snmp: v2}\n"
	"  - {name: sw-7, kind: switch, network: a, address: 10.1.0.3, mac: \"" SW7 "\"}\n"
	"  - {name: gw, kind: firewall, network: a, address: 10.1.0.4, mac: \"" GW "\"}\n"
	"  - {name: sw-9, kind: switch, network: c, address: 10.100.0.2, snmp: v2}\n"
	"  - {name: sw-8, kind: switch, network: c, address: 10.100.0.3, snmp: v2, mac: \"" SW2
	"\"}\n"
	"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7,"
	" common_address: 10.100.0.7, mac: \"" PC "\", wave: w}\n"
	"  - {name: printer, kind: printer, network: a, address: 10.1.0.8}\n"
	"  - {name: panel, kind: other, network: a, address: 10.1.0.9, silent: true}\n";

int rig_make(void **state)
{
	return rig_make_site(state, site);
}

int rig_make_site(void **state, const char *rest)
{
	static struct rig rig;
	struct nf_error err;
	char yaml[3000];

	rig = (struct rig){.f = fixture_new()};
	snprintf(yaml, sizeof yaml,
		"site: {name: s, timezone: UTC, state_dir: %s/state}\n"
		"polling: {topology: 5m}\n%s",
		rig.f->folder, rest);
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

int rig_unmake(void **state)
{
	struct rig *r = *state;

	nf_recompute_free(r->recompute);
	nf_store_close(r->store);
	fixture_free(r->f);
	return 0;
}

void rig_fact(struct rig *r, const char *device, const char *name, const char *json, int64_t at)
{
	const struct nf_device *d = nf_site_device(r->f->site, device);

	assert_int_equal(nf_store_fact_put(
				 r->store, d->legs[0].network->id, device, name, json, T0 + at),
		NF_OK);
}

void rig_table(struct rig *r, const char *device, int64_t at, const char *fdb)
{
	rig_fact(r, device, "interfaces",
		"[{\"ifIndex\":1,\"ifName\":\"Gi0/1\"},{\"ifIndex\":2,\"ifName\":\"Gi0/2\"}]",
		at);
	rig_fact(r, device, "neighbours", "[]", at);
	rig_fact(r, device, "fdb", fdb, at);
}

void rig_pass(struct rig *r, int64_t at)
{
	struct nf_now now = {T0 + at, at + D};
	struct nf_error err = {0};

	enum nf_err e = nf_recompute_pass(r->recompute, r->f->site, now, &err);
	if (e != NF_OK)
		print_error("%s\n", err.text);
	assert_int_equal(e, NF_OK);
}

static void take_stage(const struct nf_stage_row *row, void *arg)
{
	struct found *f = arg;

	if (strcmp(row->device, f->device) != 0)
		return;
	snprintf(f->stage, sizeof f->stage, "%s", row->stage);
	snprintf(f->json, sizeof f->json, "%s", row->json);
}

struct found rig_stage_of(struct rig *r, const char *device)
{
	struct found f = {.device = device};

	assert_int_equal(nf_stages(r->store, take_stage, &f), NF_OK);
	return f;
}

static void take_network(const struct nf_network_row *row, void *arg)
{
	struct ready *n = arg;

	if (strcmp(row->network, "a") != 0)
		return;
	n->found = true;
	n->ready = row->ready;
	snprintf(n->blockers, sizeof n->blockers, "%s", row->blockers);
}

struct ready rig_network_of(struct rig *r)
{
	struct ready n = {0};

	assert_int_equal(nf_networks(r->store, take_network, &n), NF_OK);
	return n;
}

void rig_collect_hours(const struct nf_coverage *c, void *arg)
{
	uint64_t *sums = arg;

	sums[0] += c->seconds;
	sums[1] += (uint64_t)__builtin_popcountll(c->minutes);
}

void rig_heard(struct rig *r, const char *source, const char *by, const char *mac,
	const char *address, const char *place, int64_t at)
{
	struct nf_sighting s = {.network = "a",
		.source = source,
		.by = by,
		.kind = "mac",
		.value = mac,
		.address = address,
		.place = place,
		.detail = "",
		.day = (T0 + at) / D,
		.hours = 1,
		.first_wall_us = T0 + at,
		.last_wall_us = T0 + at,
		.count = 1};

	assert_int_equal(nf_sighting_put(r->store, &s), NF_OK);
}

static void take_progress(const struct nf_progress *p, void *arg)
{
	if (strcmp(p->network, "a") == 0)
		snprintf(arg, RIG_TEXT, "%s", p->json);
}

void rig_progress_of(struct rig *r, char out[RIG_TEXT])
{
	assert_int_equal(nf_progresses(r->store, "a", 0, take_progress, out), NF_OK);
}
