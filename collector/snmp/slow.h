// SPDX-License-Identifier: GPL-3.0-or-later
/* slow: the cells of slow columns as last read, packed small: thousands of devices keep theirs all day.
 * Shape:   one block: per row its index, then per slow column a type and its value; rows in the order of
 *          their index, so that the next answer, which has the same order, finds them by walking along.
 * Memory:  owns its block; nf_slow_put_back makes cells that borrow from it.
 */
#pragma once

#include "collector/snmp/report.h"

#include <stddef.h>

struct nf_slow;

/* Packs those of a part that was asked for in full; NULL when its group has none. */
struct nf_slow *nf_slow_take(const struct nf_part *part);
void nf_slow_free(struct nf_slow *slow); /* takes; NULL is fine */

/* Sets the slow cells of the row of this index; `at` is where it stood in its answer, a hint. False when
 * the row is not known (or slow is NULL and the group has slow columns). */
bool nf_slow_put_back(const struct nf_slow *slow, const struct nf_group *group, size_t at,
	const struct nf_oid *index, struct nf_cell *cells);
