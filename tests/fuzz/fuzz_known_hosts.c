// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/known_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"srv", "10.0.0.1"};
	struct nf_known_hosts *h = nf_known_hosts_parse("f", (const char *)data, size);
	struct nf_known_result r;
	struct nf_strbuf types = {0};
	nf_known_hosts_check(h, names, 2, size % 2 ? 22 : 2222, data, size, &r);
	nf_known_hosts_types(h, names, 2, 22, &types);
	nf_strbuf_free(&types);
	nf_known_hosts_free(h);
	return 0;
}
