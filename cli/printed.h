// SPDX-License-Identifier: GPL-3.0-or-later
/* printed: what things are known by (names, MACs, SNMP engines), and whose it was first: of rows that are to stand
 * in one devices.csv.
 * Memory:  a zeroed struct is empty; nf_printed_free takes.
 */
#pragma once

#include "base/mem.h"

struct nf_printed {
	struct nf_arena *arena;
	struct nf_printed_item *items;
};

/* The device whose it is; NULL: nobody's yet. What is "" is nobody's, and never will be anybody's. */
const char *nf_printed_owner(
	const struct nf_printed *printed, const char *kind, const char *value);
/* It is this device's, unless it is another's already. */
void nf_printed_add(
	struct nf_printed *printed, const char *kind, const char *value, const char *device);
void nf_printed_free(struct nf_printed *printed);
