// SPDX-License-Identifier: GPL-3.0-or-later
/* zone: local dates and times as instants, by the rules of an IANA time zone.
 * DST:     a local time that does not exist is the first instant after the gap; one that exists twice
 *          is its first occurrence.
 * Units:   wall microseconds or, where the name says so, seconds; a "local second" counts from
 *          1970-01-01 00:00 on the local clock. Zones are IANA names, "" is the process's TZ.
 * Threads: main thread only: glibc's zone is the process's. A program that sets TZ to the site's zone
 *          at its start saves the switching.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct nf_daytime {
	uint8_t hour, minute; /* 00:00 … 24:00 */
};

struct nf_date {
	int16_t year; /* 0: every year */
	uint8_t month, day;
};

enum nf_err nf_daytime_parse(const char *text, struct nf_daytime *out); /* 07:30 */
enum nf_err nf_date_parse(const char *text, struct nf_date *out); /* 2011-06-30 or 06-30 */

/* "2011-02-05 18:00" or with a T between, on that zone's clock. */
enum nf_err nf_instant_parse(const char *text, const char *zone, int64_t *wall_us);

bool nf_zone_exists(const char *zone);
/* A local date (and time of day) as an instant, by the DST rule above. */
int64_t nf_zone_instant(const char *zone, struct nf_date date, struct nf_daytime time);
/* The first time that the clock shows this time of day, strictly after `after`. */
int64_t nf_daytime_next(struct nf_daytime time, const char *zone, int64_t after_wall_us);
/* "2011-02-03T04:05:06+01:00" in that zone; returns buf. */
char *nf_zone_iso8601(const char *zone, int64_t wall_us, char buf[40]);
/* "2011-02-03 04:05", for people; returns buf. */
char *nf_zone_minute(const char *zone, int64_t wall_us, char buf[40]);

/* The process's zone for a while: enter, convert, leave. Does not nest. */
struct nf_zone_stay {
	char *before;
	bool changed;
};

struct nf_zone_stay nf_zone_enter(const char *zone);
void nf_zone_leave(struct nf_zone_stay *stay);
/* These two in the zone entered. */
int64_t nf_zone_to_instant_s(int64_t local_s);
int64_t nf_zone_to_local_s(int64_t instant_s);
