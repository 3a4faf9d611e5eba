// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "checks/cutover/listeners.h"
#include "checks/cutover/recompute_own.h"

#define COVER_DAYS 92 /* coverage read besides three times the longest quiet time */

/* Every wire of a network that is listened to, and every switch that is asked: "wire:span10", "snmp:sw-1". */
struct sensors {
	const char **wires, **switches;
	size_t wires_len, switches_len;
	struct nf_listener *listeners; /* of both, in that order */
	struct nf_quiet *quiet;
	int64_t now_us;
};

static struct sensors sensors_of(struct nf_pass *p, const struct nf_network *network)
{
	size_t devices = p->site->devices.len;
	struct sensors s = {
		.wires = nf_arena_alloc(p->arena, (network->wire.len + 1) * sizeof *s.wires),
		.switches = nf_arena_alloc(p->arena, (devices + 1) * sizeof *s.switches),
		.now_us = p->now_us};

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

static void take_coverage(const struct nf_coverage *c, void *arg)
{
	struct sensors *s = arg;

	nf_quiet_add(s->quiet, c);
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

enum nf_err nf_pass_quiets(struct nf_pass *p)
{
	int64_t quiet_us = p->site->cutover.quiet_us;
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);
	enum nf_err e = NF_OK;

	NF_EACH(const struct nf_quiet_kind, k, p->site->cutover.quiet_kinds)
	{
		if (k->quiet_us > quiet_us)
			quiet_us = k->quiet_us;
	}
	int64_t since = (p->now_us - 3 * quiet_us) / NF_HOUR_US - COVER_DAYS * 24;
	nf_json_object(&json);
	NF_EACH(const struct nf_network, n, p->site->networks)
	{
		if (n->role != NF_ROLE_LEGACY)
			continue;
		struct sensors s = sensors_of(p, n);
		p->quiets[n->index] = s.quiet;
		if (e == NF_OK)
			e = nf_coverages(p->store, n->id, since, take_coverage, &s);
		add_answers(p, n, s.quiet);
		nf_quiet_end(s.quiet);
		nf_listeners_put(&json, n->id, s.listeners, s.wires_len + s.switches_len);
		free(s.listeners);
	}
	nf_json_end(&json);
	if (e == NF_OK)
		e = nf_listeners_keep(p->store, text.data);
	nf_strbuf_free(&text);
	return e;
}
