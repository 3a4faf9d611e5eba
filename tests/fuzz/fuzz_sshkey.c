// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/key_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_private_key *key = NULL;
	if (nf_private_key_read((const char *)data, size, "x", &key, NULL) == NF_OK)
		nf_private_key_free(key);
	return 0;
}
