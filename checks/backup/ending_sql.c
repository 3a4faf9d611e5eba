// SPDX-License-Identifier: GPL-3.0-or-later
/* sql: a dump in plain text ends with its program's last line. */
#include "checks/backup/ending_format.h"
#include "checks/backup/ending_sqltext.h"

static bool recognise(const uint8_t *head, size_t len)
{
	return nf_sql_dump_of(head, len) != NF_SQL_NONE;
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	enum nf_sql_dump *kind = nf_ending_state(e, sizeof *kind);
	if (nf_ending_turn(e) == 0) {
		*kind = nf_sql_dump_of(bytes, len);
		nf_ending_want_tail(e, 4096);
		return;
	}
	if (nf_sql_dump_ended(*kind, bytes, len))
		nf_ending_complete(e, "%s, its last line is there", nf_sql_dump_name(*kind));
	else
		nf_ending_broken(e, "%s, its last line is missing: the dump stopped early",
			nf_sql_dump_name(*kind));
}

const struct nf_ending_format nf_ending_sql = {"SQL dump", recognise, step};
