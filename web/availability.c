// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/availability.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/maintenance.h"
#include "conf/zone.h"
#include "web/spans.h"

/* A stretch in which a device's state was one. */
struct period {
	int64_t from, to;
	enum nf_state state;
	bool forgiven; /* it began inside a window that the site no longer has */
};

struct account {
	struct period *items;
	size_t len, cap;
	bool begun; /* there was an event */
};

struct taking {
	const struct nf_model *m;
	struct nf_availability *a;
	struct nf_spans *promises; /* by service index; the last: always */
	struct account *accounts;  /* by device index; the last period is open */
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

/* Ends the open period at this instant and opens the next one. */
static void turn(struct account *account, int64_t at, enum nf_state state, bool forgiven)
{
	struct period *open = &account->items[account->len - 1];
	if (at < open->from) /* the clock was set back: what was booked stays */
		at = open->from;
	open->to = at;
	account->items =
		nf_grow(account->items, account->len, &account->cap, sizeof *account->items);
	account->items[account->len++] = (struct period){at, at, state, forgiven};
}

static bool is_window_gone(const struct nf_site *site, const char *id)
{
	char name[NF_MAINTENANCE_MAX];
	for (size_t i = 0; i < nf_maintenance_windows(site); i++)
		if (strcmp(nf_maintenance_name(site, i, name), id) == 0)
			return false;
	return *id != '\0';
}

static void take_event(const struct nf_event *event, void *arg)
{
	struct taking *t = arg;
	const struct nf_device *d = nf_site_device(t->m->site, event->device);
	if (d == NULL || strcmp(event->kind, "state") != 0 ||
		strcmp(event->check, "ping") != 0 ||
		strcmp(event->network, d->legs[0].network->id) != 0)
		return;
	struct account *account = &t->accounts[d->index];
	if (!account->begun) /* what stood before the first month began is told by its end */
		account->items[0].state = event->before;
	account->begun = true;
	turn(account, event->at_wall_us, event->after,
		is_window_gone(t->m->site, event->maintenance));
}

static const struct nf_view_check *ping_of(const struct nf_model *m, const struct nf_device *d)
{
	const struct nf_view *view = &m->picture.devices[d->index];
	for (size_t i = 0; i < view->len; i++)
		if (strcmp(view->checks[i].name, "ping") == 0 &&
			strcmp(view->checks[i].network, d->legs[0].network->id) == 0)
			return &view->checks[i];
	return NULL;
}

/* A device that has no event has stood as it stands for longer than events are kept, or is new; one that
 * nobody asks any longer is unknown from then on. */
static void close_account(struct taking *t, const struct nf_device *d)
{
	struct account *account = &t->accounts[d->index];
	const struct nf_view_check *ping = ping_of(t->m, d);
	if (ping != NULL && !account->begun && !ping->stale && ping->since_wall_us > 0)
		turn(account, ping->since_wall_us, ping->state, false);
	if (ping != NULL && account->begun && ping->stale && ping->asked_wall_us > 0)
		turn(account, ping->asked_wall_us, NF_STATE_UNKNOWN, false);
	struct period *open = &account->items[account->len - 1];
	open->to = t->m->now.wall_us > open->from ? t->m->now.wall_us : open->from;
}

static void book_stretch(struct nf_uptime *u, const struct period *period,
	const struct nf_spans *planned, int64_t from, int64_t to)
{
	int64_t all = to - from;
	if (period->state == NF_STATE_OK || period->state == NF_STATE_WARNING) {
		u->up_us += all;
	} else if (period->state == NF_STATE_UNKNOWN) {
		u->unknown_us += all;
	} else {
		int64_t forgiven = period->forgiven ? all : nf_spans_cover(planned, from, to);
		u->planned_us += forgiven;
		u->down_us += all - forgiven;
	}
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Periods, promised spans and months all run forward; a stretch lies inside one of each. */
static void book_account(struct taking *t, const struct nf_device *d)
{
	const int64_t *months = t->a->month_wall_us;
	const struct account *account = &t->accounts[d->index];
	size_t service = d->service != NULL ? (size_t)(d->service - t->m->site->services.items)
					    : t->m->site->services.len;
	const struct nf_spans *promise = &t->promises[service];
	struct nf_spans planned;
	size_t at = 0, month = 0;
	nf_spans_planned(t->m->site, d, months[0], months[NF_MONTHS], &planned);
	for (size_t i = 0; i < account->len; i++) {
		const struct period *p = &account->items[i];
		int64_t now = p->from;
		while (now < p->to && at < promise->len && month < NF_MONTHS) {
			const struct nf_span *span = &promise->items[at];
			int64_t from = later(now, later(span->from, months[month]));
			int64_t to = earlier(p->to, earlier(span->to, months[month + 1]));
			if (from < to)
				book_stretch(
					&t->a->devices[d->index][month], p, &planned, from, to);
			now = earlier(p->to, earlier(span->to, months[month + 1]));
			if (span->to <= now)
				at++;
			else if (months[month + 1] <= now)
				month++;
		}
	}
	nf_spans_free(&planned);
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
		nf_spans_promised(i < services ? &m->site->services.items[i] : NULL,
			a->month_wall_us[0], m->now.wall_us, &t.promises[i]);
	t.accounts = nf_xcalloc(len + 1, sizeof *t.accounts);
	for (size_t i = 0; i < len; i++) {
		struct account *account = &t.accounts[i];
		account->items = nf_grow(NULL, 0, &account->cap, sizeof *account->items);
		account->items[account->len++] = (struct period){
			a->month_wall_us[0], a->month_wall_us[0], NF_STATE_UNKNOWN, false};
	}
	struct nf_event_filter all = {.since_wall_us = a->month_wall_us[0]};
	if (m->store != NULL)
		nf_store_events(m->store, &all, take_event, &t);
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		close_account(&t, d);
		book_account(&t, d);
		free(t.accounts[d->index].items);
	}
	for (size_t i = 0; i <= services; i++)
		nf_spans_free(&t.promises[i]);
	free(t.promises);
	free(t.accounts);
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
