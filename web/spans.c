// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/spans.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/maintenance.h"
#include "conf/hours.h"

#define SPANS_MAX                                                                              \
	50000 /* windows of every minute, over a year, are too many to mean anything */
#define DAY_US (86400 * NF_US_PER_S)

void nf_spans_add(struct nf_spans *spans, int64_t from, int64_t to)
{
	if (to <= from)
		return;
	spans->items = nf_grow(spans->items, spans->len, &spans->cap, sizeof *spans->items);
	spans->items[spans->len++] = (struct nf_span){from, to};
}

static int by_start(const void *a, const void *b)
{
	const struct nf_span *x = a, *y = b;
	return x->from < y->from ? -1 : x->from > y->from;
}

void nf_spans_join(struct nf_spans *spans)
{
	size_t len = 0;
	if (spans->len == 0)
		return;
	qsort(spans->items, spans->len, sizeof *spans->items, by_start);
	for (size_t i = 1; i < spans->len; i++) {
		struct nf_span *last = &spans->items[len], next = spans->items[i];
		if (next.from > last->to)
			spans->items[++len] = next;
		else if (next.to > last->to)
			last->to = next.to;
	}
	spans->len = len + 1;
}

void nf_spans_free(struct nf_spans *spans)
{
	free(spans->items);
	*spans = (struct nf_spans){0};
}

/* The first that ends after `at`. */
static size_t first_after(const struct nf_spans *spans, int64_t at)
{
	size_t low = 0, high = spans->len;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (spans->items[middle].to > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

int64_t nf_spans_cover(const struct nf_spans *spans, int64_t from, int64_t to)
{
	int64_t covered = 0;
	for (size_t i = first_after(spans, from); i < spans->len && spans->items[i].from < to;
		i++) {
		int64_t a = spans->items[i].from > from ? spans->items[i].from : from;
		int64_t b = spans->items[i].to < to ? spans->items[i].to : to;
		covered += b - a;
	}
	return covered;
}

static void add_inside(
	struct nf_spans *spans, int64_t start, int64_t end, int64_t from, int64_t to)
{
	nf_spans_add(spans, start > from ? start : from, end < to ? end : to);
}

/* Always, but on holidays: day by day of its own zone. */
static void add_days(
	const struct nf_service *service, int64_t from, int64_t to, struct nf_spans *spans)
{
	int64_t day = from - 2 * DAY_US;
	while (day < to) {
		int64_t next =
			nf_daytime_next((struct nf_daytime){0, 0}, service->timezone, day);
		if (nf_service_open(service, day))
			add_inside(spans, day, next, from, to);
		day = next;
	}
}

void nf_spans_promised(
	const struct nf_service *service, int64_t from, int64_t to, struct nf_spans *spans)
{
	*spans = (struct nf_spans){0};
	if (service == NULL) {
		nf_spans_add(spans, from, to);
		return;
	}
	if (service->hours.len == 0)
		add_days(service, from, to, spans);
	NF_EACH(struct nf_window, window, service->hours)
	{
		struct nf_service one = *service; /* hours may overlap, or begin together */
		int64_t start, end, after = from - 2 * DAY_US;
		one.hours.items = window;
		one.hours.len = 1;
		while (spans->len < SPANS_MAX &&
			nf_service_next(&one, after, &start, &end) == NF_OK && start < to) {
			add_inside(spans, start, end, from, to);
			after = start;
		}
	}
	nf_spans_join(spans);
}

static void add_recurring(const struct nf_site *site, const struct nf_maintenance *m,
	int64_t from, int64_t to, struct nf_spans *spans)
{
	bool is_span = m->every.is_span && m->for_us <= 0;
	int64_t start, after = from - (is_span ? 2 * DAY_US : m->for_us);
	while (spans->len < SPANS_MAX &&
		nf_window_next(&m->every, site->timezone, after, &start) == NF_OK &&
		start < to) {
		int64_t end = is_span ? nf_window_end(&m->every, site->timezone, start)
				      : start + m->for_us;
		add_inside(spans, start, end, from, to);
		after = start;
	}
}

void nf_spans_planned(const struct nf_site *site, const struct nf_device *device, int64_t from,
	int64_t to, struct nf_spans *spans)
{
	*spans = (struct nf_spans){0};
	for (size_t i = 0; i < nf_maintenance_windows(site); i++) {
		if (!nf_maintenance_covers(site, i, device, NULL))
			continue;
		if (i < site->maintenance.len) {
			const struct nf_maintenance *m = &site->maintenance.items[i];
			if (m->recurs)
				add_recurring(site, m, from, to, spans);
			else
				add_inside(spans, m->from_wall_us, m->to_wall_us, from, to);
		} else {
			const struct nf_wave *w = &site->waves.items[i - site->maintenance.len];
			add_inside(spans, w->from_wall_us, w->to_wall_us, from, to);
		}
	}
	nf_spans_join(spans);
}
