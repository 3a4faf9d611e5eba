// SPDX-License-Identifier: GPL-3.0-or-later
/* profile_expr: small arithmetic over a row's fields: "100 * hrStorageUsed / hrStorageSize".
 * Shape:   numbers, field names, + - * / ^ (power), unary -, parentheses; usual precedence, ^ binds to the
 *          right. Compiled once to postfix, evaluated without allocating.
 * Errors:  at most 64 steps and 16 values deep. Evaluation cannot fail: an absent field, a division
 *          by zero or an overflow gives NaN.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

struct nf_expr;

/* The number of a field, or a negative number when there is no such field. */
typedef int nf_expr_resolve_fn(const char *name, size_t len, void *arg);
/* A field's value; NaN when it is absent. */
typedef double nf_expr_value_fn(uint8_t field, void *arg);

/* NF_EFORMAT with *why (a static text) and *at (offset of the trouble in text). */
enum nf_err nf_expr_parse(struct nf_arena *arena, const char *text, nf_expr_resolve_fn *resolve,
	void *arg, const struct nf_expr **expr, const char **why, size_t *at);
double nf_expr_eval(const struct nf_expr *expr, nf_expr_value_fn *value, void *arg);
/* The field when the expression is nothing but one, else -1. */
int nf_expr_single_field(const struct nf_expr *expr);
