// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/parts.h"

#include <string.h>

#include "base/i18n.h"

static const char *kind_word(const char *kind)
{
	static const struct {
		const char *kind, *word;
	} words[] = {
		{"state",	  N_("State")	     },
		{"flapping", N_("Began to flap")	},
		{"steady",   N_("Steady again")     },
		{"removed",  N_("Removed")		 },
		{"reload",   N_("Reload")	       },
		{"finding",  N_("Finding")		 },
		{"stage",	  N_("Stage of its move")},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].kind, kind) == 0)
			return _(words[i].word);
	return kind;
}

static void put_subject(struct nf_page *p, const struct nf_model_event *e)
{
	const struct nf_device *device = nf_site_device(p->m->site, e->device);
	const struct nf_network *network = nf_site_network(p->m->site, e->network);
	if (device != NULL)
		nf_part_device_link(p, device);
	else if (*e->device != '\0')
		nf_html_text(p->h, e->device);
	else if (network != NULL)
		nf_part_network_link(p, network);
	else
		nf_html_text(p->h, *e->network != '\0' ? e->network : _("this monitor"));
}

static void put_change(struct nf_page *p, const struct nf_model_event *e)
{
	if (strcmp(e->kind, "state") != 0) {
		nf_html_text(p->h, kind_word(e->kind));
		return;
	}
	nf_part_state(p, e->before);
	nf_html_el(p->h, "span", "→", "class", "arrow", NULL);
	nf_part_state(p, e->after);
}

static void put_event(struct nf_page *p, const struct nf_model_event *e)
{
	struct nf_html *h = p->h;
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_moment(p, e->at_wall_us);
	nf_html_close(h);
	nf_html_open(h, "th", "scope", "row", NULL);
	put_subject(p, e);
	nf_html_close(h);
	nf_html_el(h, "td", e->check, NULL);
	nf_html_open(h, "td", "class", "change", NULL);
	put_change(p, e);
	nf_html_close(h);
	nf_html_open(h, "td", "class", "wide", NULL);
	nf_html_text(h, e->output);
	if (*e->cause != '\0')
		nf_html_textf(h, _(" (because of %s)"), e->cause);
	if (*e->maintenance != '\0')
		nf_html_el(h, "span", e->maintenance, "class", "tag", NULL);
	nf_html_close(h);
	nf_html_close(h);
}

void nf_part_events(struct nf_page *p, const char *device, const char *network,
	const char *check, size_t limit)
{
	static const char *const heads[] = {
		N_("When"), N_("What"), N_("Check"), N_("Change"), N_("Says"), NULL};
	const struct nf_model *m = p->m;
	size_t put = 0;
	for (size_t i = 0; i < m->events_len && put < limit; i++) {
		const struct nf_model_event *e = &m->events[i];
		if (device != NULL && strcmp(device, e->device) != 0)
			continue;
		if (network != NULL && strcmp(network, e->network) != 0)
			continue;
		if (check != NULL && strcmp(check, e->check) != 0)
			continue;
		if (put++ == 0)
			nf_table_open(p, _("Events, newest first"), true, heads);
		put_event(p, e);
	}
	if (put > 0)
		nf_table_close(p);
	else
		nf_part_unknown(p, _("No event among the newest that are kept here."));
}
