// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/shapes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct nf_shapes {
	struct nf_shape **items;
	size_t len, cap;
};

struct nf_shapes *nf_shapes_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_shapes));
}

void nf_shapes_free(struct nf_shapes *shapes)
{
	if (shapes == NULL)
		return;
	for (size_t i = 0; i < shapes->len; i++)
		free(shapes->items[i]);
	free(shapes->items);
	free(shapes);
}

static bool ds_equal(const struct nf_ds *a, const struct nf_ds *b)
{
	return strcmp(a->name, b->name) == 0 && a->kind == b->kind &&
	       nf_journal_bits(a->min) == nf_journal_bits(b->min) &&
	       nf_journal_bits(a->max) == nf_journal_bits(b->max);
}

bool nf_shape_equal(const struct nf_shape *a, const struct nf_shape *b)
{
	if (a->step_s != b->step_s || a->heartbeat_s != b->heartbeat_s ||
		a->ds_len != b->ds_len)
		return false;
	for (size_t i = 0; i < a->ds_len; i++) {
		if (!ds_equal(&a->ds[i], &b->ds[i]))
			return false;
	}
	return true;
}

const struct nf_shape *nf_shapes_intern(struct nf_shapes *shapes, const struct nf_shape *shape)
{
	/* The newest first: what comes next is mostly like what came last. */
	for (size_t i = shapes->len; i > 0; i--) {
		if (nf_shape_equal(shapes->items[i - 1], shape))
			return shapes->items[i - 1];
	}
	struct nf_shape *copy = nf_xmalloc(sizeof *copy);
	*copy = *shape;
	shapes->items =
		nf_grow(shapes->items, shapes->len, &shapes->cap, sizeof(struct nf_shape *));
	shapes->items[shapes->len++] = copy;
	return copy;
}

int nf_shape_find(const struct nf_shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->ds_len; i++) {
		if (strcmp(shape->ds[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}
