// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/since.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/parse.h"

#define LONGEST_US (INT64_C(100) * 366 * 86400 * NF_US_PER_S)

static enum nf_err parse_instant(const char *text, int64_t *wall_us)
{
	static const char *const formats[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *end = strptime(text, formats[i], &tm);
		if (end == NULL || *end != '\0')
			continue;
		time_t at = mktime(&tm);
		if (at <= 0)
			return NF_ERANGE;
		*wall_us = (int64_t)at * NF_US_PER_S;
		return NF_OK;
	}
	return NF_EFORMAT;
}

enum nf_err nf_since_parse(const char *text, int64_t now_wall_us, int64_t *wall_us)
{
	int64_t ago;
	enum nf_err code = nf_parse_duration(text, 0, LONGEST_US, &ago);
	if (code != NF_OK)
		return parse_instant(text, wall_us);
	*wall_us = now_wall_us > ago ? now_wall_us - ago : 0;
	return NF_OK;
}

char *nf_iso8601_millis(int64_t wall_us, char buf[NF_MILLIS_MAX])
{
	char seconds[NF_ISO8601_MAX];
	nf_iso8601(wall_us, seconds);
	const char *dot = strrchr(seconds, ':');
	/* The offset's colon is the last one; before its sign stand the seconds. */
	size_t head = dot != NULL && dot - seconds > 3 ? (size_t)(dot - seconds) - 3 : 0;
	snprintf(buf, NF_MILLIS_MAX, "%.*s.%03d%s", (int)head, seconds,
		(int)(wall_us % NF_US_PER_S / NF_US_PER_MS), seconds + head);
	return buf;
}
