// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/kexinit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_offer offer;
	static const char *const ours[NF_OFFERS] = {"a", "b", "c", "d", "e", "f"};
	if (nf_kexinit_read(data, size, &offer))
		nf_kexinit_missing(&offer, ours);
	return 0;
}
