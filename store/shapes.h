// SPDX-License-Identifier: GPL-3.0-or-later
/* shapes: one copy of each shape, so that pointers compare; a hundred thousand series share a few dozen.
 * Memory:  what nf_shapes_intern returns lives until nf_shapes_free.
 */
#pragma once

#include "store/journal_format.h"

#include <stdbool.h>

struct nf_shapes;

struct nf_shapes *nf_shapes_new(void) __attribute__((returns_nonnull));
void nf_shapes_free(struct nf_shapes *shapes); /* takes; NULL is fine */
const struct nf_shape *nf_shapes_intern(struct nf_shapes *shapes, const struct nf_shape *shape)
	__attribute__((returns_nonnull));

/* Position of a DS by name, -1 where there is none. */
int nf_shape_find(const struct nf_shape *shape, const char *name);
bool nf_shape_equal(const struct nf_shape *a, const struct nf_shape *b);
