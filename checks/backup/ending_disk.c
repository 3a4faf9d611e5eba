// SPDX-License-Identifier: GPL-3.0-or-later
/* disk: images of virtual machines, as far as the format tells where it ends.
 * Source: QEMU docs/interop/qcow2.txt; Microsoft's "Virtual Hard Disk Image Format" 1.0; VMware's "Virtual
 * Disk Format" 5.0. */
#include <string.h>

#include "checks/backup/ending_format.h"

#define SMALL  65536u
#define SECTOR 512u

static bool is_qcow2(const uint8_t *head, size_t len)
{
	return len >= 72 && memcmp(head, "QFI\xfb", 4) == 0;
}

/* A table of len bytes at offset has to lie inside the file. */
static bool inside(uint64_t size, uint64_t offset, uint64_t len)
{
	return offset <= size && len <= size - offset;
}

static void step_qcow2(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	nf_cursor_skip(&c, 4);
	uint32_t version = nf_cursor_be32(&c);
	nf_cursor_skip(&c, 12); /* backing file */
	uint32_t cluster_bits = nf_cursor_be32(&c);
	nf_cursor_skip(&c, 12); /* size, crypt */
	uint64_t l1_entries = nf_cursor_be32(&c), l1 = nf_cursor_be64(&c);
	uint64_t refcounts = nf_cursor_be64(&c), clusters = nf_cursor_be32(&c);
	nf_cursor_skip(&c, 12); /* snapshots */
	uint64_t features = version >= 3 ? nf_cursor_be64(&c) : 0;

	uint64_t size = nf_ending_size(e);
	if (c.failed || cluster_bits < 9 || cluster_bits > 21)
		nf_ending_broken(e, "the head is not one that a writer leaves");
	else if (features & 2)
		nf_ending_broken(e, "marked corrupt by its writer");
	else if (features & 1)
		nf_ending_broken(e, "marked dirty: copied while it was in use");
	else if (!inside(size, l1, l1_entries * 8) ||
		 !inside(size, refcounts, clusters << cluster_bits))
		nf_ending_broken(e, "its tables lie behind its end: it was cut");
	else
		nf_ending_no_proof(
			e, "head and tables are sound; the format does not say where it ends");
}

static bool is_vhd(const uint8_t *head, size_t len)
{
	return len >= 8 && memcmp(head, "conectix", 8) == 0;
}

static void read_vhd_footer(struct nf_ending *e, const uint8_t *footer)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < SECTOR; i++)
		sum += i >= 64 && i < 68 ? 0 : footer[i];
	struct nf_cursor c = nf_cursor_of(footer + 64, 4);
	if (nf_cursor_be32(&c) != ~sum)
		nf_ending_broken(e, "the footer's checksum is wrong");
	else
		nf_ending_complete(e, "the footer is there, its checksum right");
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}

/* Comes last of all formats: a fixed VHD has only its footer to be known by. */
static void step_vhd(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	bool *dynamic = nf_ending_state(e, sizeof *dynamic);
	if (nf_ending_turn(e) == 0 && is_zero(bytes, len) && nf_ending_size(e) <= SMALL) {
		nf_ending_want(e, 0, SMALL);
	} else if (nf_ending_turn(e) == 0) {
		*dynamic = is_vhd(bytes, len);
		nf_ending_want_tail(e, SECTOR);
	} else if (len == nf_ending_size(e) && is_zero(bytes, len)) {
		nf_ending_broken(
			e, "nothing but zeros: an empty tar archive, or never written");
	} else if (len == SECTOR && is_vhd(bytes, len)) {
		read_vhd_footer(e, bytes);
	} else if (*dynamic) {
		nf_ending_broken(e, "no footer: it was cut");
	} else {
		nf_ending_no_proof(e, "no format whose end we know");
	}
}

static bool is_vmdk(const uint8_t *head, size_t len)
{
	return len >= SECTOR && memcmp(head, "KDMV", 4) == 0;
}

static void step_vmdk(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	if (nf_ending_turn(e) == 0) {
		struct nf_cursor c = nf_cursor_of(bytes + 56, 8);
		/* Only a stream-optimised extent has a footer: its directory's place is "at the end". */
		if (nf_cursor_le64(&c) == UINT64_MAX)
			nf_ending_want_tail(e, 2 * SECTOR);
		else
			nf_ending_no_proof(e, "a sparse extent does not say where it ends");
		return;
	}
	bool ended = len == 2 * SECTOR && memcmp(bytes, "KDMV", 4) == 0;
	for (size_t i = SECTOR; ended && i < len; i++)
		ended = bytes[i] == 0;
	if (ended)
		nf_ending_complete(e, "footer and end-of-stream mark are there");
	else
		nf_ending_broken(e, "footer or end-of-stream mark is missing: it was cut");
}

const struct nf_ending_format nf_ending_qcow2 = {"qcow2", is_qcow2, step_qcow2};
const struct nf_ending_format nf_ending_vhd = {"disk image", is_vhd, step_vhd};
const struct nf_ending_format nf_ending_vmdk = {"VMDK", is_vmdk, step_vmdk};
