// SPDX-License-Identifier: GPL-3.0-or-later
/* pending: where the samples lie that are read but not yet written: a queue a series, of 12 bytes a
 * sample, because a hundred thousand series may owe fifteen each.
 * Shape:   all queues share one table of places; a queue is a chain of places through it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NF_PENDING_NONE UINT32_MAX

struct nf_place {
	uint32_t next; /* NF_PENDING_NONE: the last */
	uint32_t file, offset;
};

struct nf_pending {
	struct nf_place *places;
	size_t len, cap;
	uint32_t free; /* chain of unused places */
	size_t count;  /* in all queues */
};

struct nf_queue {
	uint32_t head, tail; /* valid where count > 0 */
	uint32_t count;
};

void nf_pending_init(struct nf_pending *pending);
void nf_pending_free(struct nf_pending *pending);
void nf_pending_push(
	struct nf_pending *pending, struct nf_queue *queue, uint32_t file, uint32_t offset);
/* Of a queue that is not empty. */
void nf_pending_pop(struct nf_pending *pending, struct nf_queue *queue);
/* Puts all of `from`, which ends empty, behind `to`. */
void nf_pending_append(struct nf_pending *pending, struct nf_queue *to, struct nf_queue *from);
