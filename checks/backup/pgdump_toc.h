// SPDX-License-Identifier: GPL-3.0-or-later
/* pgdump_toc: the table of contents of a pg_dump archive, as far as it tells where the data must lie: of the
 * custom format, and of toc.dat in the tar and the directory format (which both call themselves tar).
 * Shape:   pure. "PGDMP", version, sizes, compression, date, names, then entries; an integer is a sign byte
 *          and int_size bytes, a string its length (negative: none) and bytes.
 * Source:  PostgreSQL's pg_backup_archiver.c (ReadHead, ReadToc), pg_backup_custom.c and
 *          pg_backup_directory.c (_ReadExtraToc); archive versions 1.10 to 1.16.
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
	bool has_files; /* tar or directory: with_data counts files, and the rest is 0 */
};

enum nf_pgdump_toc_result {
	NF_PGDUMP_TOC_OK,
	NF_PGDUMP_TOC_SHORT,   /* the bytes end before it does */
	NF_PGDUMP_TOC_INVALID, /* no pg_dump wrote this */
	NF_PGDUMP_TOC_FOREIGN, /* a version or format that is not read here */
};

/* bytes: from the file's beginning. file (may be NULL) gets the name of each data file, which is no text: it
 * has no NUL at its end and may hold anything. */
typedef void nf_pgdump_file_fn(const char *name, size_t len, void *arg);
enum nf_pgdump_toc_result nf_pgdump_toc_read(const uint8_t *bytes, size_t len,
	struct nf_pgdump_toc *toc, nf_pgdump_file_fn *file, void *arg);
