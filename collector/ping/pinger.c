// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/pinger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "collector/ping/capture.h"
#include "collector/ping/flight.h"
#include "collector/ping/sender.h"

#define STALL_US      NF_US_PER_S
#define INTERFACES_US NF_US_PER_S	/* how often they are looked up */
#define STUCK_US      (2 * NF_US_PER_S) /* a queue full for so long is not waited for */
#define BACKOFF_US    (5 * NF_US_PER_MS)
/* Answers are read in between when so many echoes go out in one tick. */
enum { READ_EVERY = 1024 };

struct nf_pinger {
	uv_timer_t timer;
	bool started, closing;
	struct nf_sender *sender;
	struct nf_capture *capture;
	struct nf_flight flight;
	struct nf_due_heap due;
	struct nf_route **routes; /* by number; kept when their network went */
	size_t routes_len, routes_cap;
	struct nf_route **by_index; /* of the networks given last */
	size_t by_index_len;
	struct nf_now now; /* of this tick */
	int64_t interfaces_mono_us;
	uint64_t troubles; /* times this machine may have missed an answer */
	uint64_t drops;
	bool blind;
	int64_t lag_us;
};

enum nf_err nf_pinger_open(struct nf_pinger **pinger, struct nf_error *err)
{
	if (sodium_init() < 0)
		return nf_error_set(err, NF_ESYS, "libsodium cannot be used");
	struct nf_pinger *p = nf_xcalloc(1, sizeof *p);
	uint16_t id = (uint16_t)(1 + randombytes_uniform(UINT16_MAX));
	enum nf_err rc = nf_sender_open(&p->sender, err);

	if (!rc)
		rc = nf_capture_open(id, &p->capture, err);
	nf_flight_init(&p->flight, id);
	if (rc) {
		nf_pinger_close(p);
		return rc;
	}
	*pinger = p;
	return NF_OK;
}

static struct nf_route *route_of(struct nf_pinger *p, const struct nf_network *network)
{
	for (size_t i = 0; i < p->routes_len; i++)
		if (strcmp(p->routes[i]->id, network->id) == 0) {
			nf_route_set(p->routes[i], network, p->now.mono_us);
			return p->routes[i];
		}
	struct nf_route *route = nf_route_new((uint16_t)p->routes_len, network, p->now.mono_us);

	p->routes =
		nf_grow(p->routes, p->routes_len, &p->routes_cap, sizeof(struct nf_route *));
	p->routes[p->routes_len++] = route;
	return route;
}

void nf_pinger_networks(struct nf_pinger *p, const struct nf_network *networks, size_t len)
{
	p->now = nf_clock_now();
	p->by_index = nf_xreallocarray(p->by_index, len ? len : 1, sizeof(struct nf_route *));
	p->by_index_len = len;
	for (size_t i = 0; i < len; i++)
		p->by_index[i] = route_of(p, &networks[i]);
}

enum nf_err nf_pinger_start(
	struct nf_pinger *p, uv_loop_t *loop, const struct nf_network *networks, size_t len)
{
	if (uv_timer_init(loop, &p->timer))
		return NF_ESYS;
	p->timer.data = p;
	p->started = true;
	nf_pinger_networks(p, networks, len);
	return NF_OK;
}

static void destroy(struct nf_pinger *p)
{
	nf_sender_close(p->sender);
	nf_capture_close(p->capture);
	nf_flight_destroy(&p->flight);
	nf_due_heap_free(&p->due);
	for (size_t i = 0; i < p->routes_len; i++)
		nf_route_free(p->routes[i]);
	free(p->routes);
	free(p->by_index);
	free(p);
}

static void on_closed(uv_handle_t *handle)
{
	destroy(handle->data);
}

void nf_pinger_close(struct nf_pinger *p)
{
	if (!p || p->closing)
		return;
	p->closing = true;
	if (p->started)
		uv_close((uv_handle_t *)&p->timer, on_closed);
	else
		destroy(p);
}

static uint64_t troubles_of(const struct nf_pinger *p, const struct nf_flying *f)
{
	return p->troubles + f->route->troubles;
}

static void on_frame(const struct nf_frame *frame, int64_t wall_ns, void *arg)
{
	struct nf_pinger *p = arg;
	struct nf_flying *done = nf_flight_see(&p->flight, frame, wall_ns, p->now);

	/* Summed up at the next tick: until then duplicates are still seen. */
	if (done)
		nf_due_put(&p->due, &done->due, p->now.mono_us + 1);
}

