// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conf/window.h"

#define MONTHS_MAX 30

struct hour {
	int64_t hour;
	uint32_t sensor, seconds;
};

struct nf_quiet {
	const char *const *sensors[2]; /* wires, switches */
	size_t sensors_len[2];
	struct hour *rows;
	size_t rows_len, rows_cap;
	int64_t *hours;	   /* that count, rising */
	uint32_t *seconds; /* of each */
	int64_t *sums_s;   /* of it and all before it */
	size_t len;
};

struct nf_quiet *nf_quiet_new(const char *const *wires, size_t wires_len,
	const char *const *switches, size_t switches_len)
{
	struct nf_quiet *q = nf_xcalloc(1, sizeof *q);

	q->sensors[0] = wires;
	q->sensors_len[0] = wires_len;
	q->sensors[1] = switches;
	q->sensors_len[1] = switches_len;
	return q;
}

void nf_quiet_free(struct nf_quiet *q)
{
	if (!q)
		return;
	free(q->rows);
	free(q->hours);
	free(q->seconds);
	free(q->sums_s);
	free(q);
}

bool nf_coverage_proves(const struct nf_coverage *c)
{
	return c->seconds > 0 && c->frames > 0 && c->drops <= c->frames / 1000 &&
	       c->canaries_seen >= (c->canaries_sent + 1) / 2;
}

void nf_quiet_add(struct nf_quiet *q, const struct nf_coverage *c)
{
	uint32_t sensor = 0;

	if (!nf_coverage_proves(c))
		return;
	for (size_t kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < q->sensors_len[kind]; i++, sensor++) {
			if (strcmp(q->sensors[kind][i], c->sensor) != 0)
				continue;
			q->rows = nf_grow(q->rows, q->rows_len, &q->rows_cap, sizeof *q->rows);
			q->rows[q->rows_len++] = (struct hour){
				c->hour, sensor, c->seconds < 3600 ? c->seconds : 3600};
			return;
		}
	}
}

static int by_hour(const void *a, const void *b)
{
	const struct hour *x = a, *y = b;

	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	if (x->sensor != y->sensor)
		return x->sensor < y->sensor ? -1 : 1;
	return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

/* The least of the sensors from..to in rows of one hour; 0 where one of them is missing. */
static uint32_t least(const struct hour *rows, size_t len, size_t from, size_t to)
{
	uint32_t seconds = 3600;
	size_t next = from;

	for (size_t i = 0; i < len; i++) {
		if (rows[i].sensor < from || rows[i].sensor >= to)
			continue;
		if (rows[i].sensor > next)
			return 0;
		next = (size_t)rows[i].sensor + 1;
		if (rows[i].seconds < seconds)
			seconds = rows[i].seconds;
	}
	return from < to && next == to ? seconds : 0;
}

static void close_hour(struct nf_quiet *q, const struct hour *rows, size_t len)
{
	size_t wires = q->sensors_len[0], all = wires + q->sensors_len[1];
	uint32_t by_wire = least(rows, len, 0, wires);
	uint32_t by_switch = least(rows, len, wires, all);
	uint32_t seconds = by_wire > by_switch ? by_wire : by_switch;

	if (seconds == 0)
		return;
	q->hours[q->len] = rows->hour;
	q->seconds[q->len] = seconds;
	q->sums_s[q->len] = seconds + (q->len ? q->sums_s[q->len - 1] : 0);
	q->len++;
}

void nf_quiet_end(struct nf_quiet *q)
{
	size_t begin = 0;

	q->hours = nf_xcalloc(q->rows_len + 1, sizeof *q->hours);
	q->seconds = nf_xcalloc(q->rows_len + 1, sizeof *q->seconds);
	q->sums_s = nf_xcalloc(q->rows_len + 1, sizeof *q->sums_s);
	if (q->rows_len)
		qsort(q->rows, q->rows_len, sizeof *q->rows, by_hour);
	for (size_t i = 1; i <= q->rows_len; i++) {
		if (i < q->rows_len && q->rows[i].hour == q->rows[begin].hour)
			continue;
		close_hour(q, q->rows + begin, i - begin);
		begin = i;
	}
	free(q->rows);
	q->rows = NULL;
	q->rows_len = q->rows_cap = 0;
}

/* The first hour that ends after this instant. */
static size_t first_after(const struct nf_quiet *q, int64_t at_us)
{
	size_t low = 0, high = q->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((q->hours[middle] + 1) * NF_HOUR_US > at_us)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Covered time from the beginning of all to this instant. In an hour that was covered in part, the part
 * counts as its first: a silence that begins in such an hour gets the least of what it may have been. */
static int64_t until(const struct nf_quiet *q, size_t hour, int64_t at_us)
{
	int64_t sum_us = hour ? q->sums_s[hour - 1] * NF_US_PER_S : 0;

	if (hour == q->len || at_us <= q->hours[hour] * NF_HOUR_US)
		return sum_us;
	int64_t inside_us = at_us - q->hours[hour] * NF_HOUR_US;
	int64_t covered_us = (int64_t)q->seconds[hour] * NF_US_PER_S;
	return sum_us + (inside_us < covered_us ? inside_us : covered_us);
}

int64_t nf_quiet_us(const struct nf_quiet *q, int64_t since_us, int64_t until_us)
{
	if (until_us <= since_us || q->len == 0)
		return 0;
	return until(q, first_after(q, until_us), until_us) -
	       until(q, first_after(q, since_us), since_us);
}

bool nf_quiet_month_end(
	const struct nf_quiet *q, const char *zone, int64_t since_us, int64_t until_us)
{
	struct nf_window last, midnight;
	char why[NF_ERROR_TEXT_MAX];
	int64_t from_us = since_us - 1, to_us;

	if (nf_window_parse("last 00:00", &last, why) != NF_OK ||
		nf_window_parse("00:00", &midnight, why) != NF_OK)
		return false;
	for (int i = 0; i < MONTHS_MAX; i++) {
		if (nf_window_next(&last, zone, from_us, &from_us) != NF_OK ||
			nf_window_next(&midnight, zone, from_us, &to_us) != NF_OK ||
			to_us > until_us)
			return false;
		if (nf_quiet_us(q, from_us, to_us) >= (to_us - from_us) / 10 * 9)
			return true;
	}
	return false;
}

const int64_t *nf_quiet_hours(const struct nf_quiet *q, size_t *len)
{
	*len = q->len;
	return q->hours;
}

bool nf_quiet_has_sensor(const struct nf_quiet *q)
{
	return q->sensors_len[0] + q->sensors_len[1] > 0;
}
