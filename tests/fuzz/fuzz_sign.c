// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/sign_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum nf_sign_with with;
	size_t key = size < 51 ? size : 51; /* the seed's key is its end */
	nf_sign_request_ok(data, size, "reader", data + size - key, key, &with);
	return 0;
}
