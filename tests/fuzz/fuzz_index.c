// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "collector/snmp/part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says the kind, the rest are sub-identifiers of an index. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t ids[NF_OID_MAX] = {0};
	struct nf_oid left = {ids, size ? (size - 1) / sizeof *ids : 0};
	struct nf_arena *arena = nf_arena_new();
	struct nf_field field = {.index_kind = size ? (enum nf_index_kind)(data[0] % 7) : 0};
	struct nf_cell cell;

	left.len = left.len < NF_OID_MAX ? left.len : NF_OID_MAX;
	if (left.len)
		memcpy(ids, data + 1, left.len * sizeof *ids);
	while (left.len && nf_index_take(&field, &left, &cell, arena))
		;
	nf_arena_free(arena);
	return 0;
}
