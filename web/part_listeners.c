// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/parse.h"
#include "checks/cutover/listeners.h"
#include "web/parts.h"

#define LISTED_MAX 200 /* a network's switches */

/* "wire:span10" as people call it: what it listens on, or whose tables are read. */
static void put_sensor(struct nf_page *p, const char *sensor)
{
	const char *name = strchr(sensor, ':');
	const struct nf_device *device =
		strncmp(sensor, "snmp:", strlen("snmp:")) == 0
			? nf_site_device(p->m->site, sensor + strlen("snmp:"))
			: NULL;

	nf_html_open(p->h, "th", "scope", "row", NULL);
	if (device) {
		nf_html_text(p->h, _("Tables of "));
		nf_part_device_link(p, device);
	} else {
		nf_html_text(p->h, _("Interface "));
		nf_html_text(p->h, name ? name + 1 : sensor);
	}
	nf_html_close(p->h);
}

static void put_number(struct nf_page *p, uint64_t number)
{
	char text[32];

	nf_part_cell(p, "n", nf_number_text(p->m, (double)number, 0, text));
}

static void put_row(struct nf_page *p, const struct nf_listener *l)
{
	char text[NF_QUANTITY_MAX], seen[32], sent[32], canaries[80] = "\u2013";
	struct nf_strbuf why = {0};

	nf_html_open(p->h, "tr", NULL);
	put_sensor(p, l->sensor);
	nf_part_cell(p, "n", nf_format_age((int64_t)l->minutes * NF_MINUTE_US, text));
	nf_part_when_cell(p, l->last_wall_us);
	put_number(p, l->frames);
	put_number(p, l->drops);
	if (l->canaries_sent > 0)
		snprintf(canaries, sizeof canaries, _("%s of %s"),
			nf_number_text(p->m, (double)l->canaries_seen, 0, seen),
			nf_number_text(p->m, (double)l->canaries_sent, 0, sent));
	nf_part_cell(p, "n", canaries);
	nf_listener_why(l, &why);
	nf_part_cell(p, "wide", why.data);
	nf_strbuf_free(&why);
	nf_html_close(p->h);
}

void nf_part_listeners(struct nf_page *p, const struct nf_moves_network *n)
{
	static const char *const heads[] = {N_("Sensor"), ">" N_("Could see"), N_("Until"),
		">" N_("Frames of others"), ">" N_("Frames lost"), ">" N_("Canaries back"),
		N_("Why not more"), NULL};
	const json_t *item;
	struct nf_listener l;
	size_t i, rows = 0;

	nf_section_open(p, "listeners", _("Who listens"),
		_("What each sensor could see of the last day. Only such time counts as silence."));
	if (json_array_size(n->listeners) == 0) {
		nf_part_unknown(p,
			n->listeners
				? _("Nobody. A mirror port (wire), or a switch that is asked by SNMP, would.")
				: _("Nobody has computed it yet."));
		nf_section_close(p);
		return;
	}
	nf_table_open(p, _("Sensors of the last day"), true, heads);
	json_array_foreach(n->listeners, i, item)
	{
		if (nf_listener_read(item, &l) && rows++ < LISTED_MAX)
			put_row(p, &l);
	}
	nf_table_close(p);
	nf_part_more(p, rows > LISTED_MAX ? rows - LISTED_MAX : 0);
	nf_section_close(p);
}
