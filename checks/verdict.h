// SPDX-License-Identifier: GPL-3.0-or-later
/* verdict: from one answer to the next state of a check: soft until confirmed, flapping said once.
 * Shape:   pure: (rules, state before, answer) -> (state after, what happened). No clock, no store.
 *          Answers count together while they say the same kind of thing: fine, trouble (warning and
 *          critical), unknown, unreachable. What becomes hard is the last of them.
 * Units:   wall microseconds. A wall clock that went back never makes `since` lie in the future.
 * Source:  DESIGN.md, "Verdicts".
 */
#pragma once

#include "store/state.h"

#include <stdbool.h>
#include <stdint.h>

struct nf_verdict_rules {
	uint32_t confirm;      /* further answers that must agree before a problem is hard */
	uint32_t confirm_good; /* the same for a recovery; 0: at once */
	uint32_t
		flap_changes; /* hard changes within flap_window that make it flapping; 0: never; at
				   most NF_FLAP_TIMES */
	int64_t flap_window_us; /* it is steady again with half as many, or fewer, in the window */
};

#define NF_FLAP_TIMES 8

struct nf_verdict {
	enum nf_state state; /* hard; NF_STATE_UNKNOWN before the first */
	int64_t since_wall_us;
	enum nf_state soft;	    /* the last answer */
	uint32_t soft_count;	    /* answers in a row of its kind that differ from `state` */
	int64_t soft_since_wall_us; /* the first of them */
	int64_t flap_times_wall_us
		[NF_FLAP_TIMES]; /* of the last hard changes, newest first; 0: none */
	bool flapping;
	bool judged; /* had a hard state at all */
};

enum nf_verdict_effect {
	NF_VERDICT_SAME = 0,
	NF_VERDICT_CHANGED = 1 << 0,  /* the hard state changed */
	NF_VERDICT_CONFIRM = 1 << 1,  /* ask again after confirm_every */
	NF_VERDICT_FLAPPING = 1 << 2, /* began to flap: said once */
	NF_VERDICT_STEADY = 1 << 3,   /* flaps no more */
};

/* May the answer become hard now? Held while a parent has not been asked, or before the first cycle.
 * A recovery is never held. */
enum nf_verdict_gate { NF_GATE_OPEN, NF_GATE_HELD };

/* Updates v; returns a set of effects. A change between two problem states (warning, critical) needs
 * confirming too; unreachable is taken at once (its parent was confirmed). Only changes between fine
 * and trouble count as flapping: what happens above a device is said there. */
unsigned nf_verdict_step(const struct nf_verdict_rules *rules, struct nf_verdict *v,
	enum nf_state answer, int64_t at_wall_us, enum nf_verdict_gate gate);

/* Moves every time that lies after `now` back to it; true when something was moved. */
bool nf_verdict_clamp(struct nf_verdict *v, int64_t now_wall_us);

/* How many hard changes fell into the window that ends now. */
uint32_t nf_verdict_flaps(const struct nf_verdict *v, int64_t window_us, int64_t now_wall_us);

/* What a reader is shown: `unknown` when nobody looked for three intervals (or the last look lies in the
 * future by more than one, or nobody ever looked: asked 0), else the state. Interval 0: never stale. */
enum nf_state nf_verdict_shown(
	enum nf_state state, int64_t asked_wall_us, int64_t interval_us, int64_t now_wall_us);
