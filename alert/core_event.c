// SPDX-License-Identifier: GPL-3.0-or-later
/* What happened, put into the ledger: which incident a trouble belongs to, and when it is over. */
#include <stdlib.h>
#include <string.h>

#include "alert/cause.h"
#include "alert/core.h"
#include "base/mem.h"
#include "checks/maintenance.h"

#define JOIN_US                                                                                \
	(600 * NF_US_PER_S)	   /* checks of one device that fail so close belong together */
#define HOLD_US (60 * NF_US_PER_S) /* said before the first cycle after a start */
#define ONE_SHOT_US                                                                            \
	(86400 * NF_US_PER_S) /* a finding that no check stands behind is over by itself */
#define MISSING_MAX 2

static bool is_problem(enum nf_state state)
{
	return state != NF_STATE_OK;
}

void nf_core_touch(struct nf_core *core, struct nf_member *m)
{
	m->dirty = true;
	core->ledger->dirty = true;
	if (m->incident != NULL)
		m->incident->dirty = true;
}

void nf_core_init(struct nf_core *core, const struct nf_site *site, struct nf_ledger *ledger)
{
	*core = (struct nf_core){
		.site = site, .ledger = ledger, .settle_us = site->alerting.settle_us};
}

void nf_core_free(struct nf_core *core)
{
	nf_words_free(&core->words);
	free(core->words_seen);
	core->words_seen = NULL;
}

static struct nf_incident *joinable(
	const struct nf_core *core, const struct nf_cause *cause, int64_t now_wall_us)
{
	struct nf_incident *i = nf_ledger_of_cause(core->ledger, cause->key.data);
	/* One that is about to end is joined, however old: it did not end, then. */
	bool late = i != NULL && !cause->structural && i->bad > 0 &&
		    now_wall_us - i->joined_wall_us > JOIN_US;
	return late ? NULL : i;
}

static struct nf_incident *incident_for(struct nf_core *core, const struct nf_cause *cause,
	const struct nf_member *m, int64_t now_wall_us)
{
	struct nf_incident *i = joinable(core, cause, now_wall_us);
	if (i == NULL) {
		i = nf_ledger_open(core->ledger, cause->key.data, cause->title.data,
			cause->network, now_wall_us);
		i->opened_wall_us = m->since_wall_us;
		i->state = NF_STATE_OK;
		i->due_wall_us = now_wall_us + core->settle_us;
	}
	i->joined_wall_us = now_wall_us;
	i->dirty = true;
	return i;
}

static void cause_of(const struct nf_core *core, const struct nf_member *m,
	struct nf_cause *cause, int64_t at_wall_us)
{
	nf_cause_of(cause, core->site, m->network, m->device, m->check, m->state, m->cause,
		at_wall_us);
}

void nf_core_assign(struct nf_core *core, struct nf_member *m, int64_t now_wall_us)
{
	struct nf_cause cause;
	cause_of(core, m, &cause, now_wall_us);
	struct nf_incident *i = incident_for(core, &cause, m, now_wall_us);
	nf_cause_free(&cause);
	m->muted = false;
	nf_text_put(&m->maintenance, "");
	nf_ledger_move(core->ledger, m, i);
	nf_core_touch(core, m);
}

/* Whether the thing the incident is named for is still bad. */
static bool root_is_bad(const struct nf_incident *i)
{
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0 && m->state != NF_STATE_UNREACHABLE)
			return true;
	return false;
}

/* Named for the device itself, of which it has a member. */
static bool is_own(const struct nf_incident *i, const char *device)
{
	return strncmp(i->cause, "checks/", 7) == 0 ||
	       (strncmp(i->cause, "device/", 7) == 0 && strcmp(i->cause + 7, device) == 0);
}

/* A member that is bad for another cause than before. It stays where it was told while that is still
 * true: a recovery must not claim that it is fine. */
static void reconsider(struct nf_core *core, struct nf_member *m, int64_t now_wall_us)
{
	struct nf_incident *old = m->incident;
	if (old == NULL || strncmp(old->cause, "storm/", 6) == 0 ||
		strncmp(old->cause, "wave/", 5) == 0)
		return;
	struct nf_cause cause;
	cause_of(core, m, &cause, now_wall_us);
	bool other = strcmp(old->cause, cause.key.data) != 0;
	bool free_to_go = old->phase == NF_INCIDENT_SETTLING;
	bool own_now = m->state != NF_STATE_UNREACHABLE && m->worst == NF_STATE_UNREACHABLE;
	/* What was told as its own trouble stays its own. */
	bool stays = is_own(old, m->device);
	bool leaves = other && (free_to_go || (!stays && (own_now || !root_is_bad(old))));
	if (leaves) {
		struct nf_incident *new = incident_for(core, &cause, m, now_wall_us);
		if (free_to_go) {
			nf_ledger_move(core->ledger, m, new);
		} else {
			struct nf_member was = *m;
			nf_ledger_end_member(core->ledger, m, NF_MEMBER_MOVED, now_wall_us);
			m->moved_to = new->number;
			struct nf_member *n = nf_ledger_member(
				core->ledger, new, was.network, was.device, was.check);
			n->state = n->worst = was.state;
			n->since_wall_us = was.since_wall_us;
			n->flapping = was.flapping;
			n->event_id = was.event_id;
			n->hold_wall_us = was.hold_wall_us;
			n->told_wall_us = 0;
			n->muted = was.muted;
			n->muted_state = was.muted_state;
			n->muted_flapping = was.muted_flapping;
			nf_text_put(&n->maintenance, was.maintenance);
			nf_text_put(&n->output, was.output);
			nf_text_put(&n->cause, was.cause);
			nf_core_touch(core, n);
		}
	}
	nf_cause_free(&cause);
}

