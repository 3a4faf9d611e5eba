// SPDX-License-Identifier: GPL-3.0-or-later
/* rows: builds a result: each column is filled in the order of its indexes, then all are merged.
 * Shape:   an entry is (index, cell) of one column. An index that column 0 has at the same place is kept
 *          once, which is the usual case and makes merging a comparison of two numbers.
 * Units:   bytes. Memory: owns what it holds; nf_rows_finish gives one block for the whole result.
 */
#pragma once

#include "collector/snmp/table.h"

struct nf_rows;

#define NF_ROWS_BYTES_MAX (64u << 20) /* what one query may hold */

struct nf_rows *nf_rows_new(size_t columns);
void nf_rows_free(struct nf_rows *rows); /* takes; NULL is fine */

/* The index is over the column's last one (the caller's duty). The cell is copied. */
void nf_rows_add(struct nf_rows *rows, size_t column, const struct nf_oid *index,
	const struct nf_cell *cell);
size_t nf_rows_len(const struct nf_rows *rows, size_t column);
/* The last index of a column, borrowed until the next add; len 0 before the first. */
struct nf_oid nf_rows_last(const struct nf_rows *rows, size_t column);
size_t nf_rows_bytes(const struct nf_rows *rows);

/* Takes rows. one_row: a row is there even when nothing was added (scalars). why is copied. */
struct nf_result *nf_rows_finish(struct nf_rows *rows, enum nf_result_state state,
	const char *why, bool one_row, int64_t answered_wall_us);
