// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/mem.h"
#include "checks/cutover/coverage.h"
#include "checks/cutover/gather_own.h"

#define SINCE	   "cutover.gathered_us"
#define OVERLAP_US (600 * NF_US_PER_S) /* facts of one round are written in any order */
#define ENGINE_US  (600 * NF_US_PER_S) /* an engine answers every minute: that often is enough */
/* A forwarding entry lives for 300 s by default (IEEE 802.1D-2004 7.9.2); readings are not so punctual. */
#define SHOWN_US (300 * NF_US_PER_S)
#define SLACK_US (30 * NF_US_PER_S)
#define BATCH	 400 /* sightings a transaction */

static const char *const fact_names[NF_FACT_KINDS] = {"fdb", "arp", "neighbours", "lldp_ports",
	"cdp_neighbours", "entities", "system", "interfaces", "leg", "ping"};

/* Which facts of a device were taken last. */
struct taken {
	char *device;
	int64_t at_us[NF_FACT_KINDS];
	int64_t engine_us;
	bool is_due;
	UT_hash_handle hh;
};

struct switch_mac {
	char mac[NF_MAC_TEXT_MAX];
	const struct nf_device *device;
	UT_hash_handle hh;
};

struct nf_gather {
	struct nf_store *store;
	struct taken *taken;
	struct switch_mac *macs;
	const struct nf_site *site;	  /* of the run */
	const struct nf_device *device;	  /* whose facts come now */
	const struct nf_network *network; /* and where it was asked */
	int64_t since_us, newest_us;
	bool began;
	size_t open; /* sightings in the transaction; 0: none is open */
	uint64_t *count;
};

struct nf_gather *nf_gather_new(struct nf_store *store)
{
	struct nf_gather *g = nf_xcalloc(1, sizeof *g);

	g->store = store;
	return g;
}

static void forget_macs(struct nf_gather *g)
{
	struct switch_mac *m, *next;

	HASH_ITER (hh, g->macs, m, next) {
		HASH_DEL(g->macs, m);
		free(m);
	}
}

void nf_gather_free(struct nf_gather *g)
{
	struct taken *t, *next;

	if (!g)
		return;
	HASH_ITER (hh, g->taken, t, next) {
		HASH_DEL(g->taken, t);
		free(t->device);
		free(t);
	}
	forget_macs(g);
	free(g);
}

static struct taken *taken_of(struct nf_gather *g, const char *device)
{
	struct taken *t;

	HASH_FIND_STR(g->taken, device, t);
	if (!t) {
		t = nf_xcalloc(1, sizeof *t);
		t->device = nf_xstrdup(device);
		HASH_ADD_KEYPTR(hh, g->taken, t->device, strlen(t->device), t);
	}
	/* A clock that was ahead dated them. */
	for (size_t i = 0; i < NF_FACT_KINDS; i++) {
		if (t->at_us[i] > g->newest_us)
			t->at_us[i] = 0;
	}
	return t;
}

/* MACs of the inventory's switches: what they told last, and the inventory's. */
static void add_mac(struct nf_gather *g, const struct nf_device *device, const char *text)
{
	struct switch_mac *m;
	struct nf_mac mac;
	char key[NF_MAC_TEXT_MAX];

	if (nf_mac_parse(text, &mac) != NF_OK)
		return;
	nf_mac_format(&mac, key);
	HASH_FIND_STR(g->macs, key, m);
	if (m)
		return;
	m = nf_xcalloc(1, sizeof *m);
	memcpy(m->mac, key, sizeof key);
	m->device = device;
	HASH_ADD_STR(g->macs, mac, m);
}

/* Whether what is behind this switch is that switch's to say. One of the same network that nobody asks says nothing,
 * and who is behind it is seen at the port that leads there. */
static bool says_itself(const struct nf_gather *g, const struct nf_device *other)
{
	return other != g->device && (other->snmp || other->legs[0].network != g->network);
}

static bool is_switch_mac(const char *text, void *arg)
{
	const struct nf_gather *g = arg;
	struct switch_mac *m;
	struct nf_mac mac;
	char key[NF_MAC_TEXT_MAX];

	if (nf_mac_parse(text, &mac) != NF_OK)
		return false;
	nf_mac_format(&mac, key);
	HASH_FIND_STR(g->macs, key, m);
	return m && says_itself(g, m->device);
}

