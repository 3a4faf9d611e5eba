// SPDX-License-Identifier: GPL-3.0-or-later
/* pace: a token bucket, so that a network never gets more packets a second than it was promised.
 * Shape:   holds at most `burst` tokens, fills at `per_second`; starts full.
 * Units:   packets; monotonic microseconds. A monotonic clock that stands still fills nothing.
 */
#pragma once

#include <stdint.h>

struct nf_pace {
	double tokens;
	double per_second;
	double burst;
	int64_t at_mono_us;
};

void nf_pace_init(struct nf_pace *p, double per_second, double burst, int64_t mono_us);
/* Takes up to `want` whole tokens; returns how many it got. */
uint32_t nf_pace_take(struct nf_pace *p, uint32_t want, int64_t mono_us);
/* Microseconds until one token is there, 0 if there is one now. */
int64_t nf_pace_wait_us(struct nf_pace *p, int64_t mono_us);
