// SPDX-License-Identifier: GPL-3.0-or-later
/* When a window happens; conf/window.c reads how it is written. */
#include "conf/window.h"

#include <time.h>

#include "base/clock.h"

#define DAY_S	       INT64_C(86400)
#define TEN_YEARS_DAYS 3660
/* A local day that a DST gap or another day's zone change may have pushed an instant into. */
#define SLACK_DAYS 2

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The local day (counted from 1970-01-01) of an instant, in the zone entered. */
static int64_t local_day(int64_t wall_us)
{
	return floor_div(nf_zone_to_local_s(floor_div(wall_us, NF_US_PER_S)), DAY_S);
}

static int64_t start_of(int64_t day, int minute)
{
	return nf_zone_to_instant_s(day * DAY_S + minute * 60) * NF_US_PER_S;
}

static bool is_last_of_month(int64_t day)
{
	time_t next = (time_t)((day + 1) * DAY_S);
	struct tm tm;

	return gmtime_r(&next, &tm) && tm.tm_mday == 1;
}

static bool day_matches(const struct nf_window *w, int64_t day)
{
	time_t t = (time_t)(day * DAY_S);
	bool month_day, weekday;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !(w->months >> (tm.tm_mon + 1) & 1))
		return false;
	month_day = (w->month_days >> tm.tm_mday & 1) ||
		    ((w->month_days & 1) && is_last_of_month(day));
	weekday = w->weekdays >> tm.tm_wday & 1;
	return w->either_day ? month_day || weekday : month_day && weekday;
}

static bool minute_matches(const struct nf_window *w, int minute)
{
	return (w->hours >> (minute / 60) & 1) && (w->minutes >> (minute % 60) & 1);
}

static bool next_in_day(const struct nf_window *w, int64_t day, int64_t after, int64_t *start)
{
	for (int minute = 0; minute < 1440; minute++) {
		if (minute_matches(w, minute) && start_of(day, minute) > after) {
			*start = start_of(day, minute);
			return true;
		}
	}
	return false;
}

static bool last_in_day(const struct nf_window *w, int64_t day, int64_t at, int64_t *start)
{
	for (int minute = 1439; minute >= 0; minute--) {
		if (minute_matches(w, minute) && start_of(day, minute) <= at) {
			*start = start_of(day, minute);
			return true;
		}
	}
	return false;
}

enum nf_err nf_window_next(const struct nf_window *w, const char *zone, int64_t after_wall_us,
	int64_t *start_wall_us)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t today = local_day(after_wall_us);
	enum nf_err err = NF_ENOENT;

	for (int64_t day = today - SLACK_DAYS; day <= today + TEN_YEARS_DAYS; day++) {
		if (day_matches(w, day) && next_in_day(w, day, after_wall_us, start_wall_us)) {
			err = NF_OK;
			break;
		}
	}
	nf_zone_leave(&stay);
	return err;
}

enum nf_err nf_window_last(
	const struct nf_window *w, const char *zone, int64_t at_wall_us, int64_t *start_wall_us)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t today = local_day(at_wall_us);
	enum nf_err err = NF_ENOENT;

	for (int64_t day = today + SLACK_DAYS; day >= today - TEN_YEARS_DAYS; day--) {
		if (day_matches(w, day) && last_in_day(w, day, at_wall_us, start_wall_us)) {
			err = NF_OK;
			break;
		}
	}
	nf_zone_leave(&stay);
	return err;
}

/* The one minute of the day at which a span starts, as written. */
static int span_start_minute(const struct nf_window *w)
{
	for (int minute = 0; minute < 1440; minute++) {
		if (minute_matches(w, minute))
			return minute;
	}
	return 0;
}

int64_t nf_window_end(const struct nf_window *w, const char *zone, int64_t start_wall_us)
{
	struct nf_zone_stay stay;
	int starts, ends;
	int64_t day, end;

	if (!w->is_span)
		return start_wall_us;
	stay = nf_zone_enter(zone);
	starts = span_start_minute(w);
	ends = w->ends.hour * 60 + w->ends.minute;
	day = local_day(start_wall_us);
	/* Where a gap reaches midnight the start has moved into the day after its own. */
	if (start_of(day, starts) != start_wall_us &&
		start_of(day - 1, starts) == start_wall_us)
		day--;
	end = start_of(ends <= starts ? day + 1 : day, ends);
	nf_zone_leave(&stay);
	return end;
}

bool nf_window_open(const struct nf_window *w, const char *zone, int64_t at_wall_us)
{
	int64_t start;

	return w->is_span && nf_window_last(w, zone, at_wall_us, &start) == NF_OK &&
	       at_wall_us < nf_window_end(w, zone, start);
}

static size_t count_in_day(const struct nf_window *w, int64_t day, int64_t after, int64_t until)
{
	size_t count = 0;

	for (int minute = 0; minute < 1440; minute++) {
		if (minute_matches(w, minute)) {
			int64_t start = start_of(day, minute);

			count += start > after && start <= until;
		}
	}
	return count;
}

size_t nf_window_count(const struct nf_window *w, const char *zone, int64_t after_wall_us,
	int64_t until_wall_us)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t first = local_day(after_wall_us), last = local_day(until_wall_us);
	size_t whole_day =
		(size_t)__builtin_popcountll(w->minutes) * (size_t)__builtin_popcount(w->hours);
	size_t count = 0;

	for (int64_t day = first - SLACK_DAYS; day <= last + SLACK_DAYS; day++) {
		if (!day_matches(w, day))
			continue;
		if (day > first + SLACK_DAYS && day < last - SLACK_DAYS)
			count += whole_day;
		else
			count += count_in_day(w, day, after_wall_us, until_wall_us);
	}
	nf_zone_leave(&stay);
	return count;
}
