// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/clock_guard.h"

#define TOLERANCE_US (60 * NF_US_PER_S)
#define HOLD_US	     (15 * 60 * NF_US_PER_S)

struct nf_clock_limit nf_clock_guard_limit(struct nf_clock_guard *guard, struct nf_now now)
{
	if (guard->started) {
		int64_t jump = (now.wall_us - guard->last.wall_us) -
			       (now.mono_us - guard->last.mono_us);
		if (jump > TOLERANCE_US || jump < -TOLERANCE_US) {
			guard->doubting = true;
			guard->since_mono_us = now.mono_us;
		}
		if (guard->doubting)
			guard->ahead_us += jump;
		if ((guard->ahead_us <= TOLERANCE_US && guard->ahead_us >= -TOLERANCE_US) ||
			now.mono_us - guard->since_mono_us > HOLD_US)
			guard->doubting = false;
	}
	guard->last = now;
	guard->started = true;
	if (!guard->doubting)
		guard->ahead_us = 0;
	int64_t ahead = guard->ahead_us > 0 ? guard->ahead_us : 0;
	return (struct nf_clock_limit){
		.newest_s = (now.wall_us - ahead + TOLERANCE_US) / NF_US_PER_S,
		.hold = ahead > 0,
	};
}
