// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include "base/i18n.h"
#include "checks/cutover/duplicates.h"
#include "web/parts.h"

#define LISTED_MAX 100

static void put_row(struct nf_page *p, const json_t *duplicate)
{
	const char *kind = json_string_value(json_object_get(duplicate, "kind"));
	const char *value = json_string_value(json_object_get(duplicate, "value"));
	const json_t *device;
	size_t i;

	if (kind == NULL || value == NULL)
		return;
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", value, "scope", "row", NULL);
	nf_part_cell(p, NULL, _(nf_identity_noun(kind)));
	nf_html_open(p->h, "td", "class", "wide", NULL);
	json_array_foreach(json_object_get(duplicate, "devices"), i, device)
	{
		const struct nf_device *known =
			nf_site_device(p->m->site, json_string_value(device));
		if (known == NULL)
			continue;
		if (i > 0)
			nf_html_text(p->h, ", ");
		nf_part_device_link(p, known);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

void nf_part_duplicates(struct nf_page *p)
{
	static const char *const heads[] = {N_("Identity"), N_("What"), N_("Devices"), NULL};
	const json_t *list = p->m->moves->duplicates, *duplicate;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	nf_section_open(p, "duplicates", _("Identities that several devices have"),
		_("Cloned images and copied configurations: they prove nothing of any of these devices, until each has one of its own."));
	nf_table_open(p, _("Identities that several devices have"), true, heads);
	json_array_foreach(list, i, duplicate)
	{
		if (i < LISTED_MAX)
			put_row(p, duplicate);
	}
	nf_table_close(p);
	nf_section_close(p);
}
