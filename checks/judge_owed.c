// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/judge_parts.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/log.h"
#include "base/mem.h"
#include "checks/maintenance.h"

#define TEXT_MAX                                                                               \
	1000 /* of an output: more is of no use in a list, and a device may send 64 KiB */

static const char *network_id(const struct nf_subject *s)
{
	return s->network != NULL ? s->network->id : "";
}

static const char *device_name(const struct nf_subject *s)
{
	return s->device != NULL ? s->device->name : "";
}

void nf_judge_owe_row(struct nf_judge *judge, struct nf_check *check)
{
	check->put_mono_us = judge->now.mono_us;
	if (check->dirty)
		return;
	check->dirty = true;
	DL_APPEND2(judge->dirty, check, dirty_prev, dirty_next);
	judge->owed_rows++;
}

/* Copies a text into the room at *at, and moves on. */
static const char *keep(char **at, const char *text)
{
	char *kept = *at;
	size_t len = strnlen(text, TEXT_MAX);
	memcpy(kept, text, len);
	kept[len] = '\0';
	*at += len + 1;
	return kept;
}

static void queue_event(struct nf_judge *judge, const struct nf_event *e)
{
	size_t room = 0;
	const char *texts[] = {
		e->network, e->device, e->check, e->kind, e->output, e->cause, e->maintenance};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		room += strnlen(texts[i], TEXT_MAX) + 1;
	struct nf_owed_event *owed = nf_xmalloc(sizeof *owed + room);
	char *at = (char *)(owed + 1);
	owed->event = *e;
	owed->event.network = keep(&at, e->network);
	owed->event.device = keep(&at, e->device);
	owed->event.check = keep(&at, e->check);
	owed->event.kind = keep(&at, e->kind);
	owed->event.output = keep(&at, e->output);
	owed->event.cause = keep(&at, e->cause);
	owed->event.maintenance = keep(&at, e->maintenance);
	DL_APPEND(judge->events, owed);
	judge->owed_events++;
}

void nf_judge_owe_event(struct nf_judge *judge, const struct nf_check *check, const char *kind,
	enum nf_state before, enum nf_state after)
{
	char name[NF_MAINTENANCE_MAX];
	const struct nf_subject *s = check->subject;
	const char *window =
		nf_maintenance_at(judge->site, s->device, s->network, judge->now.wall_us, name);
	queue_event(judge, &(struct nf_event){
				   .at_wall_us = judge->now.wall_us,
				   .network = network_id(s),
				   .device = device_name(s),
				   .check = check->name,
				   .kind = kind,
				   .before = before,
				   .after = after,
				   .output = check->output,
				   .cause = check->cause,
				   .maintenance = window != NULL ? window : "",
				   .held = judge->now.mono_us < judge->open_mono_us,
			   });
}

static void queue_drop(
	struct nf_judge *judge, const char *network, const char *device, const char *check)
{
	struct nf_owed_drop *drop = nf_xcalloc(1, sizeof *drop);
	drop->network = nf_xstrdup(network);
	drop->device = nf_xstrdup(device);
	drop->check = nf_xstrdup(check);
	DL_APPEND(judge->drops, drop);
	judge->owed_drops++;
}

static bool is_problem(enum nf_state state)
{
	return state != NF_STATE_OK && state != NF_STATE_UNKNOWN;
}

void nf_judge_owe_end(struct nf_judge *judge, struct nf_check *check, bool always)
{
	if (check->verdict.judged && (always || is_problem(check->verdict.state)))
		nf_judge_owe_event(
			judge, check, "removed", check->verdict.state, NF_STATE_UNKNOWN);
	queue_drop(judge, network_id(check->subject), device_name(check->subject), check->name);
}

void nf_judge_owe_end_row(struct nf_judge *judge, const struct nf_check_row *row)
{
	bool is_ping = judge->judges_reachability && strcmp(row->check, "ping") == 0;
	if (is_ping || is_problem(row->state))
		queue_event(judge, &(struct nf_event){
					   .at_wall_us = judge->now.wall_us,
					   .network = row->network,
					   .device = row->device,
					   .check = row->check,
					   .kind = "removed",
					   .before = row->state,
					   .after = NF_STATE_UNKNOWN,
					   .output = row->output,
					   .cause = row->cause,
					   .maintenance = "",
					   .held = true,
				   });
	queue_drop(judge, row->network, row->device, row->check);
}

/* Whether waiting helps; anything else is about this one row, which then must not block the rest. */
static bool is_store_trouble(enum nf_err code)
{
	return code == NF_EBUSY || code == NF_EFULL || code == NF_ECORRUPT || code == NF_ESYS ||
	       code == NF_ENOMEM || code == NF_EPERM;
}

