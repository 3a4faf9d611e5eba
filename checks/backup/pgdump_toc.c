// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/pgdump_toc.h"

#include <string.h>

#include "base/cursor.h"

enum { FORMAT_CUSTOM = 1, FORMAT_TAR = 3 };
/* dataState of an entry */
enum { POS_NOT_SET = 1, POS_SET = 2, NO_DATA = 3 };

struct reader {
	struct nf_cursor c;
	unsigned minor;
	size_t int_size, offset_size;
	bool invalid;
	nf_pgdump_file_fn *file;
	void *arg;
};

static uint64_t little_endian(struct reader *r, size_t size)
{
	const uint8_t *p = nf_cursor_bytes(&r->c, size);
	uint64_t n = 0;
	for (size_t i = size; p && i > 0; i--)
		n = n << 8 | p[i - 1];
	return n;
}

static int64_t integer(struct reader *r)
{
	uint8_t sign = nf_cursor_u8(&r->c);
	int64_t n = (int64_t)(little_endian(r, r->int_size) & INT64_MAX);
	if (sign > 1)
		r->invalid = true;
	return sign ? -n : n;
}

/* False for the "none" that ends a list. */
static bool skip_string(struct reader *r)
{
	int64_t len = integer(r);
	if (len < 0)
		return false;
	nf_cursor_skip(&r->c, (size_t)len);
	return !r->c.failed;
}

static void skip_strings(struct reader *r, unsigned count)
{
	while (count-- > 0)
		skip_string(r);
}

static enum nf_pgdump_toc_result read_head(struct reader *r, struct nf_pgdump_toc *toc)
{
	nf_cursor_skip(&r->c, 5);
	toc->major = nf_cursor_u8(&r->c);
	toc->minor = r->minor = nf_cursor_u8(&r->c);
	nf_cursor_u8(&r->c); /* revision */
	r->int_size = nf_cursor_u8(&r->c);
	r->offset_size = nf_cursor_u8(&r->c);
	unsigned format = nf_cursor_u8(&r->c);
	if (toc->major != 1 || toc->minor < 10 || toc->minor > 16 ||
		(format != FORMAT_CUSTOM && format != FORMAT_TAR))
		return NF_PGDUMP_TOC_FOREIGN;
	toc->has_files = format == FORMAT_TAR;
	if (r->int_size < 2 || r->int_size > 8 || r->offset_size < 4 || r->offset_size > 8)
		return NF_PGDUMP_TOC_INVALID;
	if (toc->minor >= 15)
		nf_cursor_u8(&r->c); /* compression algorithm */
	else
		integer(r);
	for (int i = 0; i < 7; i++)
		integer(r); /* date */
	skip_strings(r, 3); /* database, server's and pg_dump's version */
	return NF_PGDUMP_TOC_OK;
}

static void read_place(struct reader *r, struct nf_pgdump_toc *toc)
{
	unsigned state = nf_cursor_u8(&r->c);
	uint64_t offset = little_endian(r, r->offset_size);
	if (state > NO_DATA)
		r->invalid = true;
	if (state == NO_DATA || r->c.failed)
		return;
	toc->with_data++;
	if (state != POS_SET)
		toc->without_place++;
	else if (offset > toc->last_block)
		toc->last_block = offset;
}

static void read_file(struct reader *r, struct nf_pgdump_toc *toc)
{
	int64_t len = integer(r);
	const uint8_t *name = len > 0 ? nf_cursor_bytes(&r->c, (size_t)len) : NULL;
	union {
		const uint8_t *bytes;
		const char *chars;
	} text = {.bytes = name};

	if (!name)
		return;
	toc->with_data++;
	if (r->file)
		r->file(text.chars, (size_t)len, r->arg);
}

static void read_entry(struct reader *r, struct nf_pgdump_toc *toc)
{
	integer(r);	    /* dump id */
	integer(r);	    /* had a dumper */
	skip_strings(r, 4); /* table oid, oid, tag, description */
	if (r->minor >= 11)
		integer(r); /* section */
	skip_strings(r, 3); /* definition, drop, copy */
	skip_strings(r, 2); /* schema, tablespace */
	if (r->minor >= 14)
		skip_string(r); /* access method */
	if (r->minor >= 16)
		integer(r); /* relkind */
	skip_strings(r, 2); /* owner, "with oids" */
	while (!r->c.failed && !r->invalid && skip_string(r))
		; /* dependencies */
	if (toc->has_files)
		read_file(r, toc);
	else
		read_place(r, toc);
}

enum nf_pgdump_toc_result nf_pgdump_toc_read(const uint8_t *bytes, size_t len,
	struct nf_pgdump_toc *toc, nf_pgdump_file_fn *file, void *arg)
{
	struct nf_pgdump_toc t = {0};
	struct reader r = {.c = nf_cursor_of(bytes, len), .file = file, .arg = arg};
	enum nf_pgdump_toc_result result = read_head(&r, &t);
	if (result != NF_PGDUMP_TOC_OK)
		return result;
	int64_t count = integer(&r);
	for (int64_t i = 0; i < count && !r.c.failed && !r.invalid; i++, t.entries++)
		read_entry(&r, &t);
	if (r.invalid || count < 0)
		return NF_PGDUMP_TOC_INVALID;
	if (r.c.failed)
		return NF_PGDUMP_TOC_SHORT;
	t.end = (uint64_t)(r.c.at - bytes);
	*toc = t;
	return NF_PGDUMP_TOC_OK;
}
