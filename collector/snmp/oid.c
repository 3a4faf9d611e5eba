// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/oid.h"

#include <stdio.h>
#include <string.h>

int nf_oid_compare(const struct nf_oid *a, const struct nf_oid *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	for (size_t i = 0; i < n; i++)
		if (a->ids[i] != b->ids[i])
			return a->ids[i] < b->ids[i] ? -1 : 1;
	return (a->len > b->len) - (a->len < b->len);
}

bool nf_oid_under(const struct nf_oid *oid, const struct nf_oid *root)
{
	return oid->len >= root->len &&
	       memcmp(oid->ids, root->ids, root->len * sizeof *root->ids) == 0;
}

char *nf_oid_format(const struct nf_oid *oid, char buf[NF_OID_TEXT_MAX])
{
	size_t at = 0;
	buf[0] = '\0';
	for (size_t i = 0; i < oid->len; i++) {
		/* room for a dot, ten digits, the ellipsis and the NUL */
		if (at + 15 > NF_OID_TEXT_MAX) {
			memcpy(buf + at, "…", sizeof "…");
			break;
		}
		at += (size_t)snprintf(
			buf + at, NF_OID_TEXT_MAX - at, i ? ".%u" : "%u", oid->ids[i]);
	}
	return buf;
}
