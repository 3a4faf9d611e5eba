// SPDX-License-Identifier: GPL-3.0-or-later
/* due: things in the order of their times.
 * Shape:   a binary heap of pointers to struct nf_due, which stands inside the thing itself.
 * Units:   monotonic microseconds.
 * Memory:  the things are the caller's and stay where they are while they are in it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct nf_due {
	int64_t at_mono_us;
	size_t place; /* in the heap, from 1; 0: in none */
};

struct nf_due_heap {
	struct nf_due **items;
	size_t len, cap;
};

/* Adds it, or moves it when it is in already. */
void nf_due_put(struct nf_due_heap *heap, struct nf_due *due, int64_t at_mono_us);
void nf_due_remove(struct nf_due_heap *heap, struct nf_due *due); /* fine when it is in none */
/* Takes out the earliest at or before now; NULL: none. */
struct nf_due *nf_due_pop(struct nf_due_heap *heap, int64_t now_mono_us);
void nf_due_heap_free(struct nf_due_heap *heap);
