// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/hours.h"

#include <time.h>

#include "base/clock.h"

/* Holidays in a row, at most: a service of which every day is one has no next span. */
#define SKIPPED_MAX 800

static bool is_holiday(const struct nf_service *service, int64_t at_wall_us)
{
	struct nf_zone_stay stay = nf_zone_enter(service->timezone);
	time_t local_s = (time_t)nf_zone_to_local_s(at_wall_us / NF_US_PER_S);
	struct tm tm;

	nf_zone_leave(&stay);
	if (!gmtime_r(&local_s, &tm))
		return false;
	NF_EACH(struct nf_date, day, service->holidays)
	{
		if (day->month == tm.tm_mon + 1 && day->day == tm.tm_mday &&
			(day->year == 0 || day->year == tm.tm_year + 1900))
			return true;
	}
	return false;
}

bool nf_service_open(const struct nf_service *service, int64_t at_wall_us)
{
	int64_t start;

	if (service->hours.len == 0)
		return !is_holiday(service, at_wall_us);
	NF_EACH(struct nf_window, w, service->hours)
	{
		if (nf_window_open(w, service->timezone, at_wall_us) &&
			nf_window_last(w, service->timezone, at_wall_us, &start) == NF_OK &&
			!is_holiday(service, start))
			return true;
	}
	return false;
}

static const struct nf_window *first_start(
	const struct nf_service *service, int64_t after_wall_us, int64_t *start_wall_us)
{
	const struct nf_window *first = NULL;
	int64_t start;

	NF_EACH(struct nf_window, w, service->hours)
	{
		if (nf_window_next(w, service->timezone, after_wall_us, &start) == NF_OK &&
			(!first || start < *start_wall_us)) {
			first = w;
			*start_wall_us = start;
		}
	}
	return first;
}

enum nf_err nf_service_next(const struct nf_service *service, int64_t after_wall_us,
	int64_t *start_wall_us, int64_t *end_wall_us)
{
	for (int skipped = 0; skipped < SKIPPED_MAX; skipped++) {
		int64_t start = 0;
		const struct nf_window *w = first_start(service, after_wall_us, &start);

		if (!w)
			return NF_ENOENT;
		if (!is_holiday(service, start)) {
			*start_wall_us = start;
			*end_wall_us = nf_window_end(w, service->timezone, start);
			return NF_OK;
		}
		after_wall_us = start;
	}
	return NF_ENOENT;
}
