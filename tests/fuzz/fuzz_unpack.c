// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_unpack *u = nf_unpack_new(data, size);
	size_t used = 1;
	for (size_t at = 0; u && at < size; at += used)
		if (!nf_unpack_feed(u, data + at, size - at < 7 ? size - at : 7, &used) ||
			nf_unpack_size(u) > 1 << 22)
			break;
	if (u && nf_unpack_size(u) < 1 << 22)
		nf_unpack_end(u);
	nf_unpack_free(u);
	return 0;
}
