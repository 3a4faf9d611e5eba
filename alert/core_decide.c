// SPDX-License-Identifier: GPL-3.0-or-later
/* What is due now: who hears of which incident, what joins into one, what is over. */
#include <stdlib.h>
#include <string.h>

#include "alert/cause.h"
#include "alert/core.h"
#include "base/mem.h"

#define RECOVERY_MAX_US (30 * NF_US_PER_S)
#define FOLLOW_FIRST_US (300 * NF_US_PER_S)
#define FOLLOW_MAX_US	(3600 * NF_US_PER_S)
#define STORM_MAX	5
#define STORM_WINDOW_US (600 * NF_US_PER_S)

int64_t nf_core_recovery_us(const struct nf_core *core)
{
	return core->settle_us < RECOVERY_MAX_US ? core->settle_us : RECOVERY_MAX_US;
}

bool nf_core_is_acknowledged(const struct nf_incident *i, int64_t now_wall_us)
{
	return i->acknowledged_wall_us > 0 && now_wall_us < i->acknowledged_until_wall_us;
}

enum nf_urgency nf_core_urgency(
	struct nf_duty *duty, const struct nf_member *m, struct nf_subject_of *subject)
{
	*subject = nf_duty_subject(duty->site, m->network, m->device);
	if (m->silenced || m->muted || m->hold_wall_us > duty->at_wall_us)
		return NF_URGENCY_NEVER;
	return nf_duty_urgency(duty, subject, m->state);
}

bool nf_core_is_implied(const struct nf_core *core, const struct nf_member *m)
{
	enum nf_state state = m->ended_wall_us != 0 ? m->worst : m->state;
	if (state != NF_STATE_UNREACHABLE || m->incident == NULL ||
		strcmp(m->check, "snmp") != 0)
		return false;
	return nf_ledger_find(core->ledger, m->incident, m->network, m->device, "ping") != NULL;
}

static void mark(struct nf_core *core, struct nf_incident *i)
{
	i->dirty = true;
	core->ledger->dirty = true;
}

/* Words. */

struct acks {
	struct nf_core *core;
	int64_t now_wall_us;
};

static void take_ack(const struct nf_word_row *row, void *arg)
{
	struct acks *a = arg;
	struct nf_ledger *l = a->core->ledger;
	if (row->id > l->word_id)
		l->word_id = row->id;
	l->dirty = true;
	if (strcmp(row->kind, "ack") != 0)
		return;
	struct nf_incident *i = nf_ledger_incident(l, row->number);
	if (i == NULL || i->phase == NF_INCIDENT_ENDED)
		return;
	i->acknowledged_wall_us = row->at_wall_us;
	i->acknowledged_until_wall_us = row->until_wall_us;
	nf_text_put(&i->acknowledged_by, row->who);
	nf_text_put(&i->acknowledged_text, row->text);
	mark(a->core, i);
}

static char *silences_text(const struct nf_words *words, int64_t now_wall_us)
{
	struct nf_strbuf b = {0};
	for (size_t i = 0; i < words->silences_len; i++)
		if (words->silences[i].from_wall_us <= now_wall_us &&
			now_wall_us < words->silences[i].until_wall_us)
			nf_strbuf_printf(&b, "%lld ", (long long)words->silences[i].id);
	return nf_strbuf_take(&b);
}

static void silence_member(struct nf_core *core, struct nf_member *m, int64_t now_wall_us)
{
	bool silenced = nf_words_silence(&core->words, m->network, m->device, m->check,
				now_wall_us) != NULL;
	if (silenced == m->silenced)
		return;
	m->silenced = silenced;
	m->dirty = core->ledger->dirty = true;
	if (silenced || m->incident == NULL)
		return;
	/* Told again, and escalation counts from here. */
	if (m->told_wall_us != 0) {
		m->incident->remind = true;
		m->incident->told_wall_us = now_wall_us;
		m->incident->dirty = true;
	}
	m->told_wall_us = 0;
}

enum nf_err nf_core_read_words(
	struct nf_core *core, struct nf_store *outbox, int64_t now_wall_us)
{
	struct acks a = {core, now_wall_us};
	int64_t after = core->ledger->word_id;
	enum nf_err rc = nf_words_read(outbox, now_wall_us, &core->words);
	/* From the first word on where none was taken yet: an id begins at 1. */
	if (rc == NF_OK)
		rc = nf_words(outbox, after > 0 ? after : -1, 0, take_ack, &a);
	return rc;
}

static void apply_silences(struct nf_core *core, int64_t now_wall_us)
{
	char *seen = silences_text(&core->words, now_wall_us);
	/* NULL: after a start every member is looked at, a silence may have ended in between. */
	bool changed = core->words_seen == NULL || strcmp(seen, core->words_seen) != 0;
	struct nf_member *m;
	/* Members that are new meet the silences that hold. */
	if (changed || *seen != '\0')
		for (m = core->ledger->bad; m != NULL; m = m->hh_bad.next)
			if (changed || (m->dirty && !m->silenced))
				silence_member(core, m, now_wall_us);
	free(core->words_seen);
	core->words_seen = seen;
}