/* "sw-2.example.se" is sw-2. */
static bool is_switch_name(const char *text, void *arg)
{
	const struct nf_gather *g = arg;
	char name[256];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ".("), text);
	const struct nf_device *d = nf_site_device(g->site, text);
	if (!d)
		d = nf_site_device(g->site, name);
	return d && d->kind == NF_KIND_SWITCH && says_itself(g, d);
}

static void learn_mac(const struct nf_sighting *s, void *arg)
{
	struct nf_gather *g = arg;
	const struct nf_device *d = nf_site_device(g->site, s->by);

	if (d && d->kind == NF_KIND_SWITCH && strcmp(s->source, "snmp") == 0)
		add_mac(g, d, s->value);
}

static enum nf_err learn_macs(struct nf_gather *g)
{
	const struct nf_ledger_filter macs = {.kind = "mac"};

	forget_macs(g);
	NF_EACH(const struct nf_device, d, g->site->devices)
	{
		char text[NF_MAC_TEXT_MAX];

		if (d->kind == NF_KIND_SWITCH && d->legs[0].has_mac)
			add_mac(g, d, nf_mac_format(&d->legs[0].mac, text));
	}
	return nf_sighting_sums(g->store, &macs, learn_mac, g);
}

static void note_due(const char *network, const char *device, const char *name,
	const char *json, int64_t at_us, void *arg)
{
	struct nf_gather *g = arg;
	struct taken *t;

	(void)json;
	for (size_t i = 0; i < NF_FACT_KINDS; i++) {
		if (strcmp(fact_names[i], name) != 0 || at_us > g->newest_us)
			continue;
		const struct nf_device *d = nf_site_device(g->site, device);
		if (!d || strcmp(d->legs[0].network->id, network) != 0)
			continue;
		t = taken_of(g, device);
		t->is_due = t->is_due || at_us > t->at_us[i];
	}
}

struct loading {
	struct nf_gather *g;
	struct nf_device_facts *facts;
	const struct taken *taken;
};

static void take_fact(const char *network, const char *device, const char *name,
	const char *json, int64_t at_us, void *arg)
{
	struct loading *l = arg;

	(void)network;
	(void)device;
	for (size_t i = 0; i < NF_FACT_KINDS; i++) {
		if (strcmp(fact_names[i], name) != 0 || l->facts->facts[i])
			continue;
		l->facts->facts[i] = json_loads(json, JSON_DECODE_ANY, NULL);
		l->facts->at_us[i] = at_us;
		l->facts->fresh[i] = at_us > l->taken->at_us[i] && at_us > l->g->since_us &&
				     at_us <= l->g->newest_us;
	}
}

struct looking {
	const struct nf_sighting *for_it;
	bool found;
};

static void compare(const struct nf_sighting *s, void *arg)
{
	struct looking *l = arg;

	l->found = l->found || (strcmp(s->source, l->for_it->source) == 0 &&
				       strcmp(s->by, l->for_it->by) == 0 &&
				       strcmp(s->address, l->for_it->address) == 0);
}

/* What only says that it was so is noted when it is new, and dates nothing anew. */
static enum nf_err is_known(struct nf_gather *g, const struct nf_sighting *s, bool *known)
{
	const struct nf_ledger_filter same = {
		.network = s->network, .kind = s->kind, .value = s->value};
	struct looking l = {.for_it = s};
	enum nf_err e = nf_sighting_sums(g->store, &same, compare, &l);

	*known = l.found;
	return e;
}

static enum nf_err sink(const struct nf_sighting *s, void *arg)
{
	struct nf_gather *g = arg;
	struct nf_sighting counted = *s;

	if (s->count == 0) {
		bool known = false;
		enum nf_err e = is_known(g, s, &known);
		if (e != NF_OK || known)
			return e;
		counted.count = 1;
	}
	g->open++;
	++*g->count;
	return nf_sighting_put(g->store, &counted);
}

/* What is known of a switch's tables: when the last one was read, and since when they follow one another so
 * closely that nothing was missed. */
struct tables {
	int64_t at_us, since_us;
};

