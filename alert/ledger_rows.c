// SPDX-License-Identifier: GPL-3.0-or-later
/* The ledger and its rows in outbox.db. */
#include "alert/ledger_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "base/mem.h"

static void load_incident(const struct nf_incident_row *row, void *arg)
{
	struct nf_ledger *ledger = arg;
	struct nf_incident *i = nf_ledger_add_incident(ledger, row->number, row->cause);
	i->title = nf_xstrdup(row->title);
	i->network = nf_xstrdup(row->network);
	i->phase = row->phase;
	i->state = row->state;
	i->opened_wall_us = row->opened_wall_us;
	i->made_wall_us = row->made_wall_us;
	i->due_wall_us = row->due_wall_us;
	i->told_wall_us = row->told_wall_us;
	i->acknowledged_wall_us = row->acknowledged_wall_us;
	i->acknowledged_until_wall_us = row->acknowledged_until_wall_us;
	i->acknowledged_by = nf_xstrdup(row->acknowledged_by);
	i->acknowledged_text = nf_xstrdup(row->acknowledged_text);
	i->escalated_wall_us = row->escalated_wall_us;
	i->digested_wall_us = row->digested_wall_us;
	i->follow_ups = row->follow_ups;
	i->joined_wall_us = row->made_wall_us;
}

static void load_member(const struct nf_member_row *row, void *arg)
{
	struct nf_ledger *ledger = arg;
	struct nf_member *m = nf_ledger_new_member(row->network, row->device, row->check);
	m->state = row->state;
	m->worst = row->worst;
	m->since_wall_us = row->since_wall_us;
	m->ended_wall_us = row->ended_wall_us;
	m->end = (enum nf_member_end)row->end;
	m->moved_to = row->moved_to;
	m->flapping = row->flapping;
	m->muted = row->muted;
	m->muted_state = row->muted_state;
	m->muted_flapping = row->muted_flapping;
	m->silenced = row->silenced;
	m->told_wall_us = row->told_wall_us;
	m->event_id = row->event_id;
	m->hold_wall_us = row->hold_wall_us;
	nf_text_put(&m->output, row->output);
	nf_text_put(&m->cause, row->cause);
	nf_text_put(&m->maintenance, row->maintenance);
	struct nf_incident *incident = nf_ledger_incident(ledger, row->number);
	if (row->number != 0 && incident == NULL) {
		nf_ledger_free_member(m); /* of an incident that ended */
		return;
	}
	nf_ledger_join(ledger, m, incident);
	m->dirty = false;
}

static void load_telling(const struct nf_telling_row *row, void *arg)
{
	struct nf_telling *t = nf_ledger_tell(arg, row->contact);
	nf_text_put(&t->address, row->address);
	nf_text_put(&t->first_id, row->first_id);
	nf_text_put(&t->last_id, row->last_id);
	t->told_wall_us = row->told_wall_us;
	t->last_wall_us = row->last_wall_us;
	t->mails = row->mails;
	t->recovered = row->recovered;
	t->escalated = row->escalated;
	t->dirty = false;
}

static const struct {
	const char *name;
	size_t offset;
} values[] = {
	{"incident.next",	  offsetof(struct nf_ledger, next_number)	 },
	{"events.position", offsetof(struct nf_ledger, position)	},
	{"words.position",  offsetof(struct nf_ledger, word_id)	      },
	{"test.last",	      offsetof(struct nf_ledger, test_wall_us)  },
	{"digest.last",	offsetof(struct nf_ledger, digest_wall_us)},
};

static enum nf_err load_values(struct nf_ledger *ledger, struct nf_store *outbox)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char *text = NULL;
		enum nf_err rc = nf_store_value_get(outbox, values[i].name, &text);
		if (rc == NF_OK)
			*(int64_t *)(void *)((char *)ledger + values[i].offset) =
				strtoll(text, NULL, 10);
		free(text);
		if (rc != NF_OK && rc != NF_ENOENT)
			return rc;
	}
	return NF_OK;
}

static enum nf_err load_all(struct nf_ledger *ledger, struct nf_store *outbox)
{
	enum nf_err rc = load_values(ledger, outbox);
	if (rc == NF_OK)
		rc = nf_incidents(outbox, INT64_MAX, load_incident, ledger);
	if (rc == NF_OK)
		rc = nf_members(outbox, 0, load_member, ledger);
	struct nf_incident *i, *next;
	HASH_ITER (hh, ledger->incidents, i, next) {
		if (rc == NF_OK)
			rc = nf_members(outbox, i->number, load_member, ledger);
		if (rc == NF_OK)
			rc = nf_tellings(outbox, i->number, load_telling, i);
	}
	return rc;
}

enum nf_err nf_ledger_load(
	struct nf_store *outbox, struct nf_ledger **ledger, struct nf_error *err)
{
	struct nf_ledger *l = nf_xcalloc(1, sizeof *l);
	l->next_number = 1001;
	enum nf_err rc = load_all(l, outbox);
	l->generation = nf_store_generation(outbox);
	l->dirty = false;
	if (rc == NF_OK) {
		*ledger = l;
		return NF_OK;
	}
	nf_error_set(err, rc, "outbox.db: %s", nf_store_error(outbox));
	nf_ledger_free(l);
	return rc;
}

/* Saving. */

