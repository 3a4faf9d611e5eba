// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

#define DAY_S 86400

static bool two_digits(const char *text, uint8_t min, uint8_t max, uint8_t *out)
{
	int value;

	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return false;
	value = (text[0] - '0') * 10 + (text[1] - '0');
	if (value < min || value > max)
		return false;
	*out = (uint8_t)value;
	return true;
}

enum nf_err nf_daytime_parse(const char *text, struct nf_daytime *out)
{
	struct nf_daytime time;

	if (strlen(text) != 5 || text[2] != ':' || !two_digits(text, 0, 24, &time.hour) ||
		!two_digits(text + 3, 0, 59, &time.minute))
		return NF_EFORMAT;
	if (time.hour == 24 && time.minute > 0)
		return NF_EFORMAT;
	*out = time;
	return NF_OK;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

enum nf_err nf_date_parse(const char *text, struct nf_date *out)
{
	static const uint8_t days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct nf_date date = {0};
	uint8_t century = 0, year = 0;

	if (strlen(text) == 10) {
		if (!two_digits(text, 19, 99, &century) ||
			!two_digits(text + 2, 0, 99, &year) || text[4] != '-')
			return NF_EFORMAT;
		date.year = (int16_t)(century * 100 + year);
		text += 5;
	}
	if (strlen(text) != 5 || text[2] != '-' || !two_digits(text, 1, 12, &date.month) ||
		!two_digits(text + 3, 1, days[date.month], &date.day))
		return NF_EFORMAT;
	if (date.year != 0 && date.month == 2 && date.day == 29 && !is_leap(date.year))
		return NF_EFORMAT;
	*out = date;
	return NF_OK;
}

enum nf_err nf_instant_parse(const char *text, const char *zone, int64_t *wall_us)
{
	struct nf_daytime time;
	struct nf_date date;
	char day[11];

	if (strlen(text) != 16 || (text[10] != ' ' && text[10] != 'T'))
		return NF_EFORMAT;
	snprintf(day, sizeof day, "%.10s", text);
	if (nf_date_parse(day, &date) != NF_OK || nf_daytime_parse(text + 11, &time) != NF_OK)
		return NF_EFORMAT;
	*wall_us = nf_zone_instant(zone, date, time);
	return NF_OK;
}

static bool is_zone_name(const char *zone)
{
	if (!isalpha((unsigned char)zone[0]) || strlen(zone) > 64 || strstr(zone, ".."))
		return false;
	return zone[strspn(zone,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/")] ==
	       '\0';
}

bool nf_zone_exists(const char *zone)
{
	const char *folder = getenv("TZDIR");
	char magic[4];
	char *path;
	FILE *file;
	bool found;

	if (!is_zone_name(zone))
		return false;
	path = nf_xasprintf("%s/%s", folder ? folder : "/usr/share/zoneinfo", zone);
	file = fopen(path, "re");
	free(path);
	if (!file)
		return false;
	found = fread(magic, 1, sizeof magic, file) == sizeof magic &&
		memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return found;
}

struct nf_zone_stay nf_zone_enter(const char *zone)
{
	const char *now = getenv("TZ");
	struct nf_zone_stay stay = {0};

	if (zone[0] != '\0' && !(now && strcmp(now, zone) == 0)) {
		stay.changed = true;
		stay.before = now ? nf_xstrdup(now) : NULL;
		setenv("TZ", zone, 1);
	}
	tzset();
	return stay;
}

void nf_zone_leave(struct nf_zone_stay *stay)
{
	if (!stay->changed)
		return;
	if (stay->before)
		setenv("TZ", stay->before, 1);
	else
		unsetenv("TZ");
	tzset();
	free(stay->before);
	*stay = (struct nf_zone_stay){0};
}

static int64_t offset_at(int64_t instant_s)
{
	time_t t = (time_t)instant_s;
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

int64_t nf_zone_to_local_s(int64_t instant_s)
{
	return instant_s + offset_at(instant_s);
}

int64_t nf_zone_to_instant_s(int64_t local_s)
{
	int64_t before = offset_at(local_s - DAY_S), after = offset_at(local_s + DAY_S);
	int64_t early = local_s - (before > after ? before : after);
	int64_t late = local_s - (before > after ? after : before);

	if (nf_zone_to_local_s(early) == local_s)
		return early;
	if (nf_zone_to_local_s(late) == local_s)
		return late;
	/* In a gap: the first instant that has the later offset lies in (early, late]. */
	while (late - early > 1) {
		int64_t middle = early + (late - early) / 2;

		if (offset_at(middle) == after)
			late = middle;
		else
			early = middle;
	}
	return late;
}

int64_t nf_zone_instant(const char *zone, struct nf_date date, struct nf_daytime time)
{
	struct tm tm = {
		.tm_year = date.year - 1900,
		.tm_mon = date.month - 1,
		.tm_mday = date.day,
		.tm_hour = time.hour,
		.tm_min = time.minute,
	};
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t instant_s = nf_zone_to_instant_s(timegm(&tm));

	nf_zone_leave(&stay);
	return instant_s * NF_US_PER_S;
}

int64_t nf_daytime_next(struct nf_daytime time, const char *zone, int64_t after_wall_us)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t local_s = nf_zone_to_local_s(after_wall_us / NF_US_PER_S);
	int64_t day = local_s - local_s % DAY_S - DAY_S;
	int64_t instant_us;

	do {
		instant_us = NF_US_PER_S *
			     nf_zone_to_instant_s(day + time.hour * 3600 + time.minute * 60);
		day += DAY_S;
	} while (instant_us <= after_wall_us);
	nf_zone_leave(&stay);
	return instant_us;
}

char *nf_zone_iso8601(const char *zone, int64_t wall_us, char buf[40])
{
	struct nf_zone_stay stay = nf_zone_enter(zone);

	nf_iso8601(wall_us, buf);
	nf_zone_leave(&stay);
	return buf;
}

char *nf_zone_minute(const char *zone, int64_t wall_us, char buf[40])
{
	nf_zone_iso8601(zone, wall_us, buf);
	buf[10] = ' ';
	buf[16] = '\0';
	return buf;
}
