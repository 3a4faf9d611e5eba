// SPDX-License-Identifier: GPL-3.0-or-later
/* xz: header, blocks, index, footer; the footer says where the index begins, the index says how long the
 * blocks were. Source: "The .xz File Format" 1.1.0, sections 2.1.2 and 4. */
#include <string.h>

#include <zlib.h>

#include "base/parse.h"
#include "checks/backup/ending_format.h"

#define HEADER 12u
#define FOOTER 12u

struct xz {
	uint64_t end; /* of the stream, padding aside */
	uint64_t index_size;
};

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 6 && memcmp(head,
				   "\xfd"
				   "7zXZ\0",
				   6) == 0;
}

/* The tail holds the footer, maybe behind padding of zeros in fours. */
static void read_footer(struct nf_ending *e, struct xz *x, const uint8_t *tail, size_t len)
{
	size_t end = len;
	while (end >= 4 && memcmp(tail + end - 4, "\0\0\0\0", 4) == 0)
		end -= 4;
	if (end < FOOTER || memcmp(tail + end - 2, "YZ", 2) != 0) {
		nf_ending_broken(e, "no footer: the file stops before its end");
		return;
	}
	struct nf_cursor c = nf_cursor_of(tail + end - FOOTER, FOOTER);
	uint32_t crc = nf_cursor_le32(&c);
	x->index_size = ((uint64_t)nf_cursor_le32(&c) + 1) * 4;
	if (crc != crc32(0, tail + end - FOOTER + 4, 6)) {
		nf_ending_broken(e, "the footer's checksum is wrong");
		return;
	}
	x->end = nf_ending_offset(e) + end;
	if (x->end < HEADER + FOOTER + x->index_size) {
		nf_ending_broken(e, "the footer names an index longer than the file");
		return;
	}
	if (x->index_size > NF_ENDING_READ_MAX) {
		nf_ending_complete(e, "footer is sound; its index of %llu bytes was not read",
			(unsigned long long)x->index_size);
		return;
	}
	nf_ending_want(e, x->end - FOOTER - x->index_size, (size_t)x->index_size);
}

static uint64_t multibyte(struct nf_cursor *c)
{
	uint64_t n = 0;
	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint8_t byte = nf_cursor_u8(c);
		n |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return n;
	}
	c->failed = true;
	return 0;
}

static void read_index(
	struct nf_ending *e, const struct xz *x, const uint8_t *index, size_t len)
{
	struct nf_cursor tail = nf_cursor_of(index + len - 4, 4);
	if (nf_cursor_le32(&tail) != crc32(0, index, (uInt)(len - 4))) {
		nf_ending_broken(e, "the index's checksum is wrong");
		return;
	}
	struct nf_cursor c = nf_cursor_of(index, len - 4);
	uint64_t blocks = 0, content = 0;
	if (nf_cursor_u8(&c) != 0)
		c.failed = true;
	uint64_t records = multibyte(&c);
	for (uint64_t i = 0; i < records && !c.failed; i++) {
		blocks += (multibyte(&c) + 3) & ~UINT64_C(3);
		content += multibyte(&c);
	}
	uint64_t stream = HEADER + blocks + x->index_size + FOOTER;
	if (c.failed || stream > x->end) {
		nf_ending_broken(e, "the index does not fit the file");
		return;
	}
	char size[NF_QUANTITY_MAX];
	nf_ending_complete(e, "footer and index are sound, %s uncompressed%s",
		nf_format_size(content, size),
		stream < x->end ? " in the last of several streams" : "");
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct xz *x = nf_ending_state(e, sizeof *x);
	switch (nf_ending_turn(e)) {
	case 0:
		nf_ending_want_tail(e, 4096);
		break;
	case 1:
		read_footer(e, x, bytes, len);
		break;
	default:
		read_index(e, x, bytes, len);
	}
}

const struct nf_ending_format nf_ending_xz = {"xz", recognise, step};
