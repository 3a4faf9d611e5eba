// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ending.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_ending *e = nf_ending_new("fuzz", size);
	uint64_t offset;
	size_t len;
	while (nf_ending_wants(e, &offset, &len)) {
		if (len == 0 || offset > size || len > size - offset)
			abort();
		uint8_t *piece = memcpy(malloc(len), data + offset, len);
		nf_ending_feed(e, piece, len);
		free(piece);
	}
	nf_ending_free(e);
	return 0;
}
