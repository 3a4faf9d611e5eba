// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/clock_guard.h"

#define TOLERANCE_US (60 * NF_US_PER_S)
#define HOLD_US	     (15 * 60 * NF_US_PER_S)

struct nf_clock_limit nf_clock_guard_limit(struct nf_clock_guard *guard, struct nf_now now)
{
	if (guard->started) {
		int64_t wall = now.wall_us - guard->last.wall_us;
		int64_t mono = now.mono_us - guard->last.mono_us;
		int64_t ahead = wall - mono;
		if (guard->holding) {
			guard->behind_us += ahead;
		} else if (ahead > TOLERANCE_US) {
			guard->holding = true;
			guard->held_since_mono_us = now.mono_us;
			guard->behind_us = ahead;
		}
		if (guard->behind_us <= TOLERANCE_US ||
			now.mono_us - guard->held_since_mono_us > HOLD_US)
			guard->holding = false;
	}
	guard->last = now;
	guard->started = true;
	if (!guard->holding)
		guard->behind_us = 0;
	return (struct nf_clock_limit){
		.newest_s = (now.wall_us - guard->behind_us + TOLERANCE_US) / NF_US_PER_S,
		.hold = guard->holding,
	};
}