static bool is_inside(const struct nf_event *e)
{
	return *e->maintenance != '\0' && strcmp(e->kind, "unmuted") != 0;
}

static bool holds(
	const struct nf_core *core, const struct nf_incident *i, const struct nf_event *e)
{
	const struct nf_member *m =
		nf_ledger_find(core->ledger, i, e->network, e->device, e->check);
	return m != NULL && m->end != NF_MEMBER_MOVED;
}

/* What this check was told in before, while it is not over: its recovery must not leave now. */
static struct nf_incident *unfinished(const struct nf_core *core, const struct nf_cause *cause,
	const struct nf_event *e, int64_t now_wall_us)
{
	struct nf_incident *own = joinable(core, cause, now_wall_us), *i, *next;
	if (own != NULL && holds(core, own, e))
		return own;
	HASH_ITER (hh, core->ledger->incidents, i, next)
		if (i->phase == NF_INCIDENT_OPEN && i->bad == 0 && is_own(i, e->device) &&
			holds(core, i, e))
			return i;
	return NULL;
}

/* Inside a window it is none, or the one that it was in. */
static struct nf_incident *incident_of_event(
	struct nf_core *core, const struct nf_event *e, int64_t now_wall_us)
{
	struct nf_cause cause;
	enum nf_state state = e->after == NF_STATE_OK ? NF_STATE_WARNING : e->after;
	const struct nf_member probe = {.since_wall_us = e->at_wall_us};
	nf_cause_of(&cause, core->site, e->network, e->device, e->check, state, e->cause,
		now_wall_us);
	struct nf_incident *i = is_inside(e) ? unfinished(core, &cause, e, now_wall_us)
					     : incident_for(core, &cause, &probe, now_wall_us);
	nf_cause_free(&cause);
	return i;
}

static struct nf_member *make_member(
	struct nf_core *core, const struct nf_event *e, int64_t now_wall_us)
{
	struct nf_incident *i = incident_of_event(core, e, now_wall_us);
	struct nf_member *m =
		nf_ledger_member(core->ledger, i, e->network, e->device, e->check);
	if (is_inside(e))
		nf_core_mute(core, m, e->maintenance);
	m->since_wall_us = e->at_wall_us;
	m->worst = NF_STATE_OK;
	m->state = NF_STATE_OK;
	m->hold_wall_us = e->held ? now_wall_us + HOLD_US : 0;
	return m;
}

static void trouble(struct nf_core *core, const struct nf_event *e, int64_t now_wall_us)
{
	struct nf_member *m = nf_ledger_bad(core->ledger, e->network, e->device, e->check);
	bool is_new = m == NULL;
	if (is_new)
		m = make_member(core, e, now_wall_us);
	else if (is_inside(e))
		nf_core_mute(core, m, e->maintenance);
	enum nf_state before = m->state;
	if (e->after != NF_STATE_OK)
		m->state = e->after;
	else if (is_new)
		m->state = NF_STATE_WARNING;
	nf_text_put(&m->output, e->output);
	nf_text_put(&m->cause, e->cause);
	m->event_id = e->id;
	bool flaps = strcmp(e->kind, "flapping") == 0;
	m->flapping |= flaps;
	if (!is_new && !m->muted && (flaps || nf_core_is_worse(before, m->state)))
		m->told_wall_us = 0; /* worse than what was told */
	nf_core_touch(core, m);
	if (!is_new && before != m->state)
		reconsider(core, m, now_wall_us);
	m = nf_ledger_bad(core->ledger, e->network, e->device, e->check);
	if (m != NULL)
		m->worst =
			m->worst == NF_STATE_OK ? m->state : nf_state_worse(m->worst, m->state);
}

static void over(struct nf_core *core, struct nf_member *m, enum nf_member_end end,
	int64_t at_wall_us, int64_t now_wall_us)
{
	int64_t at = at_wall_us > m->since_wall_us && at_wall_us <= now_wall_us ? at_wall_us
										: now_wall_us;
	nf_ledger_end_member(core->ledger, m, end, at);
}

