// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "checks/backup/pgdump_toc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(const char *name, size_t len, void *arg)
{
	unsigned *sum = arg;

	for (size_t i = 0; i < len; i++)
		*sum += (unsigned char)name[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_pgdump_toc toc;
	unsigned sum = 0;

	nf_pgdump_toc_read(data, size, &toc, take, &sum);
	return 0;
}
