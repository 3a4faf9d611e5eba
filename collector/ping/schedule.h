// SPDX-License-Identifier: GPL-3.0-or-later
/* schedule: who is due when: each thing once an interval, at a phase of its own.
 * Shape:   pure. Phases come from a hash of the thing, so that neighbours in a list or a network are not
 *          asked together, and stay the same over reloads and restarts.
 * Units:   monotonic microseconds; indices of the caller's list.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct nf_schedule_item {
	int64_t phase_us;
	size_t index;
};

struct nf_schedule {
	struct nf_schedule_item *items; /* by phase */
	size_t len;
	size_t next; /* the item to come */
	int64_t interval_us;
	int64_t round_mono_us; /* when this round of all items began */
	uint64_t rounds;       /* ended so far */
};

#define NF_SCHEDULE_NONE SIZE_MAX

/* Another list, or another interval; what was due before `mono_us` is left behind. hash: one a thing. */
void nf_schedule_set(struct nf_schedule *s, const uint64_t *hash, size_t len,
	int64_t interval_us, int64_t mono_us);
void nf_schedule_free(struct nf_schedule *s);

/* The index of one thing due by now, or NF_SCHEDULE_NONE. After a stop of many intervals each thing comes
 * once, not many times. */
size_t nf_schedule_next(struct nf_schedule *s, int64_t mono_us);

/* FNV-1a of a text: stable for ever. */
uint64_t nf_schedule_hash(const char *text);
