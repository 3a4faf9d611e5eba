// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/expected.h"

#include <string.h>

#include "base/i18n.h"

static const char *backup(struct nf_arena *arena, const struct nf_site *site, const char *job)
{
	NF_EACH(struct nf_backup, b, site->backups)
	{
		if (strcmp(b->id, job) == 0)
			return nf_arena_printf(arena, _("a good backup by %02u:%02u"),
				(unsigned)b->due.hour, (unsigned)b->due.minute);
	}
	return _("a good backup");
}

const char *nf_expected(struct nf_arena *arena, const struct nf_site *site, const char *check)
{
	static const struct {
		const char *check;
		bool prefix;
		const char *text;
	} rows[] = {
		{"ping",	 false, N_("an answer to ping")	       },
		{"snmp",	 false, N_("an answer by SNMP")	       },
		{"uplink",	   false, N_("an answer from any device")},
		{"interface ", true,  N_("the interface up")	   },
	};
	if (strncmp(check, "backup ", 7) == 0)
		return backup(arena, site, check + 7);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].prefix ? strncmp(check, rows[i].check, strlen(rows[i].check)) == 0
				   : strcmp(check, rows[i].check) == 0)
			return _(rows[i].text);
	return "";
}
