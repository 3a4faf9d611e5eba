// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/oid.h"

#include <assert.h>
#include <string.h>

enum nf_err nf_sim_oid_parse(const char *text, size_t len, struct nf_sim_oid *out)
{
	const char *at = text;
	const char *end = text + len;
	struct nf_sim_oid oid = {0};

	if (at < end && *at == '.')
		at++;
	for (;;) {
		uint64_t id = 0;
		const char *digits = at;

		while (at < end && *at >= '0' && *at <= '9' && id <= UINT32_MAX)
			id = id * 10 + (uint64_t)(*at++ - '0');
		if (at == digits || id > UINT32_MAX || oid.len == NF_SIM_OID_MAX)
			return NF_EFORMAT;
		oid.ids[oid.len++] = (uint32_t)id;
		if (at == end)
			break;
		if (*at++ != '.')
			return NF_EFORMAT;
	}
	*out = oid;
	return NF_OK;
}

int nf_sim_oid_compare(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len)
{
	size_t common = a_len < b_len ? a_len : b_len;

	for (size_t i = 0; i < common; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return (a_len > b_len) - (a_len < b_len);
}

bool nf_sim_oid_within(const uint32_t *ids, size_t len, const struct nf_sim_oid *prefix)
{
	return len >= prefix->len && memcmp(ids, prefix->ids, prefix->len * sizeof *ids) == 0;
}

void nf_sim_oid_append(struct nf_sim_oid *oid, uint32_t id)
{
	assert(oid->len < NF_SIM_OID_MAX);
	oid->ids[oid->len++] = id;
}