void nf_core_event(struct nf_core *core, const struct nf_event *e, int64_t now_wall_us)
{
	struct nf_ledger *l = core->ledger;
	struct nf_member *m = nf_ledger_bad(l, e->network, e->device, e->check);
	if (e->id > l->position)
		l->position = e->id;
	l->dirty = true;
	if (strcmp(e->kind, "reload") == 0 || strcmp(e->kind, "stage") == 0)
		return; /* a move is no trouble of those on call; its team hears of it */
	if (strcmp(e->kind, "removed") == 0) {
		if (m != NULL)
			over(core, m, NF_MEMBER_REMOVED, e->at_wall_us, now_wall_us);
		return;
	}
	if (strcmp(e->kind, "unmuted") == 0 && m != NULL && m->incident == NULL) {
		nf_core_assign(core, m, now_wall_us);
		return;
	}
	bool flapping = strcmp(e->kind, "flapping") == 0;
	if (flapping || is_problem(e->after)) {
		if (m != NULL && strcmp(e->kind, "steady") == 0)
			m->flapping = false;
		trouble(core, e, now_wall_us);
		return;
	}
	if (m == NULL)
		return;
	if (strcmp(e->kind, "steady") == 0)
		m->flapping = false;
	if (!m->flapping)
		over(core, m, NF_MEMBER_FINE, e->at_wall_us, now_wall_us);
	else
		nf_core_touch(core, m);
}

/* What state.db says against what the ledger believes. */

void nf_core_compare(struct nf_core *core, const struct nf_check_row *row, int64_t now_wall_us)
{
	struct nf_member *m =
		nf_ledger_bad(core->ledger, row->network, row->device, row->check);
	if (m != NULL)
		m->missing = 0;
	bool bad = row->state == NF_STATE_WARNING || row->state == NF_STATE_CRITICAL ||
		   row->state == NF_STATE_UNREACHABLE;
	bool fine = row->state == NF_STATE_OK && !row->flapping;
	if (m != NULL && fine) {
		over(core, m, NF_MEMBER_FINE, row->since_wall_us, now_wall_us);
	} else if (m == NULL && bad) {
		const struct nf_device *d =
			*row->device != '\0' ? nf_site_device(core->site, row->device) : NULL;
		const struct nf_network *n = *row->network != '\0'
						     ? nf_site_network(core->site, row->network)
						     : NULL;
		/* Rows of things that were removed wait for their program to drop them. */
		if ((*row->device != '\0' && d == NULL) || (*row->network != '\0' && n == NULL))
			return;
		char name[NF_MAINTENANCE_MAX];
		const char *window = nf_maintenance_at(core->site, d, n, now_wall_us, name);
		trouble(core,
			&(struct nf_event){.at_wall_us = row->since_wall_us,
				.network = row->network,
				.device = row->device,
				.check = row->check,
				.kind = row->flapping ? "flapping" : "state",
				.after = row->state,
				.output = row->output,
				.cause = row->cause,
				.maintenance = window != NULL ? window : "",
				/* A row may be older than a long sleep: its program looks first. */
				.held = core->settle_us > 0},
			now_wall_us);
	} else if (m != NULL && bad && m->state != row->state) {
		trouble(core,
			&(struct nf_event){.network = row->network,
				.id = m->event_id,
				.device = row->device,
				.check = row->check,
				.kind = "state",
				.after = row->state,
				.output = row->output,
				.cause = row->cause,
				.maintenance = ""},
			now_wall_us);
	}
	m = nf_ledger_bad(core->ledger, row->network, row->device, row->check);
	if (m != NULL)
		m->missing = 0;
}

void nf_core_compared(struct nf_core *core, int64_t now_wall_us)
{
	struct nf_member *m, *next;
	for (m = core->ledger->bad; m != NULL; m = next) {
		next = m->hh_bad.next;
		int64_t age = now_wall_us - m->since_wall_us;
		if (m->missing++ < MISSING_MAX || age < ONE_SHOT_US)
			continue;
		over(core, m, NF_MEMBER_FINE, now_wall_us, now_wall_us);
	}
}

void nf_core_reload(struct nf_core *core, const struct nf_site *site, int64_t now_wall_us)
{
	core->site = site;
	core->settle_us = site->alerting.settle_us;
	struct nf_member *m, *next;
	for (m = core->ledger->bad; m != NULL; m = next) {
		next = m->hh_bad.next;
		bool gone = (*m->device != '\0' && nf_site_device(site, m->device) == NULL) ||
			    (*m->network != '\0' && nf_site_network(site, m->network) == NULL);
		if (gone)
			over(core, m, NF_MEMBER_REMOVED, now_wall_us, now_wall_us);
	}
}
