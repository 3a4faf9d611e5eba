// SPDX-License-Identifier: GPL-3.0-or-later
/* part: from a group's answer to its part of a report: the index taken apart, slow cells put back, rows
 * named.
 * Shape:   nf_part_make for each answer in turn; when all are there nf_part_link resolves the lookups.
 * Names:   a row's key is the first of the group's key fields that has a value, printable and cut. Rows of
 *          the same key get the next key field behind it, and where that is the same, too, their index:
 *          all of them, so that it does not depend on which comes first.
 * Memory:  parts live in the report's arena; they keep the results alive (nf_report_free).
 */
#pragma once

#include "base/mem.h"
#include "collector/snmp/report.h"

#include <stddef.h>
#include <stdint.h>

#define NF_KEY_MAX 128 /* bytes */

struct nf_slow; /* collector/snmp/slow.h */

/* Which column of the query each field is; -1: it was not asked for. */
struct nf_asked {
	int8_t column[NF_FIELDS_MAX];
	bool fast; /* slow columns were left out */
};

/* The part of a group, or NULL. */
struct nf_part *nf_part_of(struct nf_part *parts, size_t len, const struct nf_group *group);

/* Fills part->records (empty unless the result is complete), in this arena; borrows the result's cells.
 * Returns false when a row is new to `slow`: the whole group should be asked for soon. */
bool nf_part_make(struct nf_part *part, const struct nf_group *group,
	const struct nf_result *result, const struct nf_asked *asked,
	const struct nf_slow *slow, struct nf_arena *arena);

/* Resolves the lookups of every part; a part that looks into one that is not complete is not complete. */
void nf_part_link(struct nf_part *parts, size_t len, struct nf_arena *arena);
/* Gives every record its key, in parts whose group has one. After nf_part_link. */
void nf_part_name(struct nf_part *part, struct nf_arena *arena);

/* One part of an index into *cell and *left; false where it is not what the field says. The memory of
 * octets comes from the arena. */
bool nf_index_take(const struct nf_field *field, struct nf_oid *left, struct nf_cell *cell,
	struct nf_arena *arena);
