// SPDX-License-Identifier: GPL-3.0-or-later
/* bzip2: the stream ends, at any bit, with the digits of sqrt(pi) and a checksum, then up to 7 bits of
 * padding. Source: bzip2's own decompress.c; the format has no other description. */
#include <string.h>

#include "checks/backup/ending_format.h"

#define END_OF_STREAM UINT64_C(0x177245385090)
#define TAIL	      11u /* 48 bits of mark, 32 of checksum, 7 of padding */

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 4 && memcmp(head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9';
}

static uint64_t bits_at(const uint8_t *bytes, size_t bit, unsigned count)
{
	uint64_t value = 0;
	for (size_t i = bit; i < bit + count; i++)
		value = value << 1 | ((unsigned)bytes[i / 8] >> (7 - i % 8) & 1u);
	return value;
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	if (nf_ending_turn(e) == 0) {
		nf_ending_want_tail(e, TAIL);
		return;
	}
	for (size_t padding = 0; padding < 8 && len * 8 >= 80 + padding; padding++) {
		size_t mark = len * 8 - padding - 80;
		if (bits_at(bytes, mark, 48) != END_OF_STREAM)
			continue;
		nf_ending_complete(e, "the end-of-stream mark is there");
		return;
	}
	nf_ending_broken(e, "no end-of-stream mark: the file stops early");
}

const struct nf_ending_format nf_ending_bzip2 = {"bzip2", recognise, step};
