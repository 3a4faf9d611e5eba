// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/picture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parse.h"
#include "checks/maintenance.h"
#include "checks/verdict.h"
#include "store/incidents.h"

#define BUSY_MS	     5000
#define BEAT_LATE_US (60 * NF_US_PER_S)

static struct nf_view *view_of(struct nf_picture *p, const char *network, const char *device)
{
	if (*device != '\0') {
		const struct nf_device *d = nf_site_device(p->site, device);
		return d == NULL ? NULL : &p->devices[d->index];
	}
	if (*network == '\0')
		return &p->monitor;
	const struct nf_network *n = nf_site_network(p->site, network);
	return n == NULL ? NULL : &p->networks[n->index];
}

static struct nf_view_check *add_check(struct nf_view *view)
{
	view->checks = nf_grow(view->checks, view->len, &view->cap, sizeof *view->checks);
	struct nf_view_check *c = &view->checks[view->len++];
	*c = (struct nf_view_check){.state = NF_STATE_UNKNOWN, .soft = NF_STATE_UNKNOWN};
	return c;
}

/* When a check that is shown as stale became so. */
static int64_t stale_since(const struct nf_check_row *row, int64_t asked, int64_t now)
{
	int64_t since = asked == 0 ? row->since_wall_us : asked + 3 * row->interval_us;
	return since < now ? since : now;
}

/* A copy, unless it is what one would guess: of ten thousand rows most texts are the same few. */
static const char *keep(struct nf_picture *p, const char *text, const char *guess)
{
	return strcmp(text, guess) == 0 ? guess : nf_arena_strdup(p->texts, text);
}

static void take_row(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct nf_picture *p = arg;
	struct nf_view *view = view_of(p, row->network, row->device);
	if (view == NULL)
		return;
	struct nf_view_check *c = add_check(view);
	c->network = keep(p, row->network, view->network != NULL ? view->network->id : "");
	c->name = keep(p, row->check, "ping");
	c->program = keep(p, row->program, p->last_program);
	c->output = keep(p, row->output, "");
	c->cause = keep(p, row->cause, "");
	p->last_program = c->program;
	c->state = nf_verdict_shown(row->state, asked_wall_us, row->interval_us, p->at_wall_us);
	c->stale =
		row->interval_us > 0 && nf_verdict_shown(NF_STATE_OK, asked_wall_us,
						row->interval_us, p->at_wall_us) != NF_STATE_OK;
	c->since_wall_us =
		c->stale ? stale_since(row, asked_wall_us, p->at_wall_us) : row->since_wall_us;
	if (c->since_wall_us > p->at_wall_us)
		c->since_wall_us = p->at_wall_us;
	c->asked_wall_us = asked_wall_us;
	c->flapping = row->flapping;
	c->soft = row->soft;
}

