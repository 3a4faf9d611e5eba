// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "checks/backup/ssh/tar_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says in what pieces the rest arrives. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const wanted[] = {"home/.sentinel", "etc/", NULL};
	struct nf_tar_names *t = nf_tar_names_new(wanted);
	size_t piece = size > 0 ? (size_t)data[0] * 7 + 1 : 1;

	for (size_t at = 1; at < size; at += piece)
		nf_tar_names_feed(t, data + at, size - at < piece ? size - at : piece);
	nf_tar_names_end(t);
	nf_tar_names_missing(t);
	nf_tar_names_free(t);
	return 0;
}