static void read_answers(struct nf_pinger *p)
{
	if (p->blind || nf_capture_read(p->capture, on_frame, p)) {
		p->blind = true;
		p->troubles++;
		return;
	}
	uint64_t drops = nf_capture_drops(p->capture);

	if (drops != p->drops)
		p->troubles++;
	p->drops = drops;
}

static enum nf_burst_trouble trouble_of(int sys_errno)
{
	switch (sys_errno) {
	case ENODEV:
	case ENXIO:
		return NF_BURST_NO_INTERFACE;
	case ENOBUFS:
	case ENOMEM:
	case EAGAIN:
		return NF_BURST_OVERLOADED;
	case EPERM:
	case EACCES:
		return NF_BURST_REFUSED;
	default:
		return NF_BURST_NO_ROUTE;
	}
}

/* When the burst is to be looked at again, its echoes so far being what they are. */
static void wait_for_answers(struct nf_pinger *p, struct nf_flying *f)
{
	int64_t at = p->now.mono_us + 1;

	if (f->sent && f->answered < f->sent)
		at = f->times[f->sent - 1].asked.mono_us + f->timeout_us + NF_FLIGHT_GRACE_US;
	f->over = true;
	nf_due_put(&p->due, &f->due, at);
}

static void give_up(
	struct nf_pinger *p, struct nf_flying *f, enum nf_burst_trouble trouble, int sys_errno)
{
	f->result.trouble = trouble;
	f->result.sys_errno = sys_errno;
	wait_for_answers(p, f);
}

static void sent_one(struct nf_pinger *p, struct nf_flying *f, struct nf_now asked)
{
	f->times[f->sent].asked = asked;
	f->times[f->sent].troubles = troubles_of(p, f);
	f->sent++;
	f->refused_mono_us = 0;
	p->flight.stats.sent++;
	p->lag_us = asked.mono_us - f->wanted_mono_us;
	if (f->sent == f->echoes) {
		wait_for_answers(p, f);
		return;
	}
	f->wanted_mono_us = asked.mono_us + f->spacing_us;
	nf_due_put(&p->due, &f->due, f->wanted_mono_us);
}

/* The queue was full for this one. Returns whether to go on with others at once. */
static bool refused_full(
	struct nf_pinger *p, struct nf_route *route, struct nf_flying *f, int sys_errno)
{
	int64_t now = p->now.mono_us;

	p->flight.stats.overloaded++;
	route->troubles++;
	if (!route->stuck_since_mono_us)
		route->stuck_since_mono_us = now;
	if (!f->refused_mono_us)
		f->refused_mono_us = now;
	bool stuck = now - route->stuck_since_mono_us > STUCK_US;

	if (stuck || now - f->refused_mono_us > STUCK_US) {
		give_up(p, f, NF_BURST_OVERLOADED, sys_errno);
		return true;
	}
	nf_route_push(route, f);
	route->paused_until_mono_us = now + BACKOFF_US;
	return false;
}

struct line_batch {
	struct nf_flying *who[NF_SENDER_BATCH];
	struct nf_packet packets[NF_SENDER_BATCH];
	size_t len;
};

static void fill(struct nf_pinger *p, struct nf_route *route, struct line_batch *b)
{
	uint32_t want =
		route->waiting < NF_SENDER_BATCH ? (uint32_t)route->waiting : NF_SENDER_BATCH;
	uint32_t may = nf_pace_take(&route->pace, want, p->now.mono_us);

	for (b->len = 0; b->len < may; b->len++) {
		struct nf_flying *f = nf_route_pop(route);

		b->who[b->len] = f;
		b->packets[b->len].to = f->to;
		nf_flight_write(&p->flight, f, b->packets[b->len].bytes);
	}
}

