// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/table.h"

#include <stdlib.h>

#include "collector/snmp/oid.h"

void nf_result_free(struct nf_result *result)
{
	if (!result)
		return;
	free(result->memory);
	free(result);
}

const struct nf_row *nf_result_row(const struct nf_result *result, const struct nf_oid *index)
{
	size_t low = 0, high = result->rows_len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = nf_oid_compare(&result->rows[middle].index, index);
		if (order == 0)
			return &result->rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
