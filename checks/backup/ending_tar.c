// SPDX-License-Identifier: GPL-3.0-or-later
/* tar: an archive ends with two blocks of zeros, and is a multiple of 512 bytes.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format". */
#include <string.h>

#include "checks/backup/ending_format.h"
#include "checks/backup/pgdump_toc.h"

#define BLOCK 512u

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 262 && memcmp(head + 257, "ustar", 5) == 0;
}

static bool zeros(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* pg_dump -Ft writes its table of contents as the first member, before any data. */
struct tar {
	struct nf_pgdump_toc toc;
	bool is_dump, toc_read;
};

static bool begins_with_toc(const uint8_t *head, size_t len, size_t *size)
{
	static const char name[] = "toc.dat";
	size_t n = 0;

	if (len < BLOCK || memcmp(head, name, sizeof name) != 0)
		return false;
	for (size_t i = 124; i < 136 && n < NF_ENDING_READ_MAX; i++) {
		if (head[i] >= '0' && head[i] <= '7')
			n = n * 8 + (size_t)(head[i] - '0');
	}
	*size = n;
	return n > 0 && n < NF_ENDING_READ_MAX;
}

static void judge_toc(struct nf_ending *e, struct tar *t, const uint8_t *bytes, size_t len)
{
	enum nf_pgdump_toc_result result = nf_pgdump_toc_read(bytes, len, &t->toc, NULL, NULL);

	t->toc_read = result == NF_PGDUMP_TOC_OK;
	if (result == NF_PGDUMP_TOC_SHORT || result == NF_PGDUMP_TOC_INVALID)
		nf_ending_broken(e, "toc.dat is not a table of contents that pg_dump writes");
	else
		nf_ending_want_tail(e, 2 * BLOCK);
}

static void judge_end(
	struct nf_ending *e, const struct tar *t, const uint8_t *bytes, size_t len)
{
	if (nf_ending_size(e) % BLOCK != 0)
		nf_ending_broken(e, "its size is no multiple of 512: it was cut");
	else if (len < 2 * BLOCK || !zeros(bytes, len))
		nf_ending_broken(e, "the two empty blocks at the end are missing: it was cut");
	else if (t->toc_read)
		nf_ending_complete(e,
			"pg_dump's table of contents (%llu entries, %llu data files) and the two "
			"empty blocks at the end are there",
			(unsigned long long)t->toc.entries,
			(unsigned long long)t->toc.with_data);
	else
		nf_ending_complete(e, "the two empty blocks at the end are there");
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct tar *t = nf_ending_state(e, sizeof *t);
	size_t size;

	if (nf_ending_turn(e) == 0 && begins_with_toc(bytes, len, &size)) {
		t->is_dump = true;
		nf_ending_want(e, BLOCK, size);
	} else if (nf_ending_turn(e) == 0) {
		nf_ending_want_tail(e, 2 * BLOCK);
	} else if (nf_ending_turn(e) == 1 && t->is_dump) {
		judge_toc(e, t, bytes, len);
	} else {
		judge_end(e, t, bytes, len);
	}
}

const struct nf_ending_format nf_ending_tar = {"tar", recognise, step};
