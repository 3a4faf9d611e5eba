// SPDX-License-Identifier: GPL-3.0-or-later
/* pgdump: the custom format: head, table of contents, then one data block a table, each closed by a chunk
 * of length zero. So the table of contents has to be whole, the hindmost block it names inside the file, and
 * the file's end a zero integer; without any data the file ends with its table of contents.
 * Source: PostgreSQL's pg_backup_custom.c (_StartData, _EndData). */
#include <string.h>

#include "checks/backup/ending_format.h"
#include "checks/backup/pgdump_toc.h"

#define CLOSING 5u /* of an int_size of 4, which every platform of the last 20 years writes */

struct pgdump {
	struct nf_pgdump_toc toc;
	bool toc_read;
};

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 11 && memcmp(head, "PGDMP", 5) == 0;
}

static void judge_toc(struct nf_ending *e, const struct nf_pgdump_toc *toc)
{
	uint64_t size = nf_ending_size(e);
	if (toc->with_data == 0 && toc->end == size)
		nf_ending_complete(
			e, "%llu entries, no data", (unsigned long long)toc->entries);
	else if (toc->with_data == 0)
		nf_ending_broken(e, "no data is announced, but there is some");
	else if (toc->end + CLOSING >= size || toc->last_block + CLOSING >= size)
		nf_ending_broken(e, "the data that its table of contents announces is missing");
	else
		nf_ending_want_tail(e, CLOSING);
}

static void read_toc(struct nf_ending *e, struct pgdump *p, const uint8_t *bytes, size_t len)
{
	switch (nf_pgdump_toc_read(bytes, len, &p->toc, NULL, NULL)) {
	case NF_PGDUMP_TOC_OK:
		p->toc_read = true;
		if (p->toc.has_files) {
			nf_ending_no_proof(e,
				"the table of contents of a dump in a folder: the folder "
				"is the backup, not this file");
			break;
		}
		judge_toc(e, &p->toc);
		break;
	case NF_PGDUMP_TOC_SHORT:
		if (len == nf_ending_size(e))
			nf_ending_broken(e, "it stops inside its table of contents");
		else if (len < NF_ENDING_READ_MAX)
			nf_ending_want(e, 0, NF_ENDING_READ_MAX);
		else /* a table of contents of thousands of tables: the closing zero has to do */
			nf_ending_want_tail(e, CLOSING);
		break;
	case NF_PGDUMP_TOC_FOREIGN:
		nf_ending_no_proof(e, "an archive version or format that is not known here");
		break;
	case NF_PGDUMP_TOC_INVALID:
		nf_ending_broken(e, "its table of contents is not one that pg_dump writes");
	}
}

static void read_closing(
	struct nf_ending *e, const struct pgdump *p, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0) {
			nf_ending_broken(
				e, "the last data block is not closed: the dump stopped early");
			return;
		}
	if (!p->toc_read)
		nf_ending_complete(e, "the last data block is closed");
	else
		nf_ending_complete(e, "%llu entries, the last data block is there and closed%s",
			(unsigned long long)p->toc.entries,
			p->toc.without_place
				? " (written to a pipe: which one it is cannot be told)"
				: "");
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct pgdump *p = nf_ending_state(e, sizeof *p);
	if (nf_ending_offset(e) == 0 && len > CLOSING)
		read_toc(e, p, bytes, len);
	else
		read_closing(e, p, bytes, len);
}

const struct nf_ending_format nf_ending_pgdump = {"pg_dump custom", recognise, step};
