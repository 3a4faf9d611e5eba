// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "store/journal_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The checksum would keep nearly every mutant out: each input is also taken as a body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_journal_record record;
	size_t used;
	if (size >= NF_JOURNAL_HEADER)
		nf_journal_get_header(data);
	nf_journal_get(data, size, &record, &used);
	nf_journal_get_body(data, size, &record);
	return 0;
}
