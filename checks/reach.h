// SPDX-License-Identifier: GPL-3.0-or-later
/* reach: what a silent device is to be called, from what is known of the device above it.
 * Shape:   pure: looks at one parent, which was itself judged by the same rule.
 */
#pragma once

#include "store/state.h"

#include <stdbool.h>
#include <stdint.h>

struct nf_reach_parent {
	bool exists;
	enum nf_state state;	  /* hard */
	bool failing;		  /* soft: its last answer was a problem, not yet hard */
	int64_t answered_mono_us; /* its last good answer; 0: none yet */
};

enum nf_reach {
	NF_REACH_DOWN,	      /* the parent answers: the device itself is down */
	NF_REACH_UNREACHABLE, /* the parent is down or unreachable */
	NF_REACH_ASK_PARENT,  /* unknown until the parent was asked (again) */
};

/* failed_mono_us: when the device's trouble began (its first unanswered question was sent). */
enum nf_reach nf_reach_judge(const struct nf_reach_parent *parent, int64_t failed_mono_us);
