// SPDX-License-Identifier: GPL-3.0-or-later
/* gzip: head, deflate, CRC and length. A file that was cut also has eight bytes at its end, so the last
 * deflate block itself has to end at the trailer; and an SQL dump inside has to end there with its last
 * line: `mysqldump | gzip` closes the gzip properly when mysqldump dies. Source: RFC 1952. */
#include <string.h>

#include <zlib.h>

#include "base/parse.h"
#include "checks/backup/deflate_tail.h"
#include "checks/backup/ending_format.h"
#include "checks/backup/ending_sqltext.h"

#define TRAILER	 8u
#define FIRST	 65536u
#define SMALL	 65536u
#define MAX_GAIN 1032u /* deflate's best ratio */

struct gzip {
	enum nf_sql_dump sql;
};

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8;
}

/* What the first bytes inflate to says whether an SQL dump is inside. */
static enum nf_sql_dump sql_inside(const uint8_t *head, size_t len)
{
	uint8_t text[4096];
	union {
		const uint8_t *in;
		Bytef *zlib;
	} next = {.in = head};
	z_stream z = {.next_in = next.zlib, .avail_in = (uInt)len};
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return NF_SQL_NONE;
	z.next_out = text;
	z.avail_out = sizeof text;
	inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return nf_sql_dump_of(text, sizeof text - z.avail_out);
}

/* Only where the last block is all there is: else NUL stands for what is not known. */
static bool is_nothing(uint32_t length, const struct nf_strbuf *text)
{
	return text->len == length && length % 512 == 0 && length <= SMALL &&
	       text->data[0] == '\0' && memcmp(text->data, text->data + 1, length - 1) == 0;
}

static void judge(struct nf_ending *e, const struct gzip *g, uint32_t length,
	const struct nf_strbuf *text)
{
	char size[NF_QUANTITY_MAX];
	nf_format_size(length, size);
	if (length == 0)
		nf_ending_broken(e, "nothing was packed");
	else if (is_nothing(length, text))
		nf_ending_broken(e, "nothing but zeros inside: an empty tar archive");
	else if (g->sql == NF_SQL_NONE)
		nf_ending_complete(
			e, "last block and trailer are there, %s (modulo 4 GiB)", size);
	else if (nf_sql_dump_ended(g->sql, (const uint8_t *)text->data, text->len))
		nf_ending_complete(e,
			"trailer and the %s dump's last line are there, %s (modulo 4 GiB)",
			nf_sql_dump_name(g->sql), size);
	else
		nf_ending_broken(e,
			"gzip itself is whole, but the %s dump inside stopped early: its last "
			"line is missing",
			nf_sql_dump_name(g->sql));
}

static void read_tail(
	struct nf_ending *e, const struct gzip *g, const uint8_t *tail, size_t len)
{
	if (len <= TRAILER) {
		nf_ending_broken(e, "too short to hold a trailer");
		return;
	}
	struct nf_cursor c = nf_cursor_of(tail + len - 4, 4);
	uint32_t length = nf_cursor_le32(&c);
	if (length / MAX_GAIN > nf_ending_size(e)) {
		nf_ending_broken(e, "no trailer: its length is impossible for this file");
		return;
	}
	struct nf_strbuf text = {0};
	bool ended = nf_deflate_tail(tail, len - TRAILER, length, &text);
	if (ended)
		judge(e, g, length, &text);
	else if (len < NF_ENDING_READ_MAX && len < nf_ending_size(e))
		nf_ending_want_tail(e, NF_ENDING_READ_MAX);
	else
		nf_ending_broken(
			e, "the last block does not end at the trailer: the file was cut");
	nf_strbuf_free(&text);
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct gzip *g = nf_ending_state(e, sizeof *g);
	if (nf_ending_turn(e) == 0) {
		g->sql = sql_inside(bytes, len);
		nf_ending_want_tail(e, FIRST);
	} else {
		read_tail(e, g, bytes, len);
	}
}

const struct nf_ending_format nf_ending_gzip = {"gzip", recognise, step};