static enum nf_err cover(struct nf_gather *g, const struct nf_device_facts *f,
	const struct nf_network *network, int64_t from_us, int64_t since_us)
{
	int64_t at_us = f->at_us[NF_FACT_FDB];
	char sensor[300];
	struct nf_coverage c = {.network = network->id,
		.sensor = sensor,
		.frames = json_array_size(f->facts[NF_FACT_FDB])};
	enum nf_err e = NF_OK;

	snprintf(sensor, sizeof sensor, "snmp:%s", f->device->name);
	while (e == NF_OK && from_us < at_us) {
		int64_t end_us = (from_us / NF_HOUR_US + 1) * NF_HOUR_US;
		/* The minute in which two intervals meet is whole only with the earlier one. */
		int64_t begin_us = from_us - from_us % NF_MINUTE_US;

		c.hour = from_us / NF_HOUR_US;
		if (end_us > at_us)
			end_us = at_us;
		c.minutes = nf_minutes_of(
			c.hour, begin_us >= since_us ? begin_us : from_us, end_us);
		/* By whole seconds of the clock, so that nothing is lost there. */
		c.seconds = (uint32_t)(end_us / NF_US_PER_S - from_us / NF_US_PER_S);
		e = nf_coverage_put(g->store, &c);
		from_us = end_us;
	}
	return e;
}

/* A table shows who spoke in the last minutes: in a longer time between two of them somebody may have come and
 * gone. After a gap only what is new counts. */
static enum nf_err cover_since(
	struct nf_gather *g, const struct nf_device_facts *f, struct tables *tables)
{
	int64_t at_us = f->at_us[NF_FACT_FDB], from_us = tables->at_us;
	int64_t most_us = 2 * g->site->polling.topology_us + 60 * NF_US_PER_S;

	if (from_us <= 0 || from_us >= at_us || at_us - from_us > most_us) {
		*tables = (struct tables){at_us, at_us};
		return NF_OK;
	}
	if (at_us - from_us > SHOWN_US + SLACK_US)
		from_us = tables->since_us = at_us - SHOWN_US;
	tables->at_us = at_us;
	enum nf_err e = cover(g, f, f->network, from_us, tables->since_us);
	const struct nf_network *mixed_with = nf_facts_mixed_with(f);
	if (e == NF_OK && mixed_with)
		e = cover(g, f, mixed_with, from_us, tables->since_us);
	return e;
}

static struct tables read_tables(struct nf_gather *g, const char *name)
{
	struct tables t = {0};
	char *text = NULL, *end;

	if (nf_store_value_get(g->store, name, &text) == NF_OK) {
		t.at_us = t.since_us = strtoll(text, &end, 10);
		if (*end == ' ')
			t.since_us = strtoll(end, NULL, 10);
	}
	free(text);
	return t;
}

static enum nf_err take_coverage(struct nf_gather *g, const struct nf_device_facts *f)
{
	char *name, text[48];
	enum nf_err e = NF_OK;

	if (!f->fresh[NF_FACT_FDB] || !json_is_array(f->facts[NF_FACT_FDB]))
		return NF_OK;
	name = nf_xasprintf("cutover.table %s", f->device->name);
	struct tables tables = read_tables(g, name);
	if (tables.at_us < f->at_us[NF_FACT_FDB] || tables.at_us > g->newest_us) {
		e = cover_since(g, f, &tables);
		snprintf(text, sizeof text, "%lld %lld", (long long)tables.at_us,
			(long long)tables.since_us);
		if (e == NF_OK)
			e = nf_store_value_put(g->store, name, text);
	}
	free(name);
	return e;
}

static const struct nf_leg *leg_of(const struct nf_device_facts *f)
{
	const char *network =
		json_string_value(json_object_get(f->facts[NF_FACT_LEG], "network"));

	for (size_t i = 1; network && i < f->device->legs_len; i++) {
		if (strcmp(f->device->legs[i].network->id, network) == 0)
			return &f->device->legs[i];
	}
	return &f->device->legs[0];
}

static enum nf_err write_device(struct nf_gather *g, struct nf_device_facts *f)
{
	enum nf_err e = g->open ? NF_OK : nf_store_begin(g->store);

	if (e != NF_OK)
		return e;
	g->open++;
	e = nf_facts_to_sightings(f, sink, g);
	if (e == NF_OK)
		e = take_coverage(g, f);
	if (e == NF_OK && g->open > BATCH) {
		e = nf_store_commit(g->store);
		g->open = 0;
	}
	return e;
}

