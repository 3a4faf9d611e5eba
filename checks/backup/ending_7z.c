// SPDX-License-Identifier: GPL-3.0-or-later
/* 7z: the head says where the directory at the end is, how long, and its checksum.
 * Source: 7zFormat.txt of the LZMA SDK, "SignatureHeader". */
#include <string.h>

#include <zlib.h>

#include "checks/backup/ending_format.h"

#define HEADER 32u

struct seven {
	uint32_t crc;
	uint64_t len;
};

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= HEADER && memcmp(head, "7z\xbc\xaf\x27\x1c", 6) == 0;
}

static void read_head(struct nf_ending *e, struct seven *s, const uint8_t *head, size_t len)
{
	struct nf_cursor c = nf_cursor_of(head, len);
	nf_cursor_skip(&c, 8);
	uint32_t head_crc = nf_cursor_le32(&c);
	uint64_t offset = nf_cursor_le64(&c);
	s->len = nf_cursor_le64(&c);
	s->crc = nf_cursor_le32(&c);
	uint64_t room = nf_ending_size(e) - HEADER;
	if (head_crc != crc32(0, head + 12, 20))
		nf_ending_broken(e, "the head's checksum is wrong: it was never finished");
	else if (s->len == 0)
		nf_ending_broken(e, "an archive of nothing");
	else if (offset > room || s->len > room - offset)
		nf_ending_broken(e, "its directory lies behind its end: it was cut");
	else if (s->len > NF_ENDING_READ_MAX)
		nf_ending_complete(
			e, "the directory's place is inside the file; it was too long to read");
	else
		nf_ending_want(e, HEADER + offset, (size_t)s->len);
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct seven *s = nf_ending_state(e, sizeof *s);
	if (nf_ending_turn(e) == 0)
		read_head(e, s, bytes, len);
	else if (crc32(0, bytes, (uInt)len) == s->crc)
		nf_ending_complete(e, "the directory at the end is there, its checksum right");
	else
		nf_ending_broken(e, "the directory's checksum is wrong");
}

const struct nf_ending_format nf_ending_7z = {"7z", recognise, step};
