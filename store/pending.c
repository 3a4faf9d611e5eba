// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/pending.h"

#include <stdlib.h>

#include "base/mem.h"

void nf_pending_init(struct nf_pending *pending)
{
	*pending = (struct nf_pending){.free = NF_PENDING_NONE};
}

void nf_pending_free(struct nf_pending *pending)
{
	free(pending->places);
	nf_pending_init(pending);
}

static uint32_t take_place(struct nf_pending *pending)
{
	uint32_t place = pending->free;
	if (place != NF_PENDING_NONE) {
		pending->free = pending->places[place].next;
		return place;
	}
	pending->places =
		nf_grow(pending->places, pending->len, &pending->cap, sizeof *pending->places);
	return (uint32_t)pending->len++;
}

void nf_pending_push(
	struct nf_pending *pending, struct nf_queue *queue, uint32_t file, uint32_t offset)
{
	uint32_t place = take_place(pending);
	pending->places[place] = (struct nf_place){NF_PENDING_NONE, file, offset};
	if (queue->count == 0)
		queue->head = place;
	else
		pending->places[queue->tail].next = place;
	queue->tail = place;
	queue->count++;
	pending->count++;
}

void nf_pending_pop(struct nf_pending *pending, struct nf_queue *queue)
{
	uint32_t place = queue->head;
	queue->head = pending->places[place].next;
	pending->places[place].next = pending->free;
	pending->free = place;
	queue->count--;
	pending->count--;
}

void nf_pending_append(struct nf_pending *pending, struct nf_queue *to, struct nf_queue *from)
{
	if (from->count == 0)
		return;
	if (to->count == 0)
		to->head = from->head;
	else
		pending->places[to->tail].next = from->head;
	to->tail = from->tail;
	to->count += from->count;
	*from = (struct nf_queue){0};
}
