// SPDX-License-Identifier: GPL-3.0-or-later
/* fold: text in the width of a terminal, broken between words.
 * Units:   columns of the terminal: a combining character has none, one of a wide script two.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#define NF_FOLD_USUAL 80 /* where nobody says how wide */

/* The width of the terminal that standard output is; 0: it is none. */
size_t nf_fold_terminal(void);
/* The columns that the first len bytes take. */
size_t nf_fold_columns(const char *text, size_t len);
/* Prints text, which begins in this column, and no newline after it; further lines begin with `indent`
 * spaces. A word longer than a line stands over. width 0: one line. */
void nf_fold_print(FILE *to, const char *text, size_t column, size_t indent, size_t width);
/* Prints lines, each ended by LF; what is folded of one hangs two deeper than the line begins. */
void nf_fold_lines(FILE *to, const char *text, size_t width);