static bool process_exists(int64_t pid)
{
	return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static void take_program(const struct nf_program_row *row, void *arg)
{
	struct nf_picture *p = arg;
	p->programs =
		nf_grow(p->programs, p->programs_len, &p->programs_cap, sizeof *p->programs);
	int64_t age = p->at_wall_us - row->beat_wall_us;
	p->programs[p->programs_len++] = (struct nf_view_program){
		.name = nf_xstrdup(row->name),
		.pid = row->pid,
		.started_wall_us = row->started_wall_us,
		.beat_wall_us = row->beat_wall_us,
		.cycle_wall_us = row->cycle_wall_us,
		.alive = age < BEAT_LATE_US && age > -BEAT_LATE_US && process_exists(row->pid),
	};
}

static bool has_check(const struct nf_view *view, const char *name)
{
	for (size_t i = 0; i < view->len; i++)
		if (strcmp(view->checks[i].name, name) == 0)
			return true;
	return false;
}

/* Every device is pinged, and asked over SNMP where the inventory says how: a check that is due and was
 * never answered is unknown, and not just missing. */
static void expect(struct nf_view *view, const char *name, const char *program)
{
	if (has_check(view, name))
		return;
	struct nf_view_check *c = add_check(view);
	c->network = view->network->id;
	c->name = name;
	c->program = program;
	c->output = "not looked at yet";
	c->cause = "";
}

static const struct nf_view_check *ping_of(const struct nf_view *view)
{
	for (size_t i = 0; i < view->len; i++)
		if (strcmp(view->checks[i].name, "ping") == 0 &&
			strcmp(view->checks[i].network, view->network->id) == 0)
			return &view->checks[i];
	return NULL;
}

static void conclude(struct nf_view *view)
{
	view->worst = NULL;
	for (size_t i = 0; i < view->len; i++) {
		const struct nf_view_check *c = &view->checks[i];
		bool worse = view->worst == NULL ||
			     (c->state != view->worst->state &&
				     nf_state_worse(c->state, view->worst->state) == c->state);
		if (worse)
			view->worst = c;
	}
	/* Nothing else about a device that cannot be reached is news. */
	const struct nf_view_check *ping = view->device != NULL ? ping_of(view) : NULL;
	if (ping != NULL && ping->state == NF_STATE_UNREACHABLE)
		view->worst = ping;
	view->state = view->worst != NULL ? view->worst->state : NF_STATE_OK;
	view->since_wall_us = view->worst != NULL ? view->worst->since_wall_us : 0;
}

static void frame(struct nf_picture *p)
{
	const struct nf_site *site = p->site;
	p->devices = nf_xcalloc(site->devices.len + 1, sizeof *p->devices);
	p->networks = nf_xcalloc(site->networks.len + 1, sizeof *p->networks);
	NF_EACH(struct nf_device, d, site->devices)
	{
		p->devices[d->index].device = d;
		p->devices[d->index].network = d->legs[0].network;
	}
	NF_EACH(struct nf_network, n, site->networks)
	p->networks[n->index].network = n;
}

static void conclude_all(struct nf_picture *p)
{
	NF_EACH(struct nf_device, d, p->site->devices)
	{
		struct nf_view *view = &p->devices[d->index];
		expect(view, "ping", "netfold-ping");
		if (d->snmp != NULL)
			expect(view, "snmp", "netfold-snmp");
		conclude(view);
	}
	NF_EACH(struct nf_network, n, p->site->networks)
	conclude(&p->networks[n->index]);
	conclude(&p->monitor);
}

static void take_member(const struct nf_member_row *row, void *arg)
{
	struct nf_view *view = view_of(arg, row->network, row->device);
	if (view != NULL && (view->incident == 0 || strcmp(row->check, "ping") == 0))
		view->incident = row->number;
}

/* The numbers are an addition: without outbox.db, or while it is busy, the picture has none. */
static void take_incidents(struct nf_picture *p)
{
	struct nf_store *outbox = NULL;
	if (nf_outbox_open(p->site->state_dir, NF_STORE_READ, BUSY_MS, &outbox, NULL) != NF_OK)
		return;
	nf_members(outbox, -1, take_member, p);
	nf_store_close(outbox);
}

static void cover(struct nf_picture *p, struct nf_view *view, size_t number,
	const struct nf_view_window *w)
{
	bool is_longer = view->window == NULL || view->window->until_wall_us < w->until_wall_us;
	if (is_longer && nf_maintenance_covers(p->site, number, view->device, view->network))
		view->window = w;
}

static void take_windows(struct nf_picture *p)
{
	size_t len = nf_maintenance_windows(p->site);
	char id[NF_MAINTENANCE_MAX];
	p->windows = nf_xcalloc(len + 1, sizeof *p->windows);
	for (size_t i = 0; i < len; i++) {
		struct nf_view_window *w = &p->windows[p->windows_len];
		if (!nf_maintenance_until(p->site, i, p->at_wall_us, &w->until_wall_us))
			continue;
		p->windows_len++;
		w->id = nf_arena_strdup(p->texts, nf_maintenance_name(p->site, i, id));
		w->wave = nf_maintenance_wave(p->site, i);
		NF_EACH(struct nf_device, d, p->site->devices)
		cover(p, &p->devices[d->index], i, w);
		NF_EACH(struct nf_network, n, p->site->networks)
		cover(p, &p->networks[n->index], i, w);
	}
}

enum nf_err nf_picture_take(const struct nf_site *site, struct nf_now now,
	struct nf_picture *picture, struct nf_error *err)
{
	struct nf_picture p = {.site = site,
		.at_wall_us = now.wall_us,
		.texts = nf_arena_new(),
		.last_program = ""};
	frame(&p);
	struct nf_store *store = NULL;
	enum nf_err code = nf_store_open(site->state_dir, NF_STORE_READ, BUSY_MS, &store, err);
	if (code == NF_OK) {
		p.recorded = true;
		code = nf_store_checks(store, NULL, take_row, &p);
		if (code == NF_OK)
			code = nf_store_programs(store, take_program, &p);
		if (code != NF_OK)
			nf_error_set(err, code, "state.db: %s", nf_store_error(store));
		nf_store_close(store);
	} else if (code == NF_ENOENT) {
		code = NF_OK;
	}
	if (code != NF_OK) {
		nf_picture_free(&p);
		return code;
	}
	take_incidents(&p);
	take_windows(&p);
	conclude_all(&p);
	*picture = p;
	/* The monitor's view is inside the struct; what points at its checks stays right. */
	return NF_OK;
}

void nf_picture_free(struct nf_picture *picture)
{
	for (size_t i = 0; i < picture->site->devices.len; i++)
		free(picture->devices[i].checks);
	for (size_t i = 0; i < picture->site->networks.len; i++)
		free(picture->networks[i].checks);
	free(picture->monitor.checks);
	for (size_t i = 0; i < picture->programs_len; i++)
		free(picture->programs[i].name);
	free(picture->devices);
	free(picture->networks);
	free(picture->programs);
	free(picture->windows);
	nf_arena_free(picture->texts);
}

size_t nf_picture_count(const struct nf_picture *picture, const struct nf_network *network,
	size_t by_state[NF_STATES])
{
	size_t total = 0;
	memset(by_state, 0, NF_STATES * sizeof *by_state);
	for (size_t i = 0; i < picture->site->devices.len; i++) {
		const struct nf_view *view = &picture->devices[i];
		if (network != NULL && view->network != network)
			continue;
		by_state[view->state]++;
		total++;
	}
	return total;
}

enum nf_state nf_picture_worst(const struct nf_picture *picture)
{
	enum nf_state worst = picture->monitor.state;
	for (size_t i = 0; i < picture->site->networks.len; i++)
		worst = nf_state_worse(worst, picture->networks[i].state);
	for (size_t i = 0; i < picture->site->devices.len; i++)
		worst = nf_state_worse(worst, picture->devices[i].state);
	return worst;
}

char *nf_view_reason(const struct nf_view *view, int64_t now_wall_us)
{
	const struct nf_view_check *c = view->worst;
	if (c == NULL)
		return nf_xstrdup("");
	if (c->state == NF_STATE_UNREACHABLE)
		return nf_xasprintf("behind %s", c->cause);
	if (c->stale && c->asked_wall_us != 0 && c->asked_wall_us <= now_wall_us) {
		char age[NF_QUANTITY_MAX];
		nf_format_age(now_wall_us - c->asked_wall_us, age);
		return nf_xasprintf("%s: not asked for %s", c->name, age);
	}
	if (c->stale)
		return nf_xasprintf("%s: when it was asked last is not known", c->name);
	return nf_xasprintf("%s: %s%s", c->name, c->output, c->flapping ? "; flapping" : "");
}