/* One incident. */

static void clamp(int64_t *at, int64_t now_wall_us)
{
	if (*at > now_wall_us)
		*at = now_wall_us;
}

/* A wall clock that was set back must not make anything wait for the old future. */
static void clamp_incident(const struct nf_core *core, struct nf_incident *i, int64_t now)
{
	clamp(&i->told_wall_us, now);
	clamp(&i->joined_wall_us, now);
	clamp(&i->opened_wall_us, now);
	if (i->due_wall_us > now + FOLLOW_MAX_US)
		i->due_wall_us = now + core->settle_us;
}

static void judge_state(struct nf_core *core, struct nf_incident *i)
{
	enum nf_state state = NF_STATE_OK;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0)
			state = nf_state_worse(state, m->state);
	if (state != NF_STATE_OK && state != i->state) {
		i->state = state;
		mark(core, i);
	}
}

/* Whether a member is news that may be told now. */
static bool has_news(
	const struct nf_core *core, struct nf_duty *duty, const struct nf_incident *i)
{
	struct nf_subject_of subject;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0 && m->told_wall_us == 0 &&
			nf_core_urgency(duty, m, &subject) == NF_URGENCY_NOW &&
			!nf_core_is_implied(core, m))
			return true;
	return false;
}

static int64_t follow_gap(const struct nf_incident *i)
{
	int64_t gap = FOLLOW_FIRST_US;
	for (uint32_t n = 1; n < i->follow_ups && gap < FOLLOW_MAX_US; n++)
		gap *= 2;
	if (i->follow_ups == 0)
		gap = 0;
	return gap < FOLLOW_MAX_US ? gap : FOLLOW_MAX_US;
}

static int64_t last_mail(const struct nf_incident *i)
{
	int64_t last = 0;
	for (const struct nf_telling *t = i->tellings; t != NULL; t = t->next)
		if (t->last_wall_us > last)
			last = t->last_wall_us;
	return last;
}

static void end_quietly(struct nf_core *core, struct nf_incident *i, int64_t now_wall_us)
{
	nf_ledger_end(i, now_wall_us);
	mark(core, i);
}

static void decide_fine(
	struct nf_core *core, struct nf_duty *duty, struct nf_incident *i, int64_t now)
{
	if (i->tellings == NULL) {
		end_quietly(core, i, now);
		return;
	}
	int64_t last = 0;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us > last)
			last = m->ended_wall_us;
	clamp(&last, now);
	i->due_wall_us = last + nf_core_recovery_us(core);
	if (now >= i->due_wall_us)
		nf_core_recover(core, duty, i);
}

static void end_acknowledgement(
	struct nf_core *core, struct nf_incident *i, int64_t now_wall_us)
{
	if (i->acknowledged_wall_us == 0 || now_wall_us < i->acknowledged_until_wall_us)
		return;
	/* Escalation counts from here. */
	if (i->told_wall_us != 0)
		i->told_wall_us = now_wall_us;
	i->acknowledged_wall_us = 0;
	nf_text_put(&i->acknowledged_by, "");
	nf_text_put(&i->acknowledged_text, "");
	i->remind = i->tellings != NULL;
	mark(core, i);
}

static void escalate(
	struct nf_core *core, struct nf_duty *duty, struct nf_incident *i, int64_t now)
{
	if (i->told_wall_us == 0 || nf_core_is_acknowledged(i, now))
		return;
	const struct nf_rota *done = NULL;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next) {
		struct nf_subject_of s;
		if (m->ended_wall_us != 0 || m->told_wall_us == 0 ||
			(m->state != NF_STATE_CRITICAL && m->state != NF_STATE_UNREACHABLE))
			continue;
		if (nf_core_urgency(duty, m, &s) != NF_URGENCY_NOW || s.rota == done)
			continue;
		done = s.rota;
		if (now - i->told_wall_us < s.rota->escalate_after_us)
			continue;
		for (size_t k = 0; k < s.rota->escalate_to.len; k++)
			if (nf_core_escalate(core, duty, i, s.rota->escalate_to.items[k]))
				i->escalated_wall_us = now;
	}
}

static void decide_bad(
	struct nf_core *core, struct nf_duty *duty, struct nf_incident *i, int64_t now)
{
	if (i->remind) {
		nf_core_tell(core, duty, i);
	} else if (has_news(core, duty, i)) {
		if (i->tellings != NULL && i->due_wall_us <= last_mail(i)) {
			int64_t settle = now + core->settle_us;
			int64_t gap = last_mail(i) + follow_gap(i);
			i->due_wall_us = settle > gap ? settle : gap;
			mark(core, i);
		}
		if (now >= i->due_wall_us)
			nf_core_tell(core, duty, i);
	}
	escalate(core, duty, i, now);
}

