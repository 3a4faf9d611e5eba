// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/sightings.h"
#include "web/parts.h"

#define OLD_YEARS     7
#define YEAR_US	      (INT64_C(31557600) * NF_US_PER_S)
#define MANY_BEHIND   3
#define LISTED_MAX    200
#define HOST_KEY_DAYS 30

typedef bool risk_fn(const struct nf_model *m, const struct nf_device *d);

static bool no_owner(const struct nf_model *m, const struct nf_device *d)
{
	(void)m;
	return d->owner == NULL;
}

static bool no_deputy(const struct nf_model *m, const struct nf_device *d)
{
	(void)m;
	return d->deputy == NULL;
}

static bool no_runbook(const struct nf_model *m, const struct nf_device *d)
{
	(void)m;
	return d->runbook == NULL;
}

static bool no_backup(const struct nf_model *m, const struct nf_device *d)
{
	if (d->kind != NF_KIND_SERVER)
		return false;
	NF_EACH(struct nf_backup, job, m->site->backups)
	{
		if (job->device == d)
			return false;
	}
	NF_EACH(struct nf_waiver, waiver, m->site->waivers)
	{
		if (waiver->device == d && waiver->until_wall_us > m->now.wall_us)
			return false;
	}
	return true;
}

static bool is_old(const struct nf_model *m, const struct nf_device *d)
{
	return d->acquired_wall_us != 0 &&
	       m->now.wall_us - d->acquired_wall_us > OLD_YEARS * YEAR_US;
}

static bool no_acquired(const struct nf_model *m, const struct nf_device *d)
{
	(void)m;
	return d->acquired_wall_us == 0;
}

static bool not_asked(const struct nf_model *m, const struct nf_device *d)
{
	(void)m;
	return d->snmp == NULL && d->kind != NF_KIND_WORKSTATION && d->kind != NF_KIND_PHONE;
}

static const struct risk {
	const char *id, *heading, *why;
	risk_fn *fn;
} risks[] = {
	{"no-backup",   N_("Server without backup"),
		N_("No job and no valid waiver: what is on it can be lost."),				      no_backup  },
	{"no-owner",    N_("No owner"),		     N_("Nobody is named who answers for it."),		no_owner	},
	{"no-deputy",   N_("No deputy"),	       N_("Only one person knows it, or nobody."),	   no_deputy  },
	{"no-runbook",  N_("No runbook"),		 N_("What to do when it fails is not written down."),
		no_runbook												  },
	{"old",		N_("Old hardware"),	    N_("Acquired more than seven years ago."),	       is_old     },
	{"no-acquired", N_("Age not known"),
		N_("The inventory does not say when it was acquired."),						no_acquired},
	{"not-asked",   N_("Only pinged"),
		N_("The inventory does not say how to ask it over SNMP."),					   not_asked  },
};

static void put_risk(struct nf_page *p, const struct risk *risk)
{
	size_t count = 0;
	char number[32];
	NF_EACH(struct nf_device, d, p->m->site->devices)
	count += risk->fn(p->m, d);
	snprintf(number, sizeof number, "%zu", count);
	nf_html_open(p->h, "details", "class", "risk", "id", risk->id, NULL);
	nf_html_open(p->h, "summary", NULL);
	nf_html_el(p->h, "span", number, "class", count > 0 ? "count" : "count none", NULL);
	nf_html_el(p->h, "span", _(risk->heading), "class", "name", NULL);
	nf_html_el(p->h, "span", _(risk->why), "class", "why", NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "ul", "class", "names", NULL);
	size_t listed = 0;
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		if (!risk->fn(p->m, d) || listed >= LISTED_MAX)
			continue;
		listed++;
		nf_html_open(p->h, "li", NULL);
		nf_part_device_link(p, d);
		nf_html_close(p->h);
	}
	if (count > listed) {
		nf_html_open(p->h, "li", NULL);
		nf_html_textf(p->h, _("and %zu more"), count - listed);
		nf_html_close(p->h);
	}
	if (count == 0)
		nf_html_el(p->h, "li", _("none"), NULL);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

/* Parents in the inventory's order may come after their children, so each climbs to its roots. */
static size_t *count_below(const struct nf_model *m)
{
	size_t len = m->site->devices.len;
	size_t *below = nf_xcalloc(len + 1, sizeof *below);
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		size_t steps = 0;
		for (const struct nf_device *up = d->parent; up != NULL && steps++ < len;
			up = up->parent)
			below[up->index]++;
	}
	return below;
}

struct single {
	const struct nf_device *device;
	size_t below;
};

static int most_first(const void *a, const void *b)
{
	const struct single *x = a, *y = b;
	if (x->below != y->below)
		return x->below < y->below ? 1 : -1;
	return x->device < y->device ? -1 : x->device > y->device;
}

static void put_singles(struct nf_page *p)
{
	static const char *const heads[] = {
		N_("State"), N_("Device"), N_("Kind"), ">" N_("Devices behind it"), NULL};
	const struct nf_model *m = p->m;
	size_t *below = count_below(m), len = 0;
	struct single *singles = nf_xcalloc(m->site->devices.len + 1, sizeof *singles);
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		if (below[d->index] >= MANY_BEHIND)
			singles[len++] = (struct single){d, below[d->index]};
	}
	qsort(singles, len, sizeof *singles, most_first);
	nf_section_open(p, "single", _("Single points of failure"),
		_("When one of these fails, all that is behind it is gone."));
	if (len == 0)
		nf_html_el(p->h, "p",
			_("No device has many behind it, as far as parents are named."), NULL);
	else
		nf_table_open(p, _("Devices with many behind them"), true, heads);
	for (size_t i = 0; i < len && i < LISTED_MAX; i++) {
		char number[32];
		snprintf(number, sizeof number, "%zu", singles[i].below);
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_state(p, m->picture.devices[singles[i].device->index].state);
		nf_html_close(p->h);
		nf_html_open(p->h, "th", "scope", "row", NULL);
		nf_part_device_link(p, singles[i].device);
		nf_html_close(p->h);
		nf_html_el(p->h, "td", nf_kind_word(singles[i].device->kind), NULL);
		nf_html_el(p->h, "td", number, "class", "n", NULL);
		nf_html_close(p->h);
	}
	if (len > 0)
		nf_table_close(p);
	nf_section_close(p);
	free(singles);
	free(below);
}

