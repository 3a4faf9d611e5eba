// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "checks/cutover/identity.h"
#include "web/parts.h"

#define LISTED_MAX 500 /* blockers of one kind */

static const struct {
	enum nf_blocker_kind kind;
	const char *id, *heading;
} kinds[] = {
	{NF_BLOCKER_DEVICE,    "devices-left", N_("Devices that are not confirmed")	},
	{NF_BLOCKER_UNLISTED,  "unlisted",	  N_("Talkers that no inventory knows")   },
	{NF_BLOCKER_VISITOR,   "visitors",	 N_("Devices of other networks")		},
	{NF_BLOCKER_CALLER,    "callers",      N_("Callers of old addresses")	     },
	{NF_BLOCKER_LEASE,	   "leases",	     N_("Leases that still run")		},
	{NF_BLOCKER_BACKUP,    "backups",      N_("Backup jobs aimed at old addresses")},
	{NF_BLOCKER_QUIET,	   "quiet",	    N_("Quiet time not covered")		},
	{NF_BLOCKER_MONTH_END, "month-end",    N_("The end of a month")		    },
};

static size_t count_of(const struct nf_moves_network *n, enum nf_blocker_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < n->blockers.len; i++)
		count += n->blockers.items[i].kind == kind;
	return count;
}

static void put_blockers(
	struct nf_page *p, const struct nf_moves_network *n, enum nf_blocker_kind kind)
{
	size_t rows = 0, all = count_of(n, kind);
	nf_html_open(p->h, "ul", "class", "blockers", NULL);
	for (size_t i = 0; i < n->blockers.len && rows < LISTED_MAX; i++) {
		const struct nf_blocker *b = &n->blockers.items[i];
		struct nf_strbuf words = {0};
		if (b->kind != kind)
			continue;
		rows++;
		nf_blocker_words(b, p->m->site->timezone, &words);
		nf_html_open(p->h, "li", NULL);
		const struct nf_device *device =
			kind == NF_BLOCKER_DEVICE ? nf_site_device(p->m->site, b->what) : NULL;
		const struct nf_move *move =
			device != NULL ? nf_moves_find(p->m->moves, device->name) : NULL;
		const char *rest = words.data;
		if (move != NULL) {
			nf_part_stage(p, move);
			nf_html_text(p->h, " ");
		}
		if (move != NULL && strncmp(rest, device->name, strlen(device->name)) == 0) {
			nf_part_device_link(p, device);
			rest += strlen(device->name);
		}
		nf_html_text(p->h, rest);
		words.len = 0;
		nf_blocker_task(p->m->site, b, &words);
		nf_html_el(p->h, "span", words.data, "class", "task", NULL);
		nf_html_close(p->h);
		nf_strbuf_free(&words);
	}
	nf_html_close(p->h);
	nf_part_more(p, all - rows);
}

static void put_sheet(struct nf_page *p, const struct nf_moves_network *n)
{
	char count[32];
	nf_section_open(p, "sheet", _("What stands against switching it off"),
		_("Each of them by name. What nobody could have heard is not silence."));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t all = count_of(n, kinds[i].kind);
		nf_html_open(p->h, "details", "class", "risk", "id", kinds[i].id, "open",
			all > 0 ? "open" : NULL, NULL);
		nf_html_open(p->h, "summary", NULL);
		nf_html_el(p->h, "span", nf_number_text(p->m, (double)all, 0, count), "class",
			all > 0 ? "count" : "count none", NULL);
		nf_html_el(p->h, "span", _(kinds[i].heading), "class", "name", NULL);
		nf_html_close(p->h);
		if (all > 0)
			put_blockers(p, n, kinds[i].kind);
		nf_html_close(p->h);
	}
	nf_section_close(p);
}

