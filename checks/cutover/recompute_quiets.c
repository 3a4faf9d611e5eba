// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "checks/cutover/listeners.h"
#include "checks/cutover/recompute_own.h"

#define OPEN_DAYS                                                                              \
	92 /* before coverage is settled, besides three times the longest quiet time */
#define SETTLE_ROWS  5000 /* of sensors, a network and pass */
#define SETTLE_LEAST 24	  /* hours */

/* A sensor with hours that are to be settled. */
struct old {
	const char *sensor;
	int64_t first; /* of those hours; INT64_MAX: there is none */
	int64_t heard; /* the last in which it heard others: that one stays; -1: there is none */
};

/* Every wire of a network that is listened to, and every switch that is asked: "wire:span10", "snmp:sw-1". */
struct sensors {
	const char **wires, **switches;
	size_t wires_len, switches_len;
	struct nf_listener *listeners; /* of both, in that order */
	struct nf_quiet *quiet;
	struct old *old;
	size_t old_len, old_cap;
	struct nf_arena *arena;
	int64_t now_us, settle_hour; /* what is older is settled */
};

/* So long anything that comes may still change what an hour counts for: somebody answers on a network on which a wire
 * hears nobody, or the site file names a sensor more. */
static int64_t settle_hour(const struct nf_pass *p)
{
	int64_t quiet_us = p->site->cutover.quiet_us, keep_us = p->site->cutover.keep_us;

	NF_EACH(const struct nf_quiet_kind, k, p->site->cutover.quiet_kinds)
	{
		if (k->quiet_us > quiet_us)
			quiet_us = k->quiet_us;
	}
	int64_t open_us = 3 * quiet_us + OPEN_DAYS * NF_DAY_US;
	return (p->now_us - (open_us < keep_us ? open_us : keep_us)) / NF_HOUR_US;
}

static struct sensors sensors_of(struct nf_pass *p, const struct nf_network *network)
{
	size_t devices = p->site->devices.len;
	struct sensors s = {
		.wires = nf_arena_alloc(p->arena, (network->wire.len + 1) * sizeof *s.wires),
		.switches = nf_arena_alloc(p->arena, (devices + 1) * sizeof *s.switches),
		.arena = p->arena,
		.now_us = p->now_us,
		.settle_hour = settle_hour(p)};

	for (size_t i = 0; i < network->wire.len; i++)
		s.wires[s.wires_len++] =
			nf_arena_printf(p->arena, "wire:%s", network->wire.items[i]);
	NF_EACH(const struct nf_device, d, p->site->devices)
	{
		if (d->kind == NF_KIND_SWITCH && d->snmp && d->legs[0].network == network)
			s.switches[s.switches_len++] =
				nf_arena_printf(p->arena, "snmp:%s", d->name);
	}
	s.listeners = nf_xcalloc(s.wires_len + s.switches_len + 1, sizeof *s.listeners);
	for (size_t i = 0; i < s.wires_len; i++)
		s.listeners[i].sensor = s.wires[i];
	for (size_t i = 0; i < s.switches_len; i++)
		s.listeners[s.wires_len + i].sensor = s.switches[i];
	s.quiet = nf_quiet_new(s.wires, s.wires_len, s.switches, s.switches_len);
	return s;
}

/* They come by sensor and hour. */
static void note_old(struct sensors *s, const struct nf_coverage *c)
{
	struct old *o = s->old_len ? &s->old[s->old_len - 1] : NULL;
	int64_t hour = c->hour;

	if (!o || strcmp(o->sensor, c->sensor) != 0) {
		s->old = nf_grow(s->old, s->old_len, &s->old_cap, sizeof *s->old);
		o = &s->old[s->old_len++];
		*o = (struct old){nf_arena_strdup(s->arena, c->sensor), INT64_MAX, -1};
	}
	if (c->frames > 0) { /* the one before is the last no more */
		hour = o->heard;
		o->heard = c->hour;
	}
	if (hour >= 0 && hour < s->settle_hour && hour < o->first)
		o->first = hour;
}

