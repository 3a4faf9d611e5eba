// SPDX-License-Identifier: GPL-3.0-or-later
/* tar: an archive ends with two blocks of zeros, and is a multiple of 512 bytes.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format". */
#include <string.h>

#include "checks/backup/ending_format.h"

#define BLOCK 512u

static bool recognise(const uint8_t *head, size_t len)
{
	return len >= 262 && memcmp(head + 257, "ustar", 5) == 0;
}

static bool zeros(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void step(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	if (nf_ending_turn(e) == 0)
		nf_ending_want_tail(e, 2 * BLOCK);
	else if (nf_ending_size(e) % BLOCK != 0)
		nf_ending_broken(e, "its size is no multiple of 512: it was cut");
	else if (len < 2 * BLOCK || !zeros(bytes, len))
		nf_ending_broken(e, "the two empty blocks at the end are missing: it was cut");
	else
		nf_ending_complete(e, "the two empty blocks at the end are there");
}

const struct nf_ending_format nf_ending_tar = {"tar", recognise, step};
