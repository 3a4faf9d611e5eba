// SPDX-License-Identifier: GPL-3.0-or-later
/* clock: the only place that asks the time.
 * Units:   microseconds. `_wall_us` counts from 1970 UTC and may jump; `_mono_us` is CLOCK_BOOTTIME
 *          (goes on in suspend), never jumps, means nothing in another boot.
 * Shape:   a program reads it once per loop turn and passes `struct nf_now` on; pure functions take
 *          it as a parameter, so that tests set it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NF_US_PER_S  INT64_C(1000000)
#define NF_US_PER_MS INT64_C(1000)

struct nf_now {
	int64_t wall_us;
	int64_t mono_us;
};

struct nf_now nf_clock_now(void);

/* Room for "2011-02-03T04:05:06+01:00" and its NUL. */
#define NF_ISO8601_MAX 40

/* Writes ISO 8601 with offset in the process's time zone (TZ), to the second; returns buf. */
char *nf_iso8601(int64_t wall_us, char buf[NF_ISO8601_MAX]);

/* Detects a wall clock that jumped against the monotonic one between two readings.
 * Returns the jump in microseconds (positive: forward), 0 while it is under 2 s. */
int64_t nf_clock_jump(struct nf_now before, struct nf_now after);
