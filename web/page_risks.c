// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/store.h"
#include "web/parts.h"

#define OLD_YEARS   7
#define YEAR_US	    (INT64_C(31557600) * NF_US_PER_S)
#define MANY_BEHIND 3
#define LISTED_MAX  200

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

static void put_age(struct nf_page *p, const struct nf_device *d)
{
	char when[NF_TIME_MAX];
	nf_html_open(p->h, "span", "class", "tag", NULL);
	nf_html_textf(p->h, _("%lld years, of %s"),
		(long long)((p->m->now.wall_us - d->acquired_wall_us) / YEAR_US),
		nf_date_text(d->acquired_wall_us, when));
	nf_html_close(p->h);
}

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
		if (risk->fn == is_old)
			put_age(p, d);
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
	nf_part_more(p, len > LISTED_MAX ? len - LISTED_MAX : 0);
	nf_section_close(p);
	free(singles);
	free(below);
}

void nf_page_risks(struct nf_page *p)
{
	nf_layout_begin(p, _("Inventory risks"), NULL);
	nf_section_open(p, "gaps", _("What is missing"), NULL);
	for (size_t i = 0; i < sizeof risks / sizeof *risks; i++)
		put_risk(p, &risks[i]);
	nf_section_close(p);
	put_singles(p);
	nf_part_twins(p);
	nf_layout_end(p);
}
