// SPDX-License-Identifier: GPL-3.0-or-later
/* oid: object identifiers: order, prefix, text.
 * Shape:   pure, on borrowed arrays of sub-identifiers.
 * Source:  RFC 2578 7.1.3 (128 sub-identifiers of 32 bits), RFC 3416 4.2.2 (lexicographical order).
 */
#pragma once

#include "collector/snmp/table.h"

#include <stdbool.h>
#include <stddef.h>

/* An object identifier written down: NF_OID(1, 3, 6, 1, 2, 1, 1, 3, 0). */
#define NF_OID(...)                                                                            \
	((struct nf_oid){(const uint32_t[]){__VA_ARGS__},                                      \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)})

/* <0, 0, >0 in lexicographical order. */
int nf_oid_compare(const struct nf_oid *a, const struct nf_oid *b);
/* Whether `oid` lies in the subtree of `root` (root itself included). */
bool nf_oid_under(const struct nf_oid *oid, const struct nf_oid *root);

#define NF_OID_TEXT_MAX 160
/* "1.3.6.1.2.1.1.3.0"; what does not fit ends in "…". Returns buf. */
char *nf_oid_format(const struct nf_oid *oid, char buf[NF_OID_TEXT_MAX]);
