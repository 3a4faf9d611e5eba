// SPDX-License-Identifier: GPL-3.0-or-later
/* clock_guard: up to which time samples may be written while the wall clock may be wrong. An RRD that was
 * once updated with a time in the future refuses everything until that time comes.
 * Shape:   the wall clock is compared with the monotonic one from call to call. After a jump forward by
 *          more than a minute what is dated behind it is held (it stays in the journal) for 15 min; a
 *          clock that is corrected in that time does no harm, one that stays is believed.
 *          After a jump back nothing is held; samples older than their file's last are dropped. A clock
 *          that within 15 min jumps forward to where it was before is right again: nothing is held.
 * Units:   wall seconds for the limit.
 */
#pragma once

#include "base/clock.h"

#include <stdbool.h>

struct nf_clock_guard {
	struct nf_now last;
	bool started;
	bool doubting; /* it jumped within the last 15 min */
	int64_t since_mono_us;
	int64_t ahead_us; /* while doubting: of the wall clock before; negative: it is behind */
};

struct nf_clock_limit {
	int64_t newest_s; /* samples dated later are not written now */
	bool hold;	  /* keep them; else they can only be wrong: drop them */
};

struct nf_clock_limit nf_clock_guard_limit(struct nf_clock_guard *guard, struct nf_now now);
