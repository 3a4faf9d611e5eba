// SPDX-License-Identifier: GPL-3.0-or-later
/* zstd: frames of blocks; a block's head says its size and whether it is the last. From behind, the last
 * block is a place whose head says "last" and a size that leads just to the end (with a checksum, to four
 * bytes before it). A head can look so by chance, so the block's own inner head has to fit its size, and
 * the blocks before it have to lead to it.
 * Source: RFC 8878, 3.1.1. */
#include <string.h>

#include "checks/backup/ending_format.h"

#define MAGIC	       0xfd2fb528u
#define SKIPPABLE      0x184d2a50u
#define SEEK_TABLE_END 0x8f92eab1u
#define BLOCK_MAX      131072u
#define FIRST	       16384u
#define LINKS	       3u /* one head in thirty files fits by chance; three in a row do not */

enum { RAW = 0, RLE = 1, COMPRESSED = 2 };

struct zstd {
	bool checksum;
};

static uint32_t le32(const uint8_t *p)
{
	struct nf_cursor c = nf_cursor_of(p, 4);
	return nf_cursor_le32(&c);
}

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 5 && (le32(head) == MAGIC || (le32(head) & 0xfffffff0u) == SKIPPABLE);
}

/* Whether the literals section and the sequence count have room in the block. */
static bool compressed_fits(const uint8_t *block, size_t size)
{
	if (size < 3)
		return false;
	unsigned type = block[0] & 3u, format = block[0] >> 2 & 3u;
	struct nf_cursor c = nf_cursor_of(block, size);
	uint64_t head = 0;
	size_t head_len;
	if (type < 2) /* raw, RLE: one size of 5, 12 or 20 bits */
		head_len = format == 1 ? 2 : format == 3 ? 3 : 1;
	else /* compressed: two sizes of 10, 14 or 18 bits */
		head_len = format < 2 ? 3 : format + 2;
	const uint8_t *p = nf_cursor_bytes(&c, head_len);
	for (size_t i = 0; p && i < head_len; i++)
		head |= (uint64_t)p[i] << (8 * i);
	unsigned bits = format < 2 ? 10 : format == 2 ? 14 : 18;
	uint64_t literals = type == 0	? head >> (head_len == 1 ? 3 : 4)
			    : type == 1 ? 1
					: head >> (4 + bits) & ((1u << bits) - 1);
	if (literals > BLOCK_MAX)
		return false;
	nf_cursor_skip(&c, (size_t)literals);
	nf_cursor_u8(&c); /* number of sequences */
	return !c.failed;
}

struct block {
	bool last;
	size_t end; /* where the next head would stand */
};

/* The block whose head stands at `at`; false where there is none. */
static bool block_at(const uint8_t *bytes, size_t len, size_t at, struct block *b)
{
	struct nf_cursor c = nf_cursor_of(bytes + at, len - at);
	uint32_t head = nf_cursor_le16(&c);
	head |= (uint32_t)nf_cursor_u8(&c) << 16;
	unsigned type = head >> 1 & 3u;
	size_t size = head >> 3, stored = type == RLE ? 1 : size;
	const uint8_t *content = nf_cursor_bytes(&c, stored);
	if (c.failed || type > COMPRESSED || size > BLOCK_MAX)
		return false;
	*b = (struct block){.last = head & 1, .end = at + 3 + stored};
	return type != COMPRESSED || compressed_fits(content, stored);
}

/* Whether `links` blocks in a row lead to `end`, the last one (only it) marked so if `last`. */
static bool chain_to(const uint8_t *bytes, size_t len, size_t end, bool last, unsigned links)
{
	if (links == 0)
		return true;
	size_t lowest = end > BLOCK_MAX + 3 ? end - BLOCK_MAX - 3 : 0;
	struct block b;
	for (size_t at = end; at-- > lowest;)
		if (block_at(bytes, len, at, &b) && b.end == end && b.last == last &&
			chain_to(bytes, len, at, false, links - 1))
			return true;
	return false;
}

/* How long the frame's own head is. RFC 8878, 3.1.1.1. */
static size_t frame_head(const uint8_t *frame)
{
	static const size_t dictionary[] = {0, 1, 2, 4}, content[] = {0, 2, 4, 8};
	uint8_t descriptor = frame[4];
	bool single = descriptor & 0x20;
	size_t size = content[descriptor >> 6];
	if (single && size == 0)
		size = 1;
	return 5u + !single + dictionary[descriptor & 3] + size;
}

/* The whole file is here: walk it from its first frame to its last. */
static bool walk(const uint8_t *bytes, size_t len)
{
	size_t at = 0;
	while (len - at >= 9) {
		uint32_t magic = le32(bytes + at);
		if ((magic & 0xfffffff0u) == SKIPPABLE) {
			uint32_t skip = le32(bytes + at + 4);
			if (skip > len - at - 8)
				return false;
			at += 8 + skip;
			continue;
		}
		size_t checksum = bytes[at + 4] & 4u ? 4 : 0;
		struct block b = {.end = at + frame_head(bytes + at)};
		if (magic != MAGIC || b.end >= len)
			return false;
		do
			if (b.end >= len || !block_at(bytes, len, b.end, &b))
				return false;
		while (!b.last);
		if (checksum > len - b.end)
			return false;
		at = b.end + checksum;
	}
	return at == len;
}

static bool ends_well(
	struct nf_ending *e, const struct zstd *z, const uint8_t *bytes, size_t len)
{
	if (len == nf_ending_size(e))
		return walk(bytes, len);
	/* Of several frames the last may differ from the first in having a checksum. */
	size_t likely = z->checksum ? 4 : 0, other = 4 - likely;
	return len > 4 && (chain_to(bytes, len, len - likely, true, LINKS) ||
				  chain_to(bytes, len, len - other, true, LINKS));
}

static void read_tail(
	struct nf_ending *e, const struct zstd *z, const uint8_t *bytes, size_t len)
{
	if (len >= 9 && le32(bytes + len - 4) == SEEK_TABLE_END)
		nf_ending_complete(e, "the seek table at the end is there");
	else if (ends_well(e, z, bytes, len))
		nf_ending_complete(e, "the last block ends with the file");
	else if (len < nf_ending_size(e) && len < NF_ENDING_READ_MAX)
		nf_ending_want_tail(e, NF_ENDING_READ_MAX);
	else
		nf_ending_broken(e, "no last block ends with the file: it was cut");
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct zstd *z = nf_ending_state(e, sizeof *z);
	if (nf_ending_turn(e) == 0) {
		/* Of several frames (pzstd puts a skippable one first) the last is like the others. */
		z->checksum = le32(bytes) != MAGIC || (bytes[4] & 4u);
		nf_ending_want_tail(e, FIRST);
	} else {
		read_tail(e, z, bytes, len);
	}
}

const struct nf_ending_format nf_ending_zstd = {"zstd", recognise, step};
