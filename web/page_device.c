// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "web/facts.h"
#include "web/parts.h"

static void put_link_term(struct nf_page *p, const char *term, const struct nf_device *device)
{
	nf_html_el(p->h, "dt", term, NULL);
	nf_html_open(p->h, "dd", NULL);
	nf_part_state(p, p->m->picture.devices[device->index].state);
	nf_html_text(p->h, " ");
	nf_part_device_link(p, device);
	nf_html_close(p->h);
}

static void put_addresses(struct nf_page *p, const struct nf_device *d)
{
	char address[NF_ADDR_TEXT_MAX], mac[NF_MAC_TEXT_MAX];
	for (size_t i = 0; i < d->legs_len; i++) {
		nf_html_el(p->h, "dt", _("Address"), NULL);
		nf_html_open(p->h, "dd", NULL);
		nf_html_el(p->h, "span", nf_addr_format(&d->legs[i].address, address), "class",
			"code", NULL);
		nf_html_text(p->h, " ");
		nf_part_network_link(p, d->legs[i].network);
		nf_html_close(p->h);
	}
	if (d->legs[0].has_mac)
		nf_part_term(p, _("MAC"), nf_mac_format(&d->legs[0].mac, mac));
}

static void put_who(struct nf_page *p, const struct nf_device *d)
{
	char when[NF_TIME_MAX];
	nf_part_term(p, _("Kind"), nf_kind_word(d->kind));
	nf_part_term(p, _("Owner"), d->owner != NULL ? d->owner : _("nobody is named"));
	nf_part_term(p, _("Deputy"), d->deputy != NULL ? d->deputy : _("nobody is named"));
	nf_part_term(p, _("Runbook"), d->runbook != NULL ? d->runbook : _("there is none"));
	if (d->service != NULL)
		nf_part_term(p, _("Service"),
			d->service->name != NULL ? d->service->name : d->service->id);
	if (d->wave != NULL)
		nf_part_term(p, _("Wave"), d->wave->id);
	if (d->acquired_wall_us != 0)
		nf_part_term(p, _("Acquired"), nf_date_text(d->acquired_wall_us, when));
	NF_EACH(struct nf_pair, pair, d->other)
	nf_part_term(p, pair->key, pair->value);
}

static void put_children(struct nf_page *p, const struct nf_device *d)
{
	size_t count = 0, shown = 40;
	for (uint32_t i = p->m->first_child[d->index]; i != NF_MODEL_NONE;
		i = p->m->next_sibling[i])
		count++;
	if (count == 0)
		return;
	nf_html_el(p->h, "dt", _("Behind it"), NULL);
	nf_html_open(p->h, "dd", NULL);
	nf_html_open(p->h, "ul", "class", "children", NULL);
	for (uint32_t i = p->m->first_child[d->index]; i != NF_MODEL_NONE && shown > 0;
		i = p->m->next_sibling[i], shown--) {
		nf_html_open(p->h, "li", NULL);
		nf_part_state(p, p->m->picture.devices[i].state);
		nf_html_text(p->h, " ");
		nf_part_device_link(p, &p->m->site->devices.items[i]);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	if (count > 40)
		nf_html_textf(p->h, _("%zu in all"), count);
	nf_html_close(p->h);
}

static void put_check(struct nf_page *p, const struct nf_view_check *c)
{
	struct nf_html *h = p->h;
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_state(p, c->state);
	if (c->flapping)
		nf_html_el(h, "span", _("flapping"), "class", "tag", NULL);
	nf_html_close(h);
	nf_html_el(h, "th", c->name, "scope", "row", NULL);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, c->since_wall_us);
	nf_html_close(h);
	nf_html_open(h, "td", "class", "wide", NULL);
	nf_html_text(h, c->asked_wall_us == 0 && *c->program != '\0' ? _("not looked at yet")
								     : c->output);
	if (*c->cause != '\0')
		nf_html_textf(h, _(" (because of %s)"), c->cause);
	if (c->soft != c->state && !c->stale) {
		nf_html_text(h, " ");
		nf_html_text(h, _("Last answer: "));
		nf_part_state(p, c->soft);
	}
	nf_html_close(h);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, c->asked_wall_us);
	nf_html_close(h);
	nf_html_el(h, "td", c->program, "class", "code name", NULL);
	nf_html_close(h);
}

static void put_checks(struct nf_page *p, const struct nf_view *v)
{
	static const char *const heads[] = {
		N_("State"), N_("Check"), N_("Since"), N_("Says"), N_("Asked"), N_("By"), NULL};
	nf_section_open(p, "checks", _("Checks and their evidence"), NULL);
	nf_table_open(p, _("Checks"), true, heads);
	for (size_t s = 0; s < NF_STATES; s++)
		for (size_t i = 0; i < v->len; i++)
			if (v->checks[i].state == nf_states_worst_first[s])
				put_check(p, &v->checks[i]);
	nf_table_close(p);
	nf_section_close(p);
}

static void put_head(struct nf_page *p, const struct nf_view *v)
{
	char *reason = nf_reason_text(p->m, v);
	nf_html_open(p->h, "div", "class", "headline", NULL);
	nf_html_open(p->h, "p", "class", "verdict", NULL);
	nf_part_state(p, v->state);
	nf_html_el(p->h, "span", _(" since "), NULL);
	nf_part_when(p, v->since_wall_us);
	nf_part_window(p, v);
	nf_html_close(p->h);
	if (v->state != NF_STATE_OK)
		nf_html_el(p->h, "p", reason, "class", "reason", NULL);
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	put_addresses(p, v->device);
	put_who(p, v->device);
	if (v->device->parent != NULL)
		put_link_term(p, _("Behind"), v->device->parent);
	put_children(p, v->device);
	nf_html_close(p->h);
	nf_html_close(p->h);
	free(reason);
}

void nf_page_device(struct nf_page *p, const struct nf_device *device,
	const struct nf_charts *charts, const char *data)
{
	const struct nf_view *v = &p->m->picture.devices[device->index];
	nf_layout_begin(p, device->name, NULL);
	put_head(p, v);
	put_checks(p, v);
	nf_section_open(p, "history", _("History"), NULL);
	nf_part_charts(p, charts, data);
	nf_section_close(p);
	nf_part_move(p, device);
	nf_part_facts(p, device);
	nf_section_open(p, "events", _("Newest events"), NULL);
	nf_part_events(p, device->name, NULL, NULL, 30);
	nf_section_close(p);
	nf_layout_end(p);
}
