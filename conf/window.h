// SPDX-License-Identifier: GPL-3.0-or-later
/* window: times that come again, in a time zone, right on both DST nights.
 * Shape:   "01:00" (every day), "Mon 08:00", "Mon-Fri 01:00", "Mon,Thu 22:00", "Mon-Fri 07:00-17:00"
 *          (a span; one that ends before it starts crosses midnight), "1st 02:00" and "last 02:00"
 *          (day of the month), a cron line "0 1 * * 1-5".
 * DST:     a start that does not exist (02:30 in spring) happens at the first instant after the gap; one
 *          that exists twice happens once, at its first occurrence. A span's end likewise.
 * Units:   wall microseconds; zones and threads as in conf/zone.h.
 */
#pragma once

#include "base/err.h"
#include "conf/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A minute happens when its bit is set in minutes, hours, and (days of the month AND months AND
 * weekdays). Cron's OR between day of month and weekday is kept in `either_day`. */
struct nf_window {
	uint64_t minutes;    /* bit 0…59 */
	uint32_t hours;	     /* bit 0…23 */
	uint32_t month_days; /* bit 1…31; bit 0: the last day */
	uint16_t months;     /* bit 1…12 */
	uint8_t weekdays;    /* bit 0 Sunday … 6 Saturday */
	bool either_day;
	bool is_span;
	struct nf_daytime ends; /* of a span */
	const char *text;	/* as written; borrowed from the caller's text */
};

/* `why` (of NF_ERROR_TEXT_MAX bytes) gets what was expected. out->text is `text`. */
enum nf_err nf_window_parse(const char *text, struct nf_window *out, char *why);

/* The first start strictly after `after`; NF_ENOENT when there is none within 10 years. */
enum nf_err nf_window_next(const struct nf_window *w, const char *zone, int64_t after_wall_us,
	int64_t *start_wall_us);
/* The last start at or before `at`; NF_ENOENT when there is none within 10 years. */
enum nf_err nf_window_last(const struct nf_window *w, const char *zone, int64_t at_wall_us,
	int64_t *start_wall_us);
/* The end of the span that starts at start. */
int64_t nf_window_end(const struct nf_window *w, const char *zone, int64_t start_wall_us);
/* Whether a span is open at this instant. */
bool nf_window_open(const struct nf_window *w, const char *zone, int64_t at_wall_us);

/* How many starts lie in (after, until]. Cheap over decades. */
size_t nf_window_count(const struct nf_window *w, const char *zone, int64_t after_wall_us,
	int64_t until_wall_us);
