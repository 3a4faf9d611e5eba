// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "web/parts.h"

/* Over this a table of all devices weighs more than a phone wants; search and the networks remain. */
#define DEVICES_LISTED 1500

static void put_device_row(struct nf_page *p, const struct nf_view *v, bool with_network)
{
	struct nf_html *h = p->h;
	char address[NF_ADDR_TEXT_MAX];
	char *reason = v->state == NF_STATE_OK ? NULL : nf_reason_text(p->m, v);
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_state(p, v->state);
	nf_html_close(h);
	nf_html_open(h, "th", "scope", "row", NULL);
	nf_part_device_link(p, v->device);
	nf_html_close(h);
	nf_html_el(h, "td", nf_kind_word(v->device->kind), NULL);
	if (with_network) {
		nf_html_open(h, "td", NULL);
		nf_part_network_link(p, v->network);
		nf_html_close(h);
	}
	nf_html_el(h, "td", nf_addr_format(&v->device->legs[0].address, address), "class",
		"code", NULL);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, v->since_wall_us);
	nf_html_close(h);
	nf_html_open(h, "td", "class", "wide", NULL);
	nf_html_text(h, reason != NULL ? reason : "");
	nf_part_window(p, v);
	nf_html_close(h);
	nf_html_close(h);
	free(reason);
}

static void put_devices(struct nf_page *p, const struct nf_network *network)
{
	static const char *const of_network[] = {N_("State"), N_("Device"), N_("Kind"),
		N_("Address"), N_("Since"), N_("Why"), NULL};
	static const char *const of_site[] = {N_("State"), N_("Device"), N_("Kind"),
		N_("Network"), N_("Address"), N_("Since"), N_("Why"), NULL};
	nf_table_open(p, _("Devices"), true, network != NULL ? of_network : of_site);
	for (size_t i = 0; i < p->m->site->devices.len; i++) {
		const struct nf_view *v = &p->m->picture.devices[i];
		if (network == NULL || v->network == network)
			put_device_row(p, v, network == NULL);
	}
	nf_table_close(p);
}

static void put_own_checks(struct nf_page *p, const struct nf_view *own)
{
	static const char *const heads[] = {
		N_("State"), N_("Check"), N_("Since"), N_("Says"), NULL};
	if (own->len == 0)
		return;
	nf_section_open(p, "own", _("The network itself"), NULL);
	nf_table_open(p, _("Checks of the network"), false, heads);
	for (size_t i = 0; i < own->len; i++) {
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_state(p, own->checks[i].state);
		nf_html_close(p->h);
		nf_html_el(p->h, "th", own->checks[i].name, "scope", "row", NULL);
		nf_html_open(p->h, "td", "class", "when", NULL);
		nf_part_when(p, own->checks[i].since_wall_us);
		nf_html_close(p->h);
		nf_html_el(p->h, "td", own->checks[i].output, "class", "wide", NULL);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_section_close(p);
}

static void put_facts(struct nf_page *p, const struct nf_network *n)
{
	struct nf_strbuf prefixes = {0};
	char text[NF_ADDR_TEXT_MAX], when[NF_TIME_MAX];
	NF_EACH(struct nf_prefix, prefix, n->prefixes)
	nf_strbuf_printf(&prefixes, "%s%s/%u", prefixes.len > 0 ? ", " : "",
		nf_addr_format(&prefix->addr, text), (unsigned)prefix->bits);
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	nf_part_term(p, _("Role"), nf_role_word(n->role));
	nf_part_term(p, _("Prefixes"), prefixes.data);
	nf_part_term(p, _("Way out"), n->source.interface);
	nf_part_term(p, _("Supplier"), n->supplier);
	if (n->leave_by_wall_us != 0) {
		nf_date_text(n->leave_by_wall_us, when);
		nf_part_term(p, _("To be left by"), when);
	}
	nf_html_close(p->h);
	nf_strbuf_free(&prefixes);
}

void nf_page_network(struct nf_page *p, const struct nf_network *n)
{
	size_t by_state[NF_STATES];
	size_t total = nf_picture_count(&p->m->picture, n, by_state);
	nf_layout_begin(p, n->name, NULL);
	nf_html_open(p->h, "div", "class", "headline", NULL);
	nf_part_share(p, by_state, total);
	put_facts(p, n);
	nf_html_close(p->h);
	nf_section_open(p, "wrong", _("Wrong now"), NULL);
	nf_part_problems(p, n, 200);
	nf_section_close(p);
	put_own_checks(p, &p->m->picture.networks[n->index]);
	nf_section_open(p, "devices", _("Devices"), NULL);
	put_devices(p, n);
	nf_section_close(p);
	nf_section_open(p, "events", _("Newest events"), NULL);
	nf_part_events(p, NULL, n->id, NULL, 20);
	nf_section_close(p);
	nf_layout_end(p);
}

void nf_page_devices(struct nf_page *p)
{
	nf_layout_begin(p, _("Devices"), NULL);
	/* Filled by app.js; without it, the tables are there. */
	nf_html_el(p->h, "div", NULL, "id", "search", "data-index", "devices.js", NULL);
	if (p->m->site->devices.len <= DEVICES_LISTED) {
		nf_section_open(p, "all", _("All devices"), NULL);
		put_devices(p, NULL);
		nf_section_close(p);
	} else {
		nf_section_open(p, "networks", _("By network"),
			_("Each network's page lists all of its devices."));
		nf_part_network_cards(p);
		nf_section_close(p);
	}
	nf_layout_end(p);
}
