// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conf/window.h"

#define MONTHS_MAX   30

#define HOUR_MINUTES 60
#define DEAF_HOURS   2		/* the hour that runs has little to show yet */
#define SETTLED	     UINT32_MAX /* in place of a sensor */

struct hour {
	int64_t hour;
	uint32_t sensor;
	uint64_t minutes, frames;
	uint64_t canaries_sent, canaries_seen;
};

struct nf_quiet {
	const char *const *sensors[2]; /* wires, switches */
	size_t sensors_len[2];
	struct hour *rows;
	size_t rows_len, rows_cap;
	int64_t answered_us;
	bool is_deaf;
	int64_t *hours; /* with covered minutes, rising */
	uint64_t *minutes;
	int64_t *sums; /* covered minutes of all hours before; one more than hours */
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
	free(q->minutes);
	free(q->sums);
	free(q);
}

static bool find_sensor(const struct nf_quiet *q, const char *name, uint32_t *sensor)
{
	*sensor = SETTLED;
	if (strcmp(name, NF_COVERAGE_SETTLED) == 0)
		return true;
	*sensor = 0;
	for (size_t kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < q->sensors_len[kind]; i++, ++*sensor) {
			if (strcmp(q->sensors[kind][i], name) == 0)
				return true;
		}
	}
	return false;
}

void nf_quiet_add(struct nf_quiet *q, const struct nf_coverage *c)
{
	uint32_t sensor;

	if (!find_sensor(q, c->sensor, &sensor))
		return;
	q->rows = nf_grow(q->rows, q->rows_len, &q->rows_cap, sizeof *q->rows);
	q->rows[q->rows_len++] = (struct hour){c->hour, sensor, c->minutes & NF_MINUTES_ALL,
		c->frames, c->canaries_sent, c->canaries_seen};
}

void nf_quiet_answered(struct nf_quiet *q, int64_t at_us)
{
	if (at_us > q->answered_us)
		q->answered_us = at_us;
}

static int by_sensor(const void *a, const void *b)
{
	const struct hour *x = a, *y = b;

	if (x->sensor != y->sensor)
		return x->sensor < y->sensor ? -1 : 1;
	return (x->hour > y->hour) - (x->hour < y->hour);
}

static int by_hour(const void *a, const void *b)
{
	const struct hour *x = a, *y = b;

	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	return (x->sensor > y->sensor) - (x->sensor < y->sensor);
}

/* One row a sensor and hour. */
static void merge(struct nf_quiet *q)
{
	size_t len = 0;

	for (size_t i = 0; i < q->rows_len; i++) {
		const struct hour *r = &q->rows[i];
		struct hour *last = len > 0 ? &q->rows[len - 1] : NULL;

		if (!last || by_sensor(last, r) != 0) {
			q->rows[len++] = *r;
			continue;
		}
		last->minutes |= r->minutes;
		last->frames += r->frames;
		last->canaries_sent += r->canaries_sent;
		last->canaries_seen += r->canaries_seen;
	}
	q->rows_len = len;
}

static bool is_proved_by_canaries(const struct hour *r)
{
	return r->canaries_seen > 0 && r->canaries_seen >= r->canaries_sent;
}

/* Takes the minutes of one sensor's hours in which nobody else was heard, where nothing shows that they would have
 * been. Whoever was heard last may still have answered in the hour after. */
static void judge_silence(struct nf_quiet *q, struct hour *rows, size_t len)
{
	size_t end = len; /* behind the last hour in which others were heard */
	bool has_heard = false;
	int64_t counts = rows->hour; /* the last that does */

	while (end > 0 && rows[end - 1].frames == 0)
		end--;
	bool is_deaf = end > 0 && q->answered_us >= (rows[end - 1].hour + 2) * NF_HOUR_US;
	for (size_t i = 0; i < len; i++) {
		struct hour *r = &rows[i];

		has_heard = has_heard || r->frames > 0;
		if (r->frames > 0 ||
			(has_heard && is_proved_by_canaries(r) && (i < end || !is_deaf)))
			counts = r->hour;
		else
			r->minutes = 0;
	}
	q->is_deaf = q->is_deaf || rows[len - 1].hour - counts >= DEAF_HOURS;
}

static void judge_silences(struct nf_quiet *q)
{
	size_t begin = 0;

	for (size_t i = 1; i <= q->rows_len; i++) {
		if (i < q->rows_len && q->rows[i].sensor == q->rows[begin].sensor)
			continue;
		if (q->rows[begin].sensor != SETTLED)
			judge_silence(q, q->rows + begin, i - begin);
		begin = i;
	}
}

/* The minutes that all of the sensors from..to saw, in rows of one hour; none where one of them is missing. */
static uint64_t seen_by_all(const struct hour *rows, size_t len, size_t from, size_t to)
{
	uint64_t minutes = NF_MINUTES_ALL;
	size_t next = from;

	for (size_t i = 0; i < len; i++) {
		if (rows[i].sensor != next || next == to)
			continue;
		minutes &= rows[i].minutes;
		next++;
	}
	return from < to && next == to ? minutes : 0;
}

