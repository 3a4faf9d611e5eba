// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include "base/i18n.h"
#include "checks/cutover/duplicates.h"
#include "web/parts.h"

#define LISTED_MAX 100

static void put_values(struct nf_page *p, const json_t *list, size_t from, size_t len)
{
	const json_t *last = json_array_get(list, from + len - 1);
	char number[32];

	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_html_text(
		p->h, json_string_value(json_object_get(json_array_get(list, from), "value")));
	if (len > 1) {
		nf_html_text(p->h, " \u2013 ");
		nf_html_text(p->h, json_string_value(json_object_get(last, "value")));
		nf_html_text(p->h, " ");
		nf_html_el(p->h, "span", nf_number_text(p->m, (double)len, 0, number), "class",
			"tag", NULL);
	}
	nf_html_close(p->h);
}

static void put_devices(struct nf_page *p, const json_t *duplicate)
{
	const json_t *device;
	size_t i;

	nf_html_open(p->h, "td", "class", "wide", NULL);
	json_array_foreach(json_object_get(duplicate, "devices"), i, device)
	{
		const char *name = json_string_value(device);
		const struct nf_device *known = name ? nf_site_device(p->m->site, name) : NULL;

		if (i > 0)
			nf_html_text(p->h, ", ");
		if (known)
			nf_part_device_link(p, known);
	}
	nf_html_close(p->h);
}

/* Written by us, and looked at all the same: a damaged row cannot break the page. */
static bool is_whole(const json_t *duplicate)
{
	return json_is_string(json_object_get(duplicate, "kind")) &&
	       json_is_string(json_object_get(duplicate, "value"));
}

static void put_row(struct nf_page *p, const json_t *list, size_t from, size_t len)
{
	const json_t *first = json_array_get(list, from);

	if (!is_whole(first) || !is_whole(json_array_get(list, from + len - 1)))
		return;
	nf_html_open(p->h, "tr", NULL);
	put_values(p, list, from, len);
	nf_part_cell(p, NULL,
		_(nf_identity_noun(json_string_value(json_object_get(first, "kind")))));
	put_devices(p, first);
	nf_html_close(p->h);
}

void nf_part_duplicates(struct nf_page *p)
{
	static const char *const heads[] = {N_("Identity"), N_("What"), N_("Devices"), NULL};
	const json_t *list = p->m->moves->duplicates;
	size_t len, rows = 0;

	if (json_array_size(list) == 0)
		return;
	nf_section_open(p, "duplicates", _("Identities that several devices have"),
		_("Cloned images and copied configurations: they prove nothing of any of these devices, until each has one of its own."));
	nf_table_open(p, _("Identities that several devices have"), true, heads);
	for (size_t i = 0; i < json_array_size(list); i += len) {
		len = nf_duplicates_run(list, i);
		if (rows++ < LISTED_MAX)
			put_row(p, list, i, len);
	}
	nf_table_close(p);
	nf_part_more(p, rows > LISTED_MAX ? rows - LISTED_MAX : 0);
	nf_section_close(p);
}
