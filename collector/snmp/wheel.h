// SPDX-License-Identifier: GPL-3.0-or-later
/* wheel: deadlines of many requests, one place in the program: adding and removing cost nothing.
 * Shape:   slots of 10 ms, one turn is 10.24 s; a later deadline stays in its slot for another turn.
 * Units:   monotonic microseconds; fires up to one slot late, never early.
 * Memory:  a timer is part of what it times; the wheel only links it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NF_WHEEL_SLOTS	 1024
#define NF_WHEEL_SLOT_US INT64_C(10000)

struct nf_timer {
	struct nf_timer *prev, *next; /* NULL: not set */
	int64_t at_mono_us;
};

struct nf_wheel {
	struct nf_timer slots[NF_WHEEL_SLOTS]; /* heads of rings */
	int64_t turned_mono_us;		       /* everything up to here has fired */
	size_t len;
};

void nf_wheel_init(struct nf_wheel *wheel, int64_t mono_us);
/* Sets or moves. */
void nf_wheel_set(struct nf_wheel *wheel, struct nf_timer *timer, int64_t at_mono_us);
void nf_wheel_stop(struct nf_wheel *wheel, struct nf_timer *timer); /* not set is fine */
/* Takes one timer that is due out of the wheel, or NULL. */
struct nf_timer *nf_wheel_due(struct nf_wheel *wheel, int64_t mono_us);
/* When to look again at the latest; -1: nothing is set. */
int64_t nf_wheel_wait_us(const struct nf_wheel *wheel, int64_t mono_us);