/* Storms. */

struct storm {
	const char *network; /* of an incident */
	size_t due, recent;
	UT_hash_handle hh;
};

static struct storm *storm_of(struct storm **storms, const char *network)
{
	struct storm *s = NULL;
	HASH_FIND_STR(*storms, network, s);
	if (s == NULL) {
		s = nf_xcalloc(1, sizeof *s);
		s->network = network;
		HASH_ADD_KEYPTR(hh, *storms, s->network, strlen(s->network), s);
	}
	return s;
}

static bool is_due(const struct nf_core *core, struct nf_duty *duty,
	const struct nf_incident *i, int64_t now)
{
	return i->phase == NF_INCIDENT_SETTLING && i->bad > 0 && now >= i->due_wall_us &&
	       has_news(core, duty, i);
}

/* Has what hangs together by itself: a dead device with others behind it. */
static bool is_tree(const struct nf_incident *i)
{
	return i->members != NULL && i->members->next != NULL &&
	       (strncmp(i->cause, "device/", 7) == 0 || strncmp(i->cause, "uplink/", 7) == 0);
}

static void merge(struct nf_core *core, struct nf_incident *from, struct nf_incident *into,
	int64_t now_wall_us)
{
	struct nf_member *m, *next;
	for (m = from->members; m != NULL; m = next) {
		next = m->next;
		if (m->ended_wall_us == 0)
			nf_ledger_move(core->ledger, m, into);
	}
	if (from->opened_wall_us < into->opened_wall_us)
		into->opened_wall_us = from->opened_wall_us;
	from->merged_into = into->number;
	end_quietly(core, from, now_wall_us);
}

static struct nf_incident *storm_incident(
	struct nf_core *core, const char *network, int64_t now_wall_us)
{
	struct nf_cause cause;
	nf_cause_storm(&cause, core->site, network);
	struct nf_incident *i = nf_ledger_of_cause(core->ledger, cause.key.data);
	if (i == NULL) {
		i = nf_ledger_open(
			core->ledger, cause.key.data, cause.title.data, network, now_wall_us);
		i->due_wall_us = now_wall_us;
		i->state = NF_STATE_OK;
	}
	nf_cause_free(&cause);
	i->joined_wall_us = now_wall_us;
	mark(core, i);
	return i;
}

static void count_storms(struct nf_core *core, struct nf_duty *duty, struct storm **storms,
	size_t *trees, int64_t now)
{
	struct nf_incident *i, *next;
	HASH_ITER (hh, core->ledger->incidents, i, next) {
		bool due = is_due(core, duty, i, now);
		bool recent =
			i->phase == NF_INCIDENT_OPEN && now - i->made_wall_us < STORM_WINDOW_US;
		if (!due && !recent)
			continue;
		struct storm *s = storm_of(storms, i->network);
		s->due += due;
		s->recent += recent;
		*trees += due && is_tree(i);
	}
}

/* More mails than a person can read are merged into one before the first of them is told. */
static void merge_storms(struct nf_core *core, struct nf_duty *duty, int64_t now)
{
	struct storm *storms = NULL, *s, *next_storm;
	size_t trees = 0;
	count_storms(core, duty, &storms, &trees, now);
	struct nf_incident *i, *next;
	HASH_ITER (hh, core->ledger->incidents, i, next) {
		if (!is_due(core, duty, i, now) || strncmp(i->cause, "storm/", 6) == 0 ||
			(trees <= STORM_MAX && is_tree(i)))
			continue;
		s = storm_of(&storms, i->network);
		if (s->due > 0 && s->due + s->recent > STORM_MAX)
			merge(core, i, storm_incident(core, i->network, now), now);
	}
	HASH_ITER (hh, storms, s, next_storm) {
		HASH_DELETE(hh, storms, s);
		free(s);
	}
}

void nf_core_decide(struct nf_core *core, int64_t now_wall_us)
{
	struct nf_duty duty;
	nf_duty_init(&duty, core->site, &core->words, now_wall_us);
	nf_core_follow_windows(core, now_wall_us);
	apply_silences(core, now_wall_us);
	struct nf_incident *i, *next;
	HASH_ITER (hh, core->ledger->incidents, i, next)
		clamp_incident(core, i, now_wall_us);
	merge_storms(core, &duty, now_wall_us);
	HASH_ITER (hh, core->ledger->incidents, i, next) {
		if (i->phase == NF_INCIDENT_ENDED)
			continue;
		judge_state(core, i);
		end_acknowledgement(core, i, now_wall_us);
		if (i->bad == 0)
			decide_fine(core, &duty, i, now_wall_us);
		else
			decide_bad(core, &duty, i, now_wall_us);
	}
	nf_duty_free(&duty);
}
