// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define JUMP_LEAST_US (2 * NF_US_PER_S)

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;
	if (clock_gettime(id, &ts) != 0)
		abort();
	return (int64_t)ts.tv_sec * NF_US_PER_S + ts.tv_nsec / 1000;
}

struct nf_now nf_clock_now(void)
{
	return (struct nf_now){
		.wall_us = read_clock(CLOCK_REALTIME),
		.mono_us = read_clock(CLOCK_BOOTTIME),
	};
}

char *nf_iso8601(int64_t wall_us, char buf[NF_ISO8601_MAX])
{
	/* Round towards the past, so that a time before 1970 keeps its second. */
	int64_t s = wall_us / NF_US_PER_S - (wall_us % NF_US_PER_S < 0);
	time_t t = (time_t)s;
	struct tm tm;
	if (!localtime_r(&t, &tm)) {
		snprintf(buf, NF_ISO8601_MAX, "@%lld", (long long)s);
		return buf;
	}

	size_t n = strftime(buf, NF_ISO8601_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	long offset = tm.tm_gmtoff / 60;
	long minutes = offset < 0 ? -offset : offset;
	snprintf(buf + n, NF_ISO8601_MAX - n, "%c%02ld:%02ld", offset < 0 ? '-' : '+',
		minutes / 60, minutes % 60);
	return buf;
}

int64_t nf_clock_jump(struct nf_now before, struct nf_now after)
{
	int64_t jump = (after.wall_us - before.wall_us) - (after.mono_us - before.mono_us);
	return jump > -JUMP_LEAST_US && jump < JUMP_LEAST_US ? 0 : jump;
}
