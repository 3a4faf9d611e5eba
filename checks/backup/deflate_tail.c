// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/deflate_tail.h"

#include <string.h>

#include <zlib.h>

#define WINDOW	   32768u
#define OUTPUT_MAX (4u << 20)
/* A block of a few bits is found by chance; one with a head of its own and this much text is not. */
#define CONVINCING 64u
/* Fixed codes have no head to tell them by, so chance finds them anywhere: they count only where they are
 * the whole stream, which writers do for very short texts. */
#define FIXED_WITHIN 512u

enum { STORED = 0, FIXED = 1, DYNAMIC = 2 };

struct bits {
	const uint8_t *bytes;
	size_t len;
	size_t at; /* bit */
};

static unsigned take(struct bits *b, unsigned n) /* at most 16 */
{
	const uint8_t *at = b->bytes + b->at / 8;
	unsigned value = 0;
	if (b->at / 8 + 4 <= b->len) {
		value = ((unsigned)at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16 |
				(unsigned)at[3] << 24) >>
				(b->at % 8) &
			((1u << n) - 1);
		b->at += n;
		return value;
	}
	for (unsigned i = 0; i < n; i++, b->at++)
		if (b->at / 8 < b->len)
			value |= ((unsigned)b->bytes[b->at / 8] >> (b->at % 8) & 1u) << i;
	return value;
}

/* Whether the code-length code of a dynamic block is complete (Kraft's sum is 1): a cheap sieve that one
 * offset in some thousands passes. */
static bool dynamic_head_plausible(struct bits b)
{
	unsigned literals = take(&b, 5), distances = take(&b, 5), lengths = take(&b, 4) + 4;
	if (literals > 29 || distances > 29)
		return false;
	unsigned sum = 0;
	for (unsigned i = 0; i < lengths; i++) {
		unsigned bits = take(&b, 3);
		if (bits)
			sum += 128u >> bits;
	}
	return sum == 128;
}

static bool stored_head_plausible(struct bits b)
{
	b.at = (b.at + 7) / 8 * 8;
	unsigned len = take(&b, 16), complement = take(&b, 16);
	return (len ^ complement) == 0xffff && b.at / 8 + len <= b.len;
}

static unsigned block_type(const uint8_t *bytes, size_t len, size_t bit)
{
	struct bits b = {
		bytes, len, bit + 1}; /* whatever BFINAL says: an empty last block may follow */
	return take(&b, 2);
}

static bool plausible(const uint8_t *bytes, size_t len, size_t bit)
{
	struct bits b = {bytes, len, bit + 3};
	switch (block_type(bytes, len, bit)) {
	case STORED:
		return stored_head_plausible(b);
	case FIXED:
		return len - bit / 8 <= FIXED_WITHIN;
	case DYNAMIC:
		return dynamic_head_plausible(b);
	default:
		return false;
	}
}

/* Inflates from this bit on; true when a final block ends just where the bytes do. */
static bool inflate_from(
	z_stream *z, const uint8_t *bytes, size_t len, size_t bit, struct nf_strbuf *text)
{
	static const uint8_t unknown[WINDOW]; /* NULs, as the header promises */
	uint8_t out[16384];
	nf_strbuf_clear(text);
	if (inflateReset(z) != Z_OK)
		return false;
	size_t byte = bit / 8;
	unsigned inside = bit % 8;
	if (inside && inflatePrime(z, (int)(8 - inside), bytes[byte++] >> inside) != Z_OK)
		return false;
	union {
		const uint8_t *in;
		Bytef *zlib; /* zlib without ZLIB_CONST reads only, whatever its type says */
	} next = {.in = bytes + byte};
	z->next_in = next.zlib;
	z->avail_in = (uInt)(len - byte);
	z->next_out = out;
	z->avail_out = sizeof out;
	/* To the end of the block's head first: few pass, and the window costs more than the rest. */
	int rc = inflate(z, Z_TREES);
	if (rc != Z_OK || inflateSetDictionary(z, unknown, WINDOW) != Z_OK)
		return false;
	do {
		z->next_out = out;
		z->avail_out = sizeof out;
		rc = inflate(z, Z_NO_FLUSH);
		nf_strbuf_add(text, out, sizeof out - z->avail_out);
	} while (
		rc == Z_OK && text->len < OUTPUT_MAX && (z->avail_in > 0 || z->avail_out == 0));
	return rc == Z_STREAM_END && z->avail_in == 0;
}

bool nf_deflate_tail(
	const uint8_t *deflate, size_t len, uint32_t length, struct nf_strbuf *text)
{
	z_stream z = {0};
	if (len < 2 || inflateInit2(&z, -15) != Z_OK)
		return false;
	bool found = false;
	for (size_t bit = len * 8 - 3; !found && bit-- > 0;)
		found = plausible(deflate, len, bit) &&
			inflate_from(&z, deflate, len, bit, text) &&
			(text->len == length ||
				(text->len >= CONVINCING &&
					block_type(deflate, len, bit) != FIXED));
	inflateEnd(&z);
	if (!found)
		nf_strbuf_clear(text);
	return found;
}
