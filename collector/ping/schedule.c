// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/schedule.h"

#include <stdlib.h>

#include "base/mem.h"

uint64_t nf_schedule_hash(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	/* FNV's high bits, which a phase is taken from, hardly differ for short texts (murmur's end). */
	hash ^= hash >> 33;
	hash *= UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 33;
}

static int compare(const void *a, const void *b)
{
	const struct nf_schedule_item *x = a;
	const struct nf_schedule_item *y = b;

	if (x->phase_us != y->phase_us)
		return x->phase_us < y->phase_us ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Everything up to mono_us is behind us. */
static void go_to(struct nf_schedule *s, int64_t mono_us)
{
	s->round_mono_us = mono_us - mono_us % s->interval_us;
	s->next = 0;
	while (s->next < s->len && s->round_mono_us + s->items[s->next].phase_us <= mono_us)
		s->next++;
}

void nf_schedule_set(struct nf_schedule *s, const uint64_t *hash, size_t len,
	int64_t interval_us, int64_t mono_us)
{
	s->items = nf_xreallocarray(s->items, len ? len : 1, sizeof *s->items);
	s->len = len;
	s->interval_us = interval_us;
	for (size_t i = 0; i < len; i++)
		s->items[i] = (struct nf_schedule_item){
			(int64_t)(hash[i] % (uint64_t)interval_us), i};
	if (len)
		qsort(s->items, len, sizeof *s->items, compare);
	go_to(s, mono_us);
}

void nf_schedule_free(struct nf_schedule *s)
{
	free(s->items);
	*s = (struct nf_schedule){0};
}

size_t nf_schedule_next(struct nf_schedule *s, int64_t mono_us)
{
	if (!s->len)
		return NF_SCHEDULE_NONE;
	if (s->next == s->len) {
		s->next = 0;
		s->round_mono_us += s->interval_us;
		s->rounds++;
	}
	int64_t due = s->round_mono_us + s->items[s->next].phase_us;

	if (due > mono_us)
		return NF_SCHEDULE_NONE;
	if (due <= mono_us - s->interval_us) {
		s->rounds++;
		go_to(s, mono_us - s->interval_us);
		return nf_schedule_next(s, mono_us);
	}
	return s->items[s->next++].index;
}
