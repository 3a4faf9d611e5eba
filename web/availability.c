// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/availability.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "conf/hours.h"
#include "conf/zone.h"

struct span {
	int64_t from, to;
};

/* When a service is promised, over all months; shared by its devices. */
struct promise {
	struct span *spans;
	size_t len, cap;
};

struct taking {
	const struct nf_model *m;
	struct nf_availability *a;
	struct promise *promises; /* by service index; the last: always */
	/* the device being read: its state since when */
	enum nf_state *state;
	int64_t *since;
	bool *planned;
};

static void set_months(struct nf_availability *a, const struct nf_model *m)
{
	time_t now_s = (time_t)(m->now.wall_us / NF_US_PER_S);
	struct tm tm = {0};
	localtime_r(&now_s, &tm);
	int months = (tm.tm_year + 1900) * 12 + tm.tm_mon;
	for (int i = 0; i < NF_MONTHS; i++) {
		int month = months - (NF_MONTHS - 1) + i;
		struct nf_date first = {.year = (int16_t)(month / 12),
			.month = (uint8_t)(month % 12 + 1),
			.day = 1};
		a->month_wall_us[i] =
			nf_zone_instant(m->site->timezone, first, (struct nf_daytime){0, 0});
	}
	a->month_wall_us[NF_MONTHS] = m->now.wall_us;
}

static void add_span(struct promise *promise, int64_t from, int64_t to)
{
	promise->spans =
		nf_grow(promise->spans, promise->len, &promise->cap, sizeof *promise->spans);
	promise->spans[promise->len++] = (struct span){from, to};
}

static struct promise promise_of(const struct nf_service *service, int64_t from, int64_t to)
{
	struct promise promise = {0};
	int64_t at = from - INT64_C(86400) * NF_US_PER_S, start, end;
	if (service == NULL || service->hours.len == 0) {
		add_span(&promise, from, to);
		return promise;
	}
	while (promise.len < 20000 && nf_service_next(service, at, &start, &end) == NF_OK &&
		start < to) {
		if (end > from)
			add_span(&promise, start > from ? start : from, end < to ? end : to);
		at = start;
	}
	return promise;
}

static int64_t overlap(int64_t a, int64_t b, int64_t c, int64_t d)
{
	int64_t from = a > c ? a : c, to = b < d ? b : d;
	return to > from ? to - from : 0;
}

static int64_t *bucket(struct nf_uptime *uptime, enum nf_state state, bool planned)
{
	if (state == NF_STATE_OK || state == NF_STATE_WARNING)
		return &uptime->up_us;
	if (state == NF_STATE_UNKNOWN)
		return &uptime->unknown_us;
	return planned ? &uptime->planned_us : &uptime->down_us;
}

/* Books that the device was in this state from then until then, inside its service's hours. */
static void book(struct taking *t, size_t device, int64_t from, int64_t to, enum nf_state state,
	bool planned)
{
	const struct nf_service *service = t->m->site->devices.items[device].service;
	size_t which = service != NULL ? (size_t)(service - t->m->site->services.items)
				       : t->m->site->services.len;
	const struct promise *promise = &t->promises[which];
	for (size_t month = 0; month < NF_MONTHS; month++) {
		int64_t a = t->a->month_wall_us[month], b = t->a->month_wall_us[month + 1];
		if (overlap(a, b, from, to) == 0)
			continue;
		int64_t first = a > from ? a : from, last = b < to ? b : to;
		for (size_t i = 0; i < promise->len && promise->spans[i].from < last; i++)
			*bucket(&t->a->devices[device][month], state, planned) += overlap(
				first, last, promise->spans[i].from, promise->spans[i].to);
	}
}

static void take_event(const struct nf_event *event, void *arg)
{
	struct taking *t = arg;
	const struct nf_device *d = nf_site_device(t->m->site, event->device);
	if (d == NULL || strcmp(event->kind, "state") != 0 ||
		strcmp(event->check, "ping") != 0 ||
		strcmp(event->network, d->legs[0].network->id) != 0)
		return;
	size_t i = d->index;
	if (event->at_wall_us > t->since[i])
		book(t, i, t->since[i], event->at_wall_us, t->state[i], t->planned[i]);
	if (event->at_wall_us > t->since[i])
		t->since[i] = event->at_wall_us;
	t->state[i] = event->after;
	t->planned[i] = *event->maintenance != '\0';
}

/* Before its first event a device is unknown; what is shown now ends the account. */
static void close_accounts(struct taking *t)
{
	int64_t now = t->m->now.wall_us;
	for (size_t i = 0; i < t->a->devices_len; i++)
		if (t->since[i] < now)
			book(t, i, t->since[i], now, t->state[i], t->planned[i]);
}

struct nf_availability *nf_availability_take(const struct nf_model *m)
{
	struct nf_availability *a = nf_xcalloc(1, sizeof *a);
	size_t len = m->site->devices.len, services = m->site->services.len;
	struct taking t = {.m = m, .a = a};
	a->devices_len = len;
	a->devices = nf_xcalloc(len + 1, sizeof *a->devices);
	set_months(a, m);
	t.promises = nf_xcalloc(services + 1, sizeof *t.promises);
	for (size_t i = 0; i <= services; i++)
		t.promises[i] = promise_of(i < services ? &m->site->services.items[i] : NULL,
			a->month_wall_us[0], m->now.wall_us);
	t.state = nf_xcalloc(len + 1, sizeof *t.state);
	t.since = nf_xcalloc(len + 1, sizeof *t.since);
	t.planned = nf_xcalloc(len + 1, sizeof *t.planned);
	for (size_t i = 0; i < len; i++) {
		t.state[i] = NF_STATE_UNKNOWN;
		t.since[i] = a->month_wall_us[0];
	}
	struct nf_event_filter all = {.since_wall_us = a->month_wall_us[0]};
	if (m->store != NULL)
		nf_store_events(m->store, &all, take_event, &t);
	close_accounts(&t);
	for (size_t i = 0; i <= services; i++)
		free(t.promises[i].spans);
	free(t.promises);
	free(t.state);
	free(t.since);
	free(t.planned);
	return a;
}

void nf_availability_free(struct nf_availability *a)
{
	if (a == NULL)
		return;
	free(a->devices);
	free(a);
}

double nf_uptime_share(const struct nf_uptime *u)
{
	int64_t counted = u->up_us + u->down_us;
	return counted > 0 ? 100.0 * (double)u->up_us / (double)counted : (double)NAN;
}

void nf_uptime_add(struct nf_uptime *to, const struct nf_uptime *more)
{
	to->up_us += more->up_us;
	to->down_us += more->down_us;
	to->planned_us += more->planned_us;
	to->unknown_us += more->unknown_us;
}
