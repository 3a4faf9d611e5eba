// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "checks/backup/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_manifest m = {0};
	union {
		const uint8_t *bytes;
		const char *text;
	} in = {.bytes = data};

	nf_manifest_read(&m, "/backup/SHA256SUMS", in.text, size);
	nf_manifest_find(&m, "/backup/a");
	nf_manifest_free(&m);
	return 0;
}
