// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/sightings.h"
#include "web/parts.h"

#define LISTED_MAX    100
#define HOST_KEY_DAYS 30 /* a key not seen for so long is nobody's */

/* Somebody who showed an identity: a device of the inventory, or (device NULL) only an address. */
struct bearer {
	char *identity, *address;
	const struct nf_device *device;
	int64_t at_wall_us;
};

struct bearers {
	const struct nf_site *site;
	struct bearer *items;
	size_t len, cap;
};

static void add(struct bearers *all, const char *identity, const struct nf_device *device,
	const char *network, const char *address, int64_t at_wall_us)
{
	all->items = nf_grow(all->items, all->len, &all->cap, sizeof *all->items);
	all->items[all->len++] = (struct bearer){nf_xstrdup(identity),
		nf_xasprintf("%s %s", network, address), device, at_wall_us};
}

static void keep_engine(const struct nf_engine_row *row, void *arg)
{
	struct bearers *all = arg;
	char text[65];
	const struct nf_network *network = nf_site_network(all->site, row->network);
	const struct nf_device *device = NULL;
	struct nf_addr address;
	if (row->engine_id_len > 32)
		return;
	for (size_t i = 0; i < row->engine_id_len; i++)
		snprintf(text + 2 * i, 3, "%02x", row->engine_id[i]);
	text[2 * row->engine_id_len] = '\0';
	if (network != NULL && nf_addr_parse(row->address, &address) == NF_OK)
		device = nf_site_device_at(all->site, network, &address);
	add(all, text, device, row->network, row->address, row->at_wall_us);
}

static void keep_host_key(const struct nf_sighting *sighting, void *arg)
{
	struct bearers *all = arg;
	add(all, sighting->value, nf_site_device(all->site, sighting->by), sighting->network,
		sighting->by, sighting->last_wall_us);
}

static int by_identity(const void *a, const void *b)
{
	const struct bearer *x = a, *y = b;
	int order = strcmp(x->identity, y->identity);
	if (order == 0)
		order = strcmp(x->device != NULL ? x->device->name : x->address,
			y->device != NULL ? y->device->name : y->address);
	return order;
}

/* One device at two addresses is one bearer. */
static bool same_bearer(const struct bearer *a, const struct bearer *b)
{
	return a->device != NULL ? a->device == b->device : strcmp(a->address, b->address) == 0;
}

static void put_group(struct nf_page *p, const struct bearer *group, size_t len)
{
	int64_t last_us = 0;
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", group->identity, "scope", "row", "class", "code", NULL);
	nf_html_open(p->h, "td", "class", "wide", NULL);
	nf_html_open(p->h, "ul", "class", "children", NULL);
	for (size_t i = 0; i < len; i++) {
		if (group[i].at_wall_us > last_us)
			last_us = group[i].at_wall_us;
		if (i > 0 && same_bearer(&group[i], &group[i - 1]))
			continue;
		nf_html_open(p->h, "li", NULL);
		if (group[i].device != NULL)
			nf_part_device_link(p, group[i].device);
		else
			nf_html_text(p->h, group[i].address);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_part_when_cell(p, last_us);
	nf_html_close(p->h);
}

/* Rows for every identity that several bearers show; returns how many. */
static size_t put_groups(struct nf_page *p, const struct bearers *all, const char *caption)
{
	static const char *const heads[] = {
		N_("Identity"), N_("Shown by"), N_("Last seen"), NULL};
	size_t groups = 0;
	for (size_t from = 0, to; from < all->len; from = to) {
		size_t bearers = 1;
		for (to = from + 1; to < all->len && strcmp(all->items[to].identity,
							     all->items[from].identity) == 0;
			to++)
			bearers += !same_bearer(&all->items[to], &all->items[to - 1]);
		if (bearers < 2 || groups++ >= LISTED_MAX)
			continue;
		if (groups == 1)
			nf_table_open(p, caption, true, heads);
		put_group(p, &all->items[from], to - from);
	}
	if (groups > 0)
		nf_table_close(p);
	nf_part_more(p, groups > LISTED_MAX ? groups - LISTED_MAX : 0);
	return groups;
}

static void finish(struct nf_page *p, struct bearers *all, const char *caption,
	const char *none, const char *never)
{
	if (all->len > 0)
		qsort(all->items, all->len, sizeof *all->items, by_identity);
	if (all->len == 0)
		nf_part_unknown(p, never);
	else if (put_groups(p, all, caption) == 0)
		nf_html_el(p->h, "p", none, "class", "allwell", NULL);
	for (size_t i = 0; i < all->len; i++) {
		free(all->items[i].identity);
		free(all->items[i].address);
	}
	free(all->items);
}

void nf_part_twins(struct nf_page *p)
{
	const struct nf_ledger_filter seen = {
		.kind = "hostkey", .since_day = p->m->now.wall_us / NF_DAY_US - HOST_KEY_DAYS};
	struct bearers engines = {.site = p->m->site}, keys = {.site = p->m->site};
	if (p->m->store != NULL) {
		nf_store_engines(p->m->store, keep_engine, &engines);
		nf_sighting_sums(p->m->store, &seen, keep_host_key, &keys);
	}
	nf_section_open(p, "twins", _("Duplicate SNMP engine IDs"),
		_("Two agents with one identity: usually a copied configuration."));
	finish(p, &engines, _("Engine IDs that several agents show"),
		_("None among the agents that were met."),
		_("Not measured yet: no SNMPv3 agent was met."));
	nf_section_close(p);
	nf_section_open(p, "hostkeys", _("Duplicate SSH host keys"),
		_("Two servers with one key: usually a copied machine. Whoever holds one of them can pose as the other."));
	finish(p, &keys, _("Host keys that several servers show"),
		_("None among the servers that were looked at."),
		_("Not measured yet: no server was looked at."));
	nf_section_close(p);
}
