// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/backup/ssh/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_cursor c = nf_cursor_of(data, size), d;
	enum nf_wire_type type;
	uint32_t session;
	nf_wire_get(&c, &type, &session);
	d = c;
	struct nf_remote_answer answer = {0};
	struct nf_remote_entry entry;
	nf_wire_get_answer(&d, &answer);
	while (nf_cursor_left(&c) > 0)
		nf_wire_get_entry(&c, &entry);
	return 0;
}
