// SPDX-License-Identifier: GPL-3.0-or-later
/* sqlite: the head says how many pages of which size the file has.
 * Source: "Database File Format" of SQLite, 1.3. */
#include <string.h>

#include "checks/backup/ending_format.h"

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 100 && memcmp(head, "SQLite format 3\0", 16) == 0;
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	nf_cursor_skip(&c, 16);
	uint64_t page = nf_cursor_be16(&c);
	page = page == 1 ? 65536 : page;
	nf_cursor_skip(&c, 6);
	uint32_t changes = nf_cursor_be32(&c);
	uint64_t pages = nf_cursor_be32(&c);
	nf_cursor_skip(&c, 60);
	uint32_t valid_for = nf_cursor_be32(&c);

	uint64_t size = nf_ending_size(e);
	if (page < 512 || (page & (page - 1)) != 0)
		nf_ending_broken(e, "an impossible page size");
	else if (size % page != 0)
		nf_ending_broken(e, "it ends in the middle of a page");
	else if (changes != valid_for || pages == 0)
		nf_ending_no_proof(
			e, "an old writer left no page count; the size is whole pages");
	else if (pages * page != size)
		nf_ending_broken(e, "the head says %llu bytes, the file has %llu",
			(unsigned long long)(pages * page), (unsigned long long)size);
	else
		nf_ending_complete(e, "all %llu pages are there", (unsigned long long)pages);
}

const struct nf_ending_format nf_ending_sqlite = {"SQLite", recognise, step};