static enum nf_err judge_result(
	const struct nf_judge *judge, enum nf_err code, const char *what)
{
	if (code == NF_OK || is_store_trouble(code))
		return code;
	nf_log_limited(what, NF_LOG_ERROR, "judge", "%s refused: %s", what,
		nf_store_error(judge->store));
	return NF_OK;
}

static uint32_t flap_history(const struct nf_check *c)
{
	uint32_t n = 0;
	for (int i = 0; i < NF_FLAP_TIMES; i++)
		if (c->verdict.flap_times_wall_us[i] != 0)
			n++;
	return (UINT32_C(1) << n) - 1;
}

static enum nf_err put_row(struct nf_judge *judge, const struct nf_check *c)
{
	const struct nf_check_row row = {
		.network = network_id(c->subject),
		.device = device_name(c->subject),
		.check = c->name,
		.program = judge->program,
		.state = c->verdict.state,
		.since_wall_us = c->verdict.since_wall_us,
		.soft = c->verdict.soft,
		.soft_count = c->verdict.soft_count,
		.soft_since_wall_us = c->verdict.soft_since_wall_us,
		.flap_history = flap_history(c),
		.flapping = c->verdict.flapping,
		.output = c->output,
		.cause = c->cause,
		.interval_us = c->interval_us,
		.looked_wall_us = c->looked_wall_us,
	};
	return judge_result(judge, nf_store_check_put(judge->store, &row), "a check's row");
}

static enum nf_err put_all(struct nf_judge *judge)
{
	enum nf_err code = NF_OK;
	struct nf_owed_drop *drop;
	DL_FOREACH (judge->drops, drop) {
		code = judge_result(judge,
			nf_store_check_drop(
				judge->store, drop->network, drop->device, drop->check),
			"a check's end");
		if (code != NF_OK)
			return code;
	}
	struct nf_owed_event *e;
	DL_FOREACH (judge->events, e) {
		int64_t id;
		code = judge_result(
			judge, nf_store_event_add(judge->store, &e->event, &id), "an event");
		if (code != NF_OK)
			return code;
	}
	struct nf_check *c;
	DL_FOREACH2(judge->dirty, c, dirty_next)
	{
		code = put_row(judge, c);
		if (code != NF_OK)
			return code;
	}
	for (size_t i = 0; i < judge->asked.len; i++) {
		const struct nf_subject *s = judge->asked.items[i];
		code = judge_result(judge,
			nf_store_asked_put(judge->store, judge->program, network_id(s),
				device_name(s), s->asked_wall_us),
			"a look's time");
		if (code != NF_OK)
			return code;
	}
	return NF_OK;
}

static void free_drops(struct nf_judge *judge)
{
	struct nf_owed_drop *drop, *next;
	DL_FOREACH_SAFE(judge->drops, drop, next)
	{
		free(drop->network);
		free(drop->device);
		free(drop->check);
		free(drop);
	}
	judge->drops = NULL;
	judge->owed_drops = 0;
}

static void free_events(struct nf_judge *judge)
{
	struct nf_owed_event *e, *next;
	DL_FOREACH_SAFE(judge->events, e, next)
	free(e);
	judge->events = NULL;
	judge->owed_events = 0;
}

static void forget_owed(struct nf_judge *judge)
{
	free_drops(judge);
	free_events(judge);
	for (struct nf_check *c = judge->dirty, *next; c != NULL; c = next) {
		next = c->dirty_next;
		c->dirty = false;
	}
	judge->dirty = NULL;
	judge->owed_rows = 0;
	for (size_t i = 0; i < judge->asked.len; i++)
		judge->asked.items[i]->asked_dirty = false;
	judge->asked.len = 0;
	judge->owed_since_mono_us = 0;
}

enum nf_err nf_judge_write(struct nf_judge *judge)
{
	if (judge->drops == NULL && judge->events == NULL && judge->dirty == NULL &&
		judge->asked.len == 0)
		return NF_OK;
	if (judge->owed_since_mono_us == 0)
		judge->owed_since_mono_us = judge->now.mono_us;
	enum nf_err code = nf_store_begin(judge->store);
	if (code != NF_OK)
		return code;
	code = put_all(judge);
	if (code == NF_OK)
		code = nf_store_commit(judge->store);
	if (code != NF_OK) {
		nf_store_rollback(judge->store);
		return code;
	}
	forget_owed(judge);
	return NF_OK;
}

void nf_judge_owed_free(struct nf_judge *judge)
{
	free_drops(judge);
	free_events(judge);
}
