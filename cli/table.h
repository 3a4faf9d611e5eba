// SPDX-License-Identifier: GPL-3.0-or-later
/* table: columns of text for a terminal, aligned by characters, escaped, coloured by state.
 * Shape:   cells are added one by one, row after row; the last column is not padded. An empty table
 *          prints nothing, its heading neither.
 * Width:   that of the terminal, where it is printed on one, else whatever its cells need, unless it is told
 *          what it has to fit. Where the cells need more the last column is folded where it stands, or
 *          where there is no room stands below its row, without its heading.
 */
#pragma once

#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct nf_table;

/* headings: `columns` of them, borrowed; NULL: none. A heading that begins with '>' is of numbers,
 * which stand to the right. */
struct nf_table *nf_table_new(const char *const *headings, size_t columns);
void nf_table_fit(struct nf_table *table, size_t width); /* columns; 0: the terminal's */
void nf_table_free(struct nf_table *table);
void nf_table_cell(struct nf_table *table, const char *text);
void nf_table_number(struct nf_table *table, uint64_t number);
/* The state's word, with its sign: the colour is never the only difference. */
void nf_table_state(struct nf_table *table, enum nf_state state);
bool nf_table_is_empty(const struct nf_table *table);
void nf_table_print(const struct nf_table *table, FILE *to, bool colour);

/* "✖", "▲", "?", "↯", "✔"; ASCII where the locale is not UTF-8. */
const char *nf_state_sign(enum nf_state state);
/* The terminal's sequence that switches to the state's colour; "" without colour. */
const char *nf_state_colour(enum nf_state state, bool colour);
const char *nf_colour_off(bool colour);
