// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "collector/snmp/samples.h"

#define WRAP_32 (UINT64_C(1) << 32)

uint64_t nf_counter_carry(uint64_t before, uint64_t now, bool is_64, double max_rate,
	double elapsed_s, uint32_t *wraps)
{
	if (is_64) {
		*wraps = 0;
		return now;
	}
	if (now < before && before < WRAP_32) {
		double over = (double)(WRAP_32 - before + now);

		if (over <= max_rate * elapsed_s)
			(*wraps)++;
	}
	return now + (uint64_t)*wraps * WRAP_32;
}

bool nf_uptime_restarted(uint64_t before, uint64_t now, int64_t elapsed_us)
{
	/* Hundredths of a second; agents are asked at irregular times and their clocks are cheap. */
	int64_t elapsed = elapsed_us / (NF_US_PER_S / 100);
	int64_t slack = 500 + elapsed / 20;
	uint64_t expected = before + (uint64_t)elapsed;

	if (now < before) {
		int64_t after_wrap = (int64_t)(expected - WRAP_32) - (int64_t)now;

		return !(expected + (uint64_t)slack >= WRAP_32 && after_wrap <= slack &&
			 after_wrap >= -slack);
	}
	/* It counts again from zero, but got past where it was: asked seldom, restarted twice. */
	return now != before && (int64_t)now <= elapsed + slack &&
	       (int64_t)now + slack < (int64_t)expected;
}