static enum nf_err save_incident(struct nf_store *outbox, const struct nf_incident *i)
{
	return nf_incident_put(
		outbox, &(struct nf_incident_row){.number = i->number,
				.cause = i->cause,
				.title = i->title,
				.network = i->network,
				.phase = i->phase,
				.state = i->state,
				.opened_wall_us = i->opened_wall_us,
				.made_wall_us = i->made_wall_us,
				.due_wall_us = i->due_wall_us,
				.told_wall_us = i->told_wall_us,
				.ended_wall_us = i->ended_wall_us,
				.acknowledged_wall_us = i->acknowledged_wall_us,
				.acknowledged_until_wall_us = i->acknowledged_until_wall_us,
				.acknowledged_by = i->acknowledged_by,
				.acknowledged_text = i->acknowledged_text,
				.escalated_wall_us = i->escalated_wall_us,
				.merged_into = i->merged_into,
				.digested_wall_us = i->digested_wall_us,
				.follow_ups = i->follow_ups});
}

static enum nf_err save_member(struct nf_store *outbox, const struct nf_member *m)
{
	return nf_member_put(outbox,
		&(struct nf_member_row){.number = m->incident != NULL ? m->incident->number : 0,
			.network = m->network,
			.device = m->device,
			.check = m->check,
			.state = m->state,
			.worst = m->worst,
			.since_wall_us = m->since_wall_us,
			.ended_wall_us = m->ended_wall_us,
			.end = (int)m->end,
			.moved_to = m->moved_to,
			.flapping = m->flapping,
			.muted = m->muted,
			.muted_state = m->muted_state,
			.muted_flapping = m->muted_flapping,
			.silenced = m->silenced,
			.told_wall_us = m->told_wall_us,
			.event_id = m->event_id,
			.hold_wall_us = m->hold_wall_us,
			.output = m->output,
			.cause = m->cause,
			.maintenance = m->maintenance});
}

static enum nf_err save_telling(
	struct nf_store *outbox, const struct nf_incident *i, const struct nf_telling *t)
{
	return nf_telling_put(outbox, &(struct nf_telling_row){.number = i->number,
					      .contact = t->contact,
					      .address = t->address,
					      .told_wall_us = t->told_wall_us,
					      .last_wall_us = t->last_wall_us,
					      .mails = t->mails,
					      .first_id = t->first_id,
					      .last_id = t->last_id,
					      .recovered = t->recovered,
					      .escalated = t->escalated});
}

static enum nf_err save_drops(const struct nf_ledger *ledger, struct nf_store *outbox)
{
	enum nf_err rc = NF_OK;
	const struct nf_member_drop *d;
	LL_FOREACH (ledger->drops, d) {
		if (rc == NF_OK)
			rc = nf_member_drop(outbox, &(struct nf_member_row){.number = d->number,
							    .network = d->network,
							    .device = d->device,
							    .check = d->check});
	}
	return rc;
}

static enum nf_err save_values(struct nf_ledger *ledger, struct nf_store *outbox)
{
	enum nf_err rc = NF_OK;
	for (size_t i = 0; i < sizeof values / sizeof *values && rc == NF_OK; i++) {
		char text[32];
		snprintf(text, sizeof text, "%lld",
			(long long)*(const int64_t *)(const void *)((const char *)ledger +
								    values[i].offset));
		rc = nf_store_value_put(outbox, values[i].name, text);
	}
	return rc;
}

static enum nf_err save_all(struct nf_ledger *ledger, struct nf_store *outbox)
{
	enum nf_err rc = save_drops(ledger, outbox);
	struct nf_incident *i, *next;
	HASH_ITER (hh, ledger->incidents, i, next) {
		if (rc == NF_OK && i->dirty)
			rc = save_incident(outbox, i);
		const struct nf_telling *t;
		LL_FOREACH (i->tellings, t)
			if (rc == NF_OK && t->dirty)
				rc = save_telling(outbox, i, t);
	}
	struct nf_member *m, *next_member;
	HASH_ITER (hh, ledger->members, m, next_member)
		if (rc == NF_OK && m->dirty)
			rc = save_member(outbox, m);
	const struct nf_owed_mail *o;
	LL_FOREACH (ledger->owed, o)
		if (rc == NF_OK)
			rc = nf_outbox_add(outbox, &o->row, NULL);
	return rc == NF_OK ? save_values(ledger, outbox) : rc;
}

static void mark_all(struct nf_ledger *ledger, bool dirty)
{
	struct nf_incident *i, *next;
	HASH_ITER (hh, ledger->incidents, i, next) {
		i->dirty = dirty;
		struct nf_telling *t;
		LL_FOREACH (i->tellings, t)
			t->dirty = dirty;
	}
	struct nf_member *m, *next_member;
	HASH_ITER (hh, ledger->members, m, next_member)
		m->dirty = dirty;
	ledger->dirty = dirty;
}

static void forget_ended(struct nf_ledger *ledger)
{
	struct nf_incident *i, *next;
	HASH_ITER (hh, ledger->incidents, i, next)
		if (i->phase == NF_INCIDENT_ENDED)
			nf_ledger_free_incident(ledger, i);
}

enum nf_err nf_ledger_save(struct nf_ledger *ledger, struct nf_store *outbox)
{
	if (!ledger->dirty)
		return NF_OK;
	enum nf_err rc = nf_store_begin(outbox);
	if (rc != NF_OK)
		return rc;
	if (nf_store_generation(outbox) != ledger->generation)
		mark_all(ledger, true);
	ledger->generation = nf_store_generation(outbox);
	rc = save_all(ledger, outbox);
	if (rc == NF_OK)
		rc = nf_store_commit(outbox);
	if (rc != NF_OK) {
		nf_store_rollback(outbox);
		return rc;
	}
	nf_ledger_free_drops(ledger);
	nf_ledger_free_owed(ledger);
	mark_all(ledger, false);
	forget_ended(ledger);
	return NF_OK;
}