/* Sends what may go now; false when the route has to wait. */
static bool send_batch(struct nf_pinger *p, struct nf_route *route, struct line_batch *b)
{
	struct nf_now asked = nf_clock_now();
	size_t at = 0;

	while (at < b->len) {
		int error;
		size_t n =
			nf_sender_send(p->sender, route, b->packets + at, b->len - at, &error);

		for (size_t i = 0; i < n; i++)
			sent_one(p, b->who[at + i], asked);
		if (n)
			route->stuck_since_mono_us = 0;
		at += n;
		if (at == b->len)
			break;
		struct nf_flying *f = b->who[at++];

		if (trouble_of(error) != NF_BURST_OVERLOADED) {
			give_up(p, f, trouble_of(error), error);
			continue;
		}
		if (refused_full(p, route, f, error))
			continue;
		route->pace.tokens += (double)(b->len - at);
		while (b->len > at)
			nf_route_push_front(route, b->who[--b->len]);
		return false;
	}
	return true;
}

static void send_line(struct nf_pinger *p, struct nf_route *route)
{
	struct line_batch batch;
	size_t since_read = 0;

	if (!nf_route_open(route)) {
		for (struct nf_flying *f; (f = nf_route_pop(route));)
			give_up(p, f, NF_BURST_NO_INTERFACE, ENODEV);
		return;
	}
	while (route->waiting && route->paused_until_mono_us <= p->now.mono_us) {
		fill(p, route, &batch);
		if (!batch.len || !send_batch(p, route, &batch))
			return;
		since_read += batch.len;
		if (since_read < READ_EVERY)
			continue;
		since_read = 0;
		p->now = nf_clock_now();
		read_answers(p);
	}
}

static void finish(struct nf_pinger *p, struct nf_flying *f)
{
	struct nf_burst result;
	nf_burst_fn *fn = f->fn;
	void *arg = f->arg;

	nf_flight_sum_up(&p->flight, f, troubles_of(p, f), p->now.mono_us);
	result = f->result;
	nf_flight_end(&p->flight, f);
	fn(&result, arg);
}

static void take_due(struct nf_pinger *p)
{
	struct nf_due *due;

	while (!p->closing && (due = nf_due_pop(&p->due, p->now.mono_us))) {
		struct nf_flying *f = (struct nf_flying *)(void *)due;

		if (f->over)
			finish(p, f);
		else
			nf_route_push(f->route, f);
	}
}

static void refresh_interfaces(struct nf_pinger *p)
{
	if (p->now.mono_us - p->interfaces_mono_us < INTERFACES_US)
		return;
	p->interfaces_mono_us = p->now.mono_us;
	for (size_t i = 0; i < p->routes_len; i++) {
		struct nf_route *route = p->routes[i];

		if (nf_route_refresh(route))
			nf_log(NF_LOG_WARN, "pinger", "interface %s is %s network=%s",
				route->interface, route->ifindex ? "there" : "gone", route->id);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct nf_pinger *p = timer->data;
	int64_t before = p->now.mono_us;

	p->now = nf_clock_now();
	if (p->now.mono_us - before > STALL_US) {
		p->troubles++;
		p->flight.stats.stalls++;
	}
	read_answers(p);
	refresh_interfaces(p);
	take_due(p);
	for (size_t i = 0; i < p->routes_len && !p->closing; i++)
		send_line(p, p->routes[i]);
	if (!p->flight.under_way && !p->closing)
		uv_timer_stop(timer);
}

void nf_pinger_burst(
	struct nf_pinger *p, const struct nf_ping_ask *ask, nf_burst_fn *fn, void *arg)
{
	struct nf_flying *f = nf_flight_begin(&p->flight, ask, p->by_index[ask->network]);

	f->fn = fn;
	f->arg = arg;
	if (!uv_is_active((uv_handle_t *)&p->timer)) {
		p->now = nf_clock_now();
		uv_timer_start(&p->timer, on_tick, 0, NF_PINGER_TICK_US / NF_US_PER_MS);
	}
	f->wanted_mono_us = p->now.mono_us;
	nf_due_put(&p->due, &f->due, f->wanted_mono_us);
}

struct nf_pinger_stats nf_pinger_stats(const struct nf_pinger *p)
{
	struct nf_pinger_stats stats = p->flight.stats;

	stats.bad = nf_capture_bad(p->capture);
	stats.drops = p->drops;
	stats.under_way = p->flight.under_way;
	for (size_t i = 0; i < p->routes_len; i++)
		stats.waiting += p->routes[i]->waiting;
	stats.lag_us = p->lag_us;
	stats.blind = p->blind;
	return stats;
}

bool nf_pinger_has_interface(const struct nf_pinger *p, size_t network)
{
	return nf_route_open(p->by_index[network]);
}