struct engine {
	uint8_t id[32];
	size_t len;
	char *where;
};

struct engines {
	struct engine *items;
	size_t len, cap;
};

static void keep_engine(const struct nf_engine_row *row, void *arg)
{
	struct engines *e = arg;
	if (row->engine_id_len > sizeof e->items->id)
		return;
	e->items = nf_grow(e->items, e->len, &e->cap, sizeof *e->items);
	struct engine *one = &e->items[e->len++];
	*one = (struct engine){.len = row->engine_id_len};
	memcpy(one->id, row->engine_id, row->engine_id_len);
	one->where = nf_xasprintf("%s %s", row->network, row->address);
}

static int by_engine(const void *a, const void *b)
{
	const struct engine *x = a, *y = b;
	return memcmp(x->id, y->id, sizeof x->id);
}

static void put_twins(struct nf_page *p)
{
	struct engines e = {0};
	size_t found = 0;
	nf_section_open(p, "twins", _("Duplicate SNMP engine IDs"),
		_("Two agents with one identity: usually a copied configuration."));
	if (p->m->store != NULL)
		nf_store_engines(p->m->store, keep_engine, &e);
	if (e.len > 0)
		qsort(e.items, e.len, sizeof *e.items, by_engine);
	for (size_t i = 1; i < e.len; i++) {
		if (e.items[i].len != e.items[i - 1].len ||
			by_engine(&e.items[i], &e.items[i - 1]) != 0)
			continue;
		if (found++ == 0)
			nf_html_open(p->h, "ul", NULL);
		nf_html_open(p->h, "li", NULL);
		nf_html_textf(p->h, "%s = %s", e.items[i - 1].where, e.items[i].where);
		nf_html_close(p->h);
	}
	if (found > 0)
		nf_html_close(p->h);
	else if (e.len > 0)
		nf_html_el(p->h, "p", _("None among the agents that were met."), NULL);
	else
		nf_part_unknown(p, _("Not measured yet: no SNMPv3 agent was met."));
	nf_section_close(p);
	for (size_t i = 0; i < e.len; i++)
		free(e.items[i].where);
	free(e.items);
}

struct host_key {
	char *value, *device;
};

struct host_keys {
	struct host_key *items;
	size_t len, cap;
};

static void keep_host_key(const struct nf_sighting *sighting, void *arg)
{
	struct host_keys *keys = arg;
	keys->items = nf_grow(keys->items, keys->len, &keys->cap, sizeof *keys->items);
	keys->items[keys->len++] =
		(struct host_key){nf_xstrdup(sighting->value), nf_xstrdup(sighting->by)};
}

static int by_host_key(const void *a, const void *b)
{
	const struct host_key *x = a, *y = b;
	int order = strcmp(x->value, y->value);
	return order != 0 ? order : strcmp(x->device, y->device);
}

static void put_host_keys(struct nf_page *p)
{
	const struct nf_ledger_filter filter = {
		.kind = "hostkey", .since_day = p->m->now.wall_us / NF_DAY_US - HOST_KEY_DAYS};
	struct host_keys keys = {0};
	size_t found = 0;
	if (p->m->store != NULL)
		nf_sighting_sums(p->m->store, &filter, keep_host_key, &keys);
	if (keys.len > 0)
		qsort(keys.items, keys.len, sizeof *keys.items, by_host_key);
	for (size_t i = 1; i < keys.len; i++) {
		const struct host_key *a = &keys.items[i - 1], *b = &keys.items[i];
		if (strcmp(a->value, b->value) != 0 || strcmp(a->device, b->device) == 0)
			continue;
		if (found++ == 0)
			nf_html_open(p->h, "ul", NULL);
		nf_html_open(p->h, "li", NULL);
		nf_html_textf(p->h, "%s = %s: %s", a->device, b->device, a->value);
		nf_html_close(p->h);
	}
	if (found > 0)
		nf_html_close(p->h);
	else if (keys.len > 0)
		nf_html_el(p->h, "p", _("None among the servers that were looked at."), NULL);
	else
		nf_part_unknown(p, _("Not measured yet: no server was looked at."));
	for (size_t i = 0; i < keys.len; i++) {
		free(keys.items[i].value);
		free(keys.items[i].device);
	}
	free(keys.items);
}

void nf_page_risks(struct nf_page *p)
{
	nf_layout_begin(p, _("Inventory risks"), NULL);
	nf_section_open(p, "gaps", _("What is missing"), NULL);
	for (size_t i = 0; i < sizeof risks / sizeof *risks; i++)
		put_risk(p, &risks[i]);
	nf_section_close(p);
	put_singles(p);
	put_twins(p);
	nf_section_open(p, "hostkeys", _("Duplicate SSH host keys"), NULL);
	put_host_keys(p);
	nf_section_close(p);
	nf_layout_end(p);
}