static void put_verdict(struct nf_page *p, const struct nf_moves_network *n)
{
	nf_html_open(p->h, "p", "class", "verdict", NULL);
	if (!n->computed) {
		nf_html_el(p->h, "span", _("Unknown"), "class", "state s-unknown", NULL);
		nf_html_el(p->h, "span",
			n->stale ? _("it was not computed for over an hour")
				 : _("nobody has computed it yet"),
			NULL);
	} else if (n->ready) {
		nf_html_el(p->h, "span", _("Ready to switch off"), "class", "state s-ok", NULL);
	} else {
		nf_html_el(p->h, "span", _("Still in use"), "class", "state s-warning", NULL);
		nf_html_open(p->h, "span", NULL);
		nf_html_textf(p->h,
			ngettext("%zu thing stands against switching it off",
				"%zu things stand against switching it off", n->blockers.len),
			n->blockers.len);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	nf_html_open(p->h, "p", "class", "meta", NULL);
	nf_html_text(p->h, _("Computed "));
	nf_part_when(p, n->computed_wall_us);
	nf_html_close(p->h);
}

/* Of who has moved the inventory may have the new one alone. */
static void put_address(struct nf_page *p, const struct nf_leg *leg)
{
	char text[NF_ADDR_TEXT_MAX];
	nf_part_cell(p, "code", leg != NULL ? nf_addr_format(&leg->address, text) : NULL);
}

static void put_devices(struct nf_page *p, const struct nf_moves_network *n)
{
	static const char *const heads[] = {N_("Stage"), N_("Device"), N_("Kind"), N_("Since"),
		N_("Wave"), N_("Owner"), N_("Old address"), N_("New address"), NULL};
	nf_section_open(p, "devices", _("All of its devices"), NULL);
	nf_table_open(p, _("Devices and their stages"), true, heads);
	for (size_t i = 0; i < p->m->moves->len; i++) {
		const struct nf_move *move = &p->m->moves->items[i];
		const struct nf_device *d = move->device;
		if (move->from != n->network)
			continue;
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_stage(p, move);
		nf_html_close(p->h);
		nf_html_open(p->h, "th", "scope", "row", NULL);
		nf_part_device_link(p, d);
		nf_html_close(p->h);
		nf_part_cell(p, NULL, nf_kind_word(d->kind));
		nf_part_when_cell(p, move->since_wall_us);
		nf_part_cell(p, NULL, d->wave != NULL ? d->wave->id : NULL);
		nf_part_cell(p, NULL, d->owner);
		put_address(p, nf_move_old_leg(d));
		put_address(p, nf_move_new_leg(d));
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_section_close(p);
}

void nf_page_leaving(struct nf_page *p, const struct nf_moves_network *n)
{
	struct nf_strbuf file = {0};
	nf_layout_begin(p, n->network->name, _("What is left on this old network."));
	nf_html_open(p->h, "div", "class", "headline", NULL);
	put_verdict(p, n);
	nf_part_stages(p, n);
	nf_html_open(p->h, "p", "class", "meta", NULL);
	if (n->unlisted > 0) {
		nf_html_textf(p->h,
			ngettext(
				"%u talker that no inventory knows belongs to the scope, too. ",
				"%u talkers that no inventory knows belong to the scope, too. ",
				n->unlisted),
			(unsigned)n->unlisted);
	}
	nf_safename(&file, n->network->id, strlen(n->network->id));
	char *href = nf_xasprintf("%s.csv", file.data);
	nf_html_el(p->h, "a", _("Devices as CSV"), "href", href, NULL);
	free(href);
	nf_html_text(p->h, ", ");
	href = nf_xasprintf("%s-blockers.csv", file.data);
	nf_html_el(p->h, "a", _("what stands against it as CSV"), "href", href, NULL);
	free(href);
	nf_strbuf_free(&file);
	nf_html_close(p->h);
	nf_html_close(p->h);
	put_sheet(p, n);
	nf_part_listeners(p, n);
	nf_section_open(p, "burn", _("Burn-up"), NULL);
	nf_part_burn(p, n);
	nf_section_close(p);
	put_devices(p, n);
	nf_layout_end(p);
}
