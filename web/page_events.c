// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include "base/i18n.h"
#include "web/parts.h"

void nf_page_incidents(struct nf_page *p)
{
	nf_layout_begin(p, _("Incidents and events"), NULL);
	nf_section_open(p, "incidents", _("Incidents"),
		_("Troubles with one cause, and who was told."));
	nf_part_incidents(p);
	nf_section_close(p);
	nf_section_open(
		p, "open", _("Wrong now"), _("Who is unreachable stands with its cause."));
	nf_part_problems(p, NULL, 500);
	nf_section_close(p);
	nf_section_open(p, "events", _("Events"),
		_("Changes, as they were written down; netfold events has all of them."));
	nf_part_events(p, NULL, NULL, NULL, NF_MODEL_EVENTS);
	nf_section_close(p);
	nf_layout_end(p);
}

/* Stages are computed by the cutover part; until then this says so, and what the inventory tells. */
void nf_page_cutover(struct nf_page *p)
{
	static const char *const heads[] = {N_("Network"), N_("Role"), ">" N_("Devices"),
		">" N_("With an address in the common network"), N_("To be left by"), NULL};
	nf_layout_begin(p, _("Cutover"), NULL);
	nf_section_open(p, "stages", _("Stages"), NULL);
	nf_part_unknown(p, _("Not measured yet: no stage has been computed."));
	nf_section_close(p);
	nf_section_open(p, "plan", _("What the inventory plans"), NULL);
	nf_table_open(p, _("Networks and their devices"), true, heads);
	NF_EACH(struct nf_network, n, p->m->site->networks)
	{
		size_t total = 0, prepared = 0;
		NF_EACH(struct nf_device, d, p->m->site->devices)
		{
			total += d->legs[0].network == n;
			prepared += d->legs[0].network == n && d->legs_len > 1;
		}
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "th", "scope", "row", NULL);
		nf_part_network_link(p, n);
		nf_html_close(p->h);
		nf_html_el(p->h, "td", nf_role_word(n->role), NULL);
		nf_html_el(p->h, "td", nf_number_text(p->m, (double)total, 0, (char[32]){0}),
			"class", "n", NULL);
		nf_html_el(p->h, "td", nf_number_text(p->m, (double)prepared, 0, (char[32]){0}),
			"class", "n", NULL);
		nf_html_open(p->h, "td", "class", "when", NULL);
		nf_html_text(p->h, n->leave_by_wall_us != 0 ? nf_date_text(n->leave_by_wall_us,
								      (char[NF_TIME_MAX]){0})
							    : "–");
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_section_close(p);
	nf_layout_end(p);
}
