// SPDX-License-Identifier: GPL-3.0-or-later
/* What `ping`, in another program, says about a device: its changes from the events, which is cheap; who
 * was asked when from the rows, only while a problem waits for it. */
#include "checks/judge_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HOLD_INTERVALS 3
#define READ_ALL_US    (60 * NF_US_PER_S) /* should an event have been missed */

static bool is_down(enum nf_state state)
{
	return state == NF_STATE_CRITICAL || state == NF_STATE_UNREACHABLE;
}

static void set_ping(
	struct nf_judge *judge, struct nf_subject *s, enum nf_state state, const char *cause)
{
	enum nf_state before = s->ping_state;
	s->ping_state = state;
	free(s->ping_cause);
	s->ping_cause = state == NF_STATE_UNREACHABLE ? nf_xstrdup(cause) : NULL;
	const struct nf_check *own = nf_judge_check(s, judge->own_check);
	if (is_down(before) && !is_down(state) && own != NULL &&
		own->verdict.state == NF_STATE_UNREACHABLE)
		nf_judge_want_subject(judge, s);
}

static void take_row(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct nf_judge *judge = arg;
	struct nf_subject *s = nf_judge_subject_named(judge, row->network, row->device);
	if (s == NULL || s->device == NULL)
		return;
	set_ping(judge, s, row->state, row->cause);
	s->ping_soft = row->soft;
	s->ping_asked_wall_us = asked_wall_us;
}

static void take_event(const struct nf_event *event, void *arg)
{
	struct nf_judge *judge = arg;
	judge->ping_event_id = event->id;
	if (strcmp(event->check, "ping") != 0 || strcmp(event->kind, "state") != 0)
		return;
	struct nf_subject *s = nf_judge_subject_named(judge, event->network, event->device);
	if (s != NULL && s->device != NULL)
		set_ping(judge, s, event->after, event->cause);
}

static void take_last_id(const struct nf_event *event, void *arg)
{
	struct nf_judge *judge = arg;
	judge->ping_event_id = event->id;
}

static enum nf_err read_all(struct nf_judge *judge)
{
	int64_t before = judge->ping_event_id;
	judge->ping_read_mono_us = judge->now.mono_us;
	judge->ping_event_id = 0;
	/* The position first: an event between the two is then read twice, never missed. */
	enum nf_err code = nf_store_events(judge->store,
		&(struct nf_event_filter){.limit = 1, .newest_first = true}, take_last_id,
		judge);
	if (code == NF_OK)
		code = nf_store_checks_named(judge->store, "ping", take_row, judge);
	if (code != NF_OK)
		judge->ping_event_id = before;
	return code;
}

enum nf_err nf_judge_ping_read(struct nf_judge *judge, bool all)
{
	int64_t age = judge->now.mono_us - judge->ping_read_mono_us;
	if (all || age >= READ_ALL_US || (judge->pending != NULL && age >= NF_US_PER_S))
		return read_all(judge);
	return nf_store_events(judge->store,
		&(struct nf_event_filter){.after_id = judge->ping_event_id}, take_event, judge);
}

struct nf_opinion nf_judge_by_ping(struct nf_judge *judge, struct nf_check *check)
{
	const struct nf_subject *s = check->subject;
	struct nf_opinion opinion = {check->answer, NF_GATE_OPEN, false, ""};
	if (check->answer == NF_STATE_OK)
		return opinion;
	if (is_down(s->ping_state)) {
		opinion.state = NF_STATE_UNREACHABLE;
		opinion.cause = s->ping_cause != NULL ? s->ping_cause : s->device->name;
		return opinion;
	}
	int64_t began = check->verdict.soft_count > 0 ? check->verdict.soft_since_wall_us
						      : judge->now.wall_us;
	if (judge->once) /* ping's one pass runs beside this one, and may be over first */
		began = judge->started_wall_us;
	bool asked_since = s->ping_asked_wall_us > began && !is_down(s->ping_soft);
	int64_t held = check->held_mono_us != 0 ? judge->now.mono_us - check->held_mono_us : 0;
	if (!asked_since && held < HOLD_INTERVALS * judge->site->polling.ping_us)
		opinion.gate = NF_GATE_HELD;
	return opinion;
}
