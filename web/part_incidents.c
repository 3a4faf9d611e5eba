// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/incidents.h"
#include "web/parts.h"

#define BUSY_MS	   50
#define KEPT_US	   (INT64_C(30) * 86400 * NF_US_PER_S)
#define LISTED_MAX 300

struct incident {
	int64_t number, opened_wall_us, ended_wall_us, told_wall_us, acknowledged_wall_us;
	char *title, *network, *by;
	enum nf_state state;
	enum nf_incident_phase phase;
};

struct incidents {
	struct incident *items;
	size_t len, cap;
};

static void keep(const struct nf_incident_row *row, void *arg)
{
	struct incidents *all = arg;
	all->items = nf_grow(all->items, all->len, &all->cap, sizeof *all->items);
	all->items[all->len++] = (struct incident){
		.number = row->number,
		.opened_wall_us = row->opened_wall_us,
		.ended_wall_us = row->ended_wall_us,
		.told_wall_us = row->told_wall_us,
		.acknowledged_wall_us = row->acknowledged_wall_us,
		.title = nf_xstrdup(row->title),
		.network = nf_xstrdup(row->network),
		.by = nf_xstrdup(row->acknowledged_by),
		.state = row->state,
		.phase = row->phase,
	};
}

static int newest_first(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;
	if ((x->phase == NF_INCIDENT_ENDED) != (y->phase == NF_INCIDENT_ENDED))
		return x->phase == NF_INCIDENT_ENDED ? 1 : -1;
	return x->number < y->number ? 1 : x->number > y->number ? -1 : 0;
}

struct told {
	struct nf_page *p;
	size_t people;
};

static void put_telling(const struct nf_telling_row *row, void *arg)
{
	struct told *t = arg;
	const char *name = row->contact;
	NF_EACH(struct nf_contact, contact, t->p->m->site->contacts)
	{
		if (strcmp(contact->id, row->contact) == 0)
			name = contact->name;
	}
	nf_html_text(t->p->h, t->people++ > 0 ? ", " : ": ");
	nf_html_text(t->p->h, name);
	if (row->escalated)
		nf_html_text(t->p->h, _(" (escalated)"));
}

struct members {
	size_t bad, all;
};

static void count_member(const struct nf_member_row *row, void *arg)
{
	struct members *count = arg;
	count->all++;
	count->bad += row->ended_wall_us == 0;
}

static void put_members(struct nf_page *p, struct nf_store *outbox, const struct incident *i)
{
	struct members count = {0};
	nf_members(outbox, i->number, count_member, &count);
	nf_html_open(p->h, "td", "class", "n", NULL);
	if (i->phase == NF_INCIDENT_ENDED || count.bad == count.all)
		nf_html_textf(p->h, "%zu", count.all);
	else
		nf_html_textf(p->h, _("%zu of %zu"), count.bad, count.all);
	nf_html_close(p->h);
}

static void put_phase(struct nf_page *p, struct nf_store *outbox, const struct incident *i)
{
	struct told told = {.p = p};
	if (i->phase == NF_INCIDENT_ENDED) {
		nf_html_text(p->h, _("over since "));
		nf_part_when(p, i->ended_wall_us);
	} else if (i->told_wall_us == 0) {
		nf_html_text(p->h, _("nobody was told yet"));
	} else {
		nf_html_text(p->h, _("told "));
		nf_part_when(p, i->told_wall_us);
	}
	if (i->told_wall_us != 0)
		nf_tellings(outbox, i->number, put_telling, &told);
	if (i->acknowledged_wall_us != 0) {
		nf_html_text(p->h, " ");
		nf_html_open(p->h, "span", "class", "tag", NULL);
		nf_html_textf(p->h, _("acknowledged by %s"), i->by);
		nf_html_close(p->h);
	}
}

static void put_incident(struct nf_page *p, struct nf_store *outbox, const struct incident *i)
{
	const struct nf_device *device = nf_site_device(p->m->site, i->title);
	const struct nf_network *network = nf_site_network(p->m->site, i->network);
	char number[32], id[32];
	snprintf(number, sizeof number, "#%lld", (long long)i->number);
	snprintf(id, sizeof id, "incident-%lld", (long long)i->number);
	nf_html_open(p->h, "tr", "id", id, NULL);
	nf_html_open(p->h, "td", NULL);
	nf_part_state(p, i->phase == NF_INCIDENT_ENDED ? NF_STATE_OK : i->state);
	nf_html_close(p->h);
	nf_html_el(p->h, "td", number, NULL);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	if (device != NULL)
		nf_part_device_link(p, device);
	else
		nf_html_text(p->h, i->title);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	if (network != NULL)
		nf_part_network_link(p, network);
	nf_html_close(p->h);
	nf_part_when_cell(p, i->opened_wall_us);
	put_members(p, outbox, i);
	nf_html_open(p->h, "td", "class", "wide", NULL);
	put_phase(p, outbox, i);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static enum nf_err read_all(
	const struct nf_model *m, struct nf_store **outbox, struct incidents *all)
{
	enum nf_err rc =
		nf_outbox_open(m->site->state_dir, NF_STORE_READ, BUSY_MS, outbox, NULL);
	if (rc == NF_OK)
		rc = nf_incidents(*outbox, m->now.wall_us - KEPT_US, keep, all);
	return rc;
}

void nf_part_incidents(struct nf_page *p)
{
	static const char *const heads[] = {N_("State"), N_("Number"), N_("Cause"),
		N_("Network"), N_("Since"), ">" N_("Checks"), N_("Told"), NULL};
	struct incidents all = {0};
	struct nf_store *outbox = NULL;
	enum nf_err rc = read_all(p->m, &outbox, &all);
	if (rc == NF_ENOENT) {
		nf_part_unknown(p, _("Not measured yet: nobody has judged incidents."));
	} else if (rc != NF_OK) {
		nf_part_unknown(p, _("The incidents cannot be read just now."));
	} else if (all.len == 0) {
		nf_html_el(p->h, "p", _("None in the last 30 days."), NULL);
	} else {
		qsort(all.items, all.len, sizeof *all.items, newest_first);
		nf_table_open(
			p, _("Incidents of the last 30 days, open ones first"), true, heads);
		for (size_t i = 0; i < all.len && i < LISTED_MAX; i++)
			put_incident(p, outbox, &all.items[i]);
		nf_table_close(p);
		nf_part_more(p, all.len > LISTED_MAX ? all.len - LISTED_MAX : 0);
	}
	for (size_t i = 0; i < all.len; i++) {
		free(all.items[i].title);
		free(all.items[i].network);
		free(all.items[i].by);
	}
	free(all.items);
	nf_store_close(outbox);
}