static enum nf_err take_device(struct nf_gather *g, struct taken *t)
{
	char address[NF_ADDR_TEXT_MAX];
	struct nf_device_facts f = {.site = g->site,
		.device = nf_site_device(g->site, t->device),
		.is_switch_mac = is_switch_mac,
		.is_switch_name = is_switch_name,
		.arg = g};
	struct loading loading = {g, &f, t};
	enum nf_err e;

	if (!f.device)
		return NF_OK;
	g->device = f.device;
	e = nf_store_facts(
		g->store, f.device->legs[0].network->id, t->device, take_fact, &loading);
	const struct nf_leg *leg = leg_of(&f);
	f.network = g->network = leg->network;
	f.address = nf_addr_format(&leg->address, address);
	if (e == NF_OK)
		e = write_device(g, &f);
	for (size_t i = 0; i < NF_FACT_KINDS; i++) {
		if (e == NF_OK && f.fresh[i])
			t->at_us[i] = f.at_us[i];
		json_decref(f.facts[i]);
	}
	return e;
}

static void take_engine(const struct nf_engine_row *row, void *arg)
{
	struct nf_gather *g = arg;
	const struct nf_network *network = nf_site_network(g->site, row->network);
	struct nf_sighting s = nf_sighting_at(row->at_wall_us);
	struct nf_addr address;
	char hex[65] = "";

	if (!network || row->at_wall_us <= g->since_us || row->at_wall_us > g->newest_us ||
		row->engine_id_len > 32 || nf_addr_parse(row->address, &address) != NF_OK)
		return;
	const struct nf_device *device = nf_site_device_at(g->site, network, &address);
	if (!device)
		return;
	struct taken *taken = taken_of(g, device->name);
	int64_t since_us = row->at_wall_us - taken->engine_us;
	if (since_us >= 0 && since_us < ENGINE_US)
		return;
	taken->engine_us = row->at_wall_us;
	for (size_t i = 0; i < row->engine_id_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", row->engine_id[i]);
	s.network = row->network;
	s.source = "snmp";
	s.by = device->name;
	s.kind = "engine";
	s.value = hex;
	s.address = row->address;
	sink(&s, g);
}

static enum nf_err finish(struct nf_gather *g)
{
	char since[24];
	int64_t next_us = g->newest_us - OVERLAP_US;
	enum nf_err e = g->open ? NF_OK : nf_store_begin(g->store);

	if (e != NF_OK)
		return e;
	g->open++;
	e = nf_store_engines(g->store, take_engine, g);
	if (next_us > g->since_us) {
		snprintf(since, sizeof since, "%lld", (long long)next_us);
		if (e == NF_OK)
			e = nf_store_value_put(g->store, SINCE, since);
	}
	if (e == NF_OK)
		e = nf_store_commit(g->store);
	if (e == NF_OK) {
		g->open = 0;
		g->since_us = next_us > g->since_us ? next_us : g->since_us;
	}
	return e;
}

static void read_since(struct nf_gather *g)
{
	char *text = NULL;

	if (nf_store_value_get(g->store, SINCE, &text) == NF_OK)
		g->since_us = strtoll(text, NULL, 10);
	/* A clock that was ahead wrote it. */
	if (g->since_us > g->newest_us)
		g->since_us = g->newest_us - NF_DAY_US;
	free(text);
}

enum nf_err nf_gather_run(
	struct nf_gather *g, const struct nf_site *site, int64_t newest_us, uint64_t *sightings)
{
	struct taken *t, *next;
	enum nf_err e;

	*sightings = 0;
	g->site = site;
	g->newest_us = newest_us;
	g->count = sightings;
	read_since(g);
	e = learn_macs(g);
	if (e == NF_OK)
		e = nf_store_facts_since(g->store, g->since_us, note_due, g);
	HASH_ITER (hh, g->taken, t, next) {
		if (e == NF_OK && t->is_due)
			e = take_device(g, t);
		if (e == NF_OK)
			t->is_due = false;
	}
	if (e == NF_OK)
		e = finish(g);
	if (!g->open)
		return e;
	nf_store_rollback(g->store);
	g->open = 0;
	/* What was not committed is taken again; what was, merges. */
	HASH_ITER (hh, g->taken, t, next) {
		memset(t->at_us, 0, sizeof t->at_us);
		t->engine_us = 0;
	}
	return e;
}
