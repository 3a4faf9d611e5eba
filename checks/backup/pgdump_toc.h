// SPDX-License-Identifier: GPL-3.0-or-later
/* pgdump_toc: the table of contents of a pg_dump archive in the custom format, as far as it tells where the
 * data must lie.
 * Shape:   pure. "PGDMP", version, sizes, compression, date, names, then entries; an integer is a sign byte
 *          and int_size bytes, a string its length (negative: none) and bytes.
 * Source:  PostgreSQL's pg_backup_archiver.c (ReadHead, ReadToc), pg_backup_custom.c (_ReadExtraToc);
 *          archive versions 1.10 to 1.16.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_pgdump_toc {
	unsigned major, minor;
	uint64_t entries;
	uint64_t with_data;	/* entries that have a data block */
	uint64_t without_place; /* of them: written to a pipe, so their place is not known */
	uint64_t last_block;	/* offset of the hindmost data block whose place is known */
	uint64_t end;		/* offset behind the table of contents */
};

enum nf_pgdump_toc_result {
	NF_PGDUMP_TOC_OK,
	NF_PGDUMP_TOC_SHORT,   /* the bytes end before it does */
	NF_PGDUMP_TOC_INVALID, /* no pg_dump wrote this */
	NF_PGDUMP_TOC_FOREIGN, /* a version or format that is not read here */
};

/* bytes: from the file's beginning. */
enum nf_pgdump_toc_result nf_pgdump_toc_read(
	const uint8_t *bytes, size_t len, struct nf_pgdump_toc *toc);