static void take_coverage(const struct nf_coverage *c, void *arg)
{
	struct sensors *s = arg;

	nf_quiet_add(s->quiet, c);
	if (strcmp(c->sensor, NF_COVERAGE_SETTLED) != 0)
		note_old(s, c);
	nf_listeners_add(s->listeners, s->wires_len + s->switches_len, c, s->now_us);
}

static bool is_answer(const struct nf_seen *r)
{
	static const char *const sources[] = {"ping", "snmp", "entity", "ssh"};

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (strcmp(r->source, sources[i]) == 0)
			return true;
	}
	return false;
}

/* What a table remembers is no answer: it outlives who it is of. */
static void add_answers(
	const struct nf_pass *p, const struct nf_network *network, struct nf_quiet *quiet)
{
	size_t len;
	const struct nf_seen *rows = nf_book_rows(p->book, &len);

	for (size_t i = 0; i < len; i++) {
		if (is_answer(&rows[i]) && strcmp(rows[i].network, network->id) == 0 &&
			!nf_around_is_own(p->around, network, "", rows[i].address))
			nf_quiet_answered(quiet, rows[i].last_us);
	}
}

static enum nf_err settle_hours(const struct nf_pass *p, const struct nf_network *network,
	const struct sensors *s, int64_t from, int64_t to)
{
	enum nf_err e = nf_store_begin(p->store);

	if (e != NF_OK)
		return e;
	for (int64_t hour = from; hour < to && e == NF_OK; hour++) {
		uint64_t minutes = nf_quiet_minutes(s->quiet, hour);

		if (minutes)
			e = nf_coverage_put(
				p->store, &(struct nf_coverage){.network = network->id,
						  .sensor = NF_COVERAGE_SETTLED,
						  .hour = hour,
						  .minutes = minutes});
	}
	for (size_t i = 0; i < s->old_len && e == NF_OK; i++) {
		if (s->old[i].first < to)
			e = nf_coverage_forget(p->store, network->id, s->old[i].sensor, to);
	}
	if (e == NF_OK)
		return nf_store_commit(p->store);
	nf_store_rollback(p->store);
	return e;
}

/* A piece a pass, from the oldest on: after an update there is a year of it. */
static enum nf_err settle(
	const struct nf_pass *p, const struct nf_network *network, const struct sensors *s)
{
	int64_t from = INT64_MAX, most = SETTLE_LEAST;

	for (size_t i = 0; i < s->old_len; i++)
		from = s->old[i].first < from ? s->old[i].first : from;
	if (from == INT64_MAX)
		return NF_OK;
	if ((int64_t)(SETTLE_ROWS / s->old_len) > most)
		most = (int64_t)(SETTLE_ROWS / s->old_len);
	int64_t to = from + most < s->settle_hour ? from + most : s->settle_hour;
	return settle_hours(p, network, s, from, to);
}

enum nf_err nf_pass_quiets(struct nf_pass *p)
{
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);
	enum nf_err e = NF_OK;

	nf_json_object(&json);
	NF_EACH(const struct nf_network, n, p->site->networks)
	{
		if (n->role != NF_ROLE_LEGACY)
			continue;
		struct sensors s = sensors_of(p, n);
		p->quiets[n->index] = s.quiet;
		if (e == NF_OK)
			e = nf_coverages(p->store, n->id, 0, take_coverage, &s);
		add_answers(p, n, s.quiet);
		nf_quiet_end(s.quiet);
		if (e == NF_OK)
			e = settle(p, n, &s);
		nf_listeners_put(&json, n->id, s.listeners, s.wires_len + s.switches_len);
		free(s.listeners);
		free(s.old);
	}
	nf_json_end(&json);
	if (e == NF_OK)
		e = nf_listeners_keep(p->store, text.data);
	nf_strbuf_free(&text);
	return e;
}
