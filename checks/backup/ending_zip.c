// SPDX-License-Identifier: GPL-3.0-or-later
/* zip: local entries, central directory, [zip64 end and locator], end record; read from the end.
 * Source: PKWARE APPNOTE 6.3.10, 4.3. */
#include <string.h>

#include "checks/backup/ending_format.h"

#define END_MARK     "PK\x05\x06"
#define END_LEN	     22u
#define LOCATOR_MARK "PK\x06\x07"
#define LOCATOR_LEN  20u
#define END64_MARK   "PK\x06\x06"
#define END64_LEN    56u
#define CENTRAL_MARK "PK\x01\x02"
#define COMMENT_MAX  65535u

struct zip {
	uint64_t entries, directory, directory_len;
	uint64_t
		end_at; /* of the end record, or the zip64 one: where the directory must stop */
	bool directory_wanted;
};

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 4 &&
	       (memcmp(head, "PK\x03\x04", 4) == 0 || memcmp(head, END_MARK, 4) == 0);
}

static void want_directory(struct nf_ending *e, struct zip *z)
{
	if (z->directory_len > z->end_at || z->directory > z->end_at - z->directory_len) {
		nf_ending_broken(e, "the directory lies behind its own end");
	} else if (z->directory + z->directory_len != z->end_at) {
		nf_ending_broken(
			e, "the directory does not reach the end record: bytes are missing");
	} else if (z->entries == 0) {
		nf_ending_broken(e, "an archive of nothing");
	} else {
		z->directory_wanted = true;
		nf_ending_want(e, z->directory, 46);
	}
}

static void read_locator(struct nf_ending *e, struct zip *z, const uint8_t *tail, size_t end)
{
	if (end < LOCATOR_LEN || memcmp(tail + end - LOCATOR_LEN, LOCATOR_MARK, 4) != 0) {
		nf_ending_broken(e, "the zip64 locator is missing");
		return;
	}
	struct nf_cursor c = nf_cursor_of(tail + end - LOCATOR_LEN + 8, 8);
	z->end_at = nf_cursor_le64(&c);
	nf_ending_want(e, z->end_at, END64_LEN);
}

static void read_end(
	struct nf_ending *e, struct zip *z, const uint8_t *tail, size_t end, size_t len)
{
	struct nf_cursor c = nf_cursor_of(tail + end + 10, len - end - 10);
	z->entries = nf_cursor_le16(&c);
	z->directory_len = nf_cursor_le32(&c);
	z->directory = nf_cursor_le32(&c);
	z->end_at = nf_ending_offset(e) + end;
	if (z->entries == 0xffff || z->directory_len == 0xffffffff ||
		z->directory == 0xffffffff)
		read_locator(e, z, tail, end);
	else
		want_directory(e, z);
}

/* The end record is the last thing but for its own comment, whose length it says. */
static void find_end(struct nf_ending *e, struct zip *z, const uint8_t *tail, size_t len)
{
	for (size_t at = len < END_LEN ? 0 : len - END_LEN + 1; at-- > 0;) {
		struct nf_cursor c = nf_cursor_of(tail + at, len - at);
		const uint8_t *mark = nf_cursor_bytes(&c, 4);
		if (!mark || memcmp(mark, END_MARK, 4) != 0)
			continue;
		nf_cursor_skip(&c, 16);
		if (nf_cursor_le16(&c) == nf_cursor_left(&c)) {
			read_end(e, z, tail, at, len);
			return;
		}
	}
	if (len < nf_ending_size(e) && len < COMMENT_MAX + END_LEN)
		nf_ending_want_tail(e, COMMENT_MAX + END_LEN + LOCATOR_LEN);
	else
		nf_ending_broken(e, "no end record: it was cut");
}

static void read_end64(struct nf_ending *e, struct zip *z, const uint8_t *bytes, size_t len)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	const uint8_t *mark = nf_cursor_bytes(&c, 4);
	nf_cursor_skip(&c, 28);
	z->entries = nf_cursor_le64(&c);
	z->directory_len = nf_cursor_le64(&c);
	z->directory = nf_cursor_le64(&c);
	if (!mark || memcmp(mark, END64_MARK, 4) != 0 || c.failed)
		nf_ending_broken(e, "the zip64 end record is not where its locator says");
	else
		want_directory(e, z);
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct zip *z = nf_ending_state(e, sizeof *z);
	if (nf_ending_turn(e) == 0)
		nf_ending_want_tail(e, 4096);
	else if (z->directory_wanted && memcmp(bytes, CENTRAL_MARK, 4) == 0)
		nf_ending_complete(e, "end record and directory of %llu entries are there",
			(unsigned long long)z->entries);
	else if (z->directory_wanted)
		nf_ending_broken(e, "the directory is not where the end record says");
	else if (z->end_at)
		read_end64(e, z, bytes, len);
	else
		find_end(e, z, bytes, len);
}

const struct nf_ending_format nf_ending_zip = {"zip", recognise, step};
