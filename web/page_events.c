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
