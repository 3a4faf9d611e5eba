// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/due.h"

#include <stdlib.h>

#include "base/mem.h"

static void place(struct nf_due_heap *heap, struct nf_due *due, size_t at)
{
	heap->items[at - 1] = due;
	due->place = at;
}

static void sift_up(struct nf_due_heap *heap, struct nf_due *due)
{
	size_t at = due->place;

	while (at > 1 && heap->items[at / 2 - 1]->at_mono_us > due->at_mono_us) {
		place(heap, heap->items[at / 2 - 1], at);
		at /= 2;
	}
	place(heap, due, at);
}

static void sift_down(struct nf_due_heap *heap, struct nf_due *due)
{
	size_t at = due->place;

	for (;;) {
		size_t child = at * 2;

		if (child > heap->len)
			break;
		if (child < heap->len &&
			heap->items[child]->at_mono_us < heap->items[child - 1]->at_mono_us)
			child++;
		if (heap->items[child - 1]->at_mono_us >= due->at_mono_us)
			break;
		place(heap, heap->items[child - 1], at);
		at = child;
	}
	place(heap, due, at);
}

void nf_due_put(struct nf_due_heap *heap, struct nf_due *due, int64_t at_mono_us)
{
	due->at_mono_us = at_mono_us;
	if (!due->place) {
		heap->items =
			nf_grow(heap->items, heap->len, &heap->cap, sizeof(struct nf_due *));
		due->place = ++heap->len;
	}
	sift_up(heap, due);
	sift_down(heap, due);
}

void nf_due_remove(struct nf_due_heap *heap, struct nf_due *due)
{
	size_t at = due->place;

	if (!at)
		return;
	struct nf_due *last = heap->items[--heap->len];

	due->place = 0;
	if (last == due)
		return;
	place(heap, last, at);
	sift_up(heap, last);
	sift_down(heap, last);
}

struct nf_due *nf_due_pop(struct nf_due_heap *heap, int64_t now_mono_us)
{
	if (!heap->len || heap->items[0]->at_mono_us > now_mono_us)
		return NULL;
	struct nf_due *due = heap->items[0];

	nf_due_remove(heap, due);
	return due;
}

void nf_due_heap_free(struct nf_due_heap *heap)
{
	free(heap->items);
	*heap = (struct nf_due_heap){0};
}