static void close_hour(struct nf_quiet *q, const struct hour *rows, size_t len)
{
	size_t wires = q->sensors_len[0], all = wires + q->sensors_len[1];
	uint64_t minutes =
		seen_by_all(rows, len, 0, wires) | seen_by_all(rows, len, wires, all);

	if (rows[len - 1].sensor == SETTLED)
		minutes |= rows[len - 1].minutes;
	if (minutes == 0)
		return;
	q->hours[q->len] = rows->hour;
	q->minutes[q->len] = minutes;
	q->sums[q->len + 1] = q->sums[q->len] + __builtin_popcountll(minutes);
	q->len++;
}

void nf_quiet_end(struct nf_quiet *q)
{
	size_t begin = 0;

	if (q->rows_len)
		qsort(q->rows, q->rows_len, sizeof *q->rows, by_sensor);
	merge(q);
	judge_silences(q);
	if (q->rows_len)
		qsort(q->rows, q->rows_len, sizeof *q->rows, by_hour);
	q->hours = nf_xcalloc(q->rows_len + 1, sizeof *q->hours);
	q->minutes = nf_xcalloc(q->rows_len + 1, sizeof *q->minutes);
	q->sums = nf_xcalloc(q->rows_len + 1, sizeof *q->sums);
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

/* The hour this minute lies in, or the first after it. */
static size_t hour_of(const struct nf_quiet *q, int64_t minute)
{
	size_t low = 0, high = q->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((q->hours[middle] + 1) * HOUR_MINUTES > minute)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* How many minutes before this one were covered. */
static int64_t before(const struct nf_quiet *q, int64_t minute)
{
	size_t i = hour_of(q, minute);
	int64_t inside = i < q->len ? minute - q->hours[i] * HOUR_MINUTES : 0;

	if (inside <= 0)
		return q->sums[i];
	return q->sums[i] + __builtin_popcountll(q->minutes[i] & ((UINT64_C(1) << inside) - 1));
}

int64_t nf_quiet_us(const struct nf_quiet *q, int64_t since_us, int64_t until_us)
{
	if (until_us <= since_us || q->len == 0)
		return 0;
	int64_t first = since_us / NF_MINUTE_US + (since_us % NF_MINUTE_US > 0);
	int64_t end = until_us / NF_MINUTE_US;
	return end > first ? (before(q, end) - before(q, first)) * NF_MINUTE_US : 0;
}

uint64_t nf_quiet_minutes(const struct nf_quiet *q, int64_t hour)
{
	size_t i = hour_of(q, hour * HOUR_MINUTES);

	return i < q->len && q->hours[i] == hour ? q->minutes[i] : 0;
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

int64_t nf_quiet_month_end_next(const struct nf_quiet *q, const char *zone, int64_t now_us)
{
	struct nf_window last, midnight;
	char why[NF_ERROR_TEXT_MAX];
	int64_t from_us, to_us = 0;

	if (nf_window_parse("last 00:00", &last, why) != NF_OK ||
		nf_window_parse("00:00", &midnight, why) != NF_OK)
		return 0;
	/* Today may be such a day, and not too much of it be lost. */
	if (nf_window_last(&last, zone, now_us, &from_us) == NF_OK &&
		nf_window_next(&midnight, zone, from_us, &to_us) == NF_OK && to_us > now_us &&
		nf_quiet_us(q, from_us, now_us) + (to_us - now_us) >=
			(to_us - from_us) / 10 * 9)
		return to_us;
	if (nf_window_next(&last, zone, now_us, &from_us) != NF_OK ||
		nf_window_next(&midnight, zone, from_us, &to_us) != NF_OK)
		return 0;
	return to_us;
}

bool nf_quiet_span(const struct nf_quiet *q, int64_t *first_us, int64_t *end_us)
{
	if (q->len == 0)
		return false;
	int first = __builtin_ctzll(q->minutes[0]);
	int last = 63 - __builtin_clzll(q->minutes[q->len - 1]);
	*first_us = q->hours[0] * NF_HOUR_US + first * NF_MINUTE_US;
	*end_us = q->hours[q->len - 1] * NF_HOUR_US + (last + 1) * NF_MINUTE_US;
	return true;
}

bool nf_quiet_has_sensor(const struct nf_quiet *q)
{
	return q->sensors_len[0] + q->sensors_len[1] > 0;
}

bool nf_quiet_is_deaf(const struct nf_quiet *q)
{
	return q->is_deaf;
}

uint64_t nf_minutes_of(int64_t hour, int64_t from_us, int64_t to_us)
{
	uint64_t minutes = 0;

	for (int m = 0; m < HOUR_MINUTES; m++) {
		int64_t begin_us = hour * NF_HOUR_US + m * NF_MINUTE_US;

		if (from_us <= begin_us && to_us >= begin_us + NF_MINUTE_US)
			minutes |= UINT64_C(1) << m;
	}
	return minutes;
}
