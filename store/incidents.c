// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/incidents.h"

#include <string.h>

#include "store/db.h"

static const char *const phases[] = {
	[NF_INCIDENT_SETTLING] = "settling",
	[NF_INCIDENT_OPEN] = "open",
	[NF_INCIDENT_ENDED] = "ended",
};
#define PHASES (sizeof phases / sizeof *phases)

const char *nf_incident_phase_text(enum nf_incident_phase phase)
{
	return (size_t)phase < PHASES ? phases[phase] : "open";
}

static enum nf_incident_phase phase_of(const char *text)
{
	for (size_t i = 0; i < PHASES; i++)
		if (strcmp(text, phases[i]) == 0)
			return (enum nf_incident_phase)i;
	return NF_INCIDENT_OPEN;
}

struct incident_call {
	nf_incident_fn *fn;
	void *arg;
};

static void each_incident(sqlite3_stmt *row, void *arg)
{
	const struct incident_call *call = arg;
	struct nf_incident_row i = {
		.number = sqlite3_column_int64(row, 0),
		.cause = nf_db_text(row, 1),
		.title = nf_db_text(row, 2),
		.network = nf_db_text(row, 3),
		.phase = phase_of(nf_db_text(row, 4)),
		.state = nf_db_state(row, 5),
		.opened_wall_us = sqlite3_column_int64(row, 6),
		.made_wall_us = sqlite3_column_int64(row, 7),
		.due_wall_us = sqlite3_column_int64(row, 8),
		.told_wall_us = sqlite3_column_int64(row, 9),
		.ended_wall_us = sqlite3_column_int64(row, 10),
		.acknowledged_wall_us = sqlite3_column_int64(row, 11),
		.acknowledged_until_wall_us = sqlite3_column_int64(row, 12),
		.acknowledged_by = nf_db_text(row, 13),
		.acknowledged_text = nf_db_text(row, 14),
		.escalated_wall_us = sqlite3_column_int64(row, 15),
		.merged_into = sqlite3_column_int64(row, 16),
		.digested_wall_us = sqlite3_column_int64(row, 17),
		.follow_ups = (uint32_t)sqlite3_column_int64(row, 18),
	};
	call->fn(&i, call->arg);
}

enum nf_err nf_incident_put(struct nf_store *outbox, const struct nf_incident_row *i)
{
	return nf_db_run(outbox, NF_SQL_INCIDENT_PUT, "itttttiiiiiiittiiii", i->number,
		i->cause, i->title, i->network, nf_incident_phase_text(i->phase),
		nf_state_text(i->state), i->opened_wall_us, i->made_wall_us, i->due_wall_us,
		i->told_wall_us, i->ended_wall_us, i->acknowledged_wall_us,
		i->acknowledged_until_wall_us, i->acknowledged_by, i->acknowledged_text,
		i->escalated_wall_us, i->merged_into, i->digested_wall_us,
		(int64_t)i->follow_ups);
}

enum nf_err nf_incidents(
	struct nf_store *outbox, int64_t since_wall_us, nf_incident_fn *fn, void *arg)
{
	struct incident_call call = {fn, arg};
	return nf_db_each(outbox, each_incident, &call, NF_SQL_INCIDENTS, "i", since_wall_us);
}

struct member_call {
	nf_member_fn *fn;
	void *arg;
};

static void each_member(sqlite3_stmt *row, void *arg)
{
	const struct member_call *call = arg;
	struct nf_member_row m = {
		.number = sqlite3_column_int64(row, 0),
		.network = nf_db_text(row, 1),
		.device = nf_db_text(row, 2),
		.check = nf_db_text(row, 3),
		.state = nf_db_state(row, 4),
		.worst = nf_db_state(row, 5),
		.since_wall_us = sqlite3_column_int64(row, 6),
		.ended_wall_us = sqlite3_column_int64(row, 7),
		.end = sqlite3_column_int(row, 8),
		.moved_to = sqlite3_column_int64(row, 9),
		.flapping = sqlite3_column_int(row, 10) != 0,
		.muted = sqlite3_column_int(row, 11) != 0,
		.silenced = sqlite3_column_int(row, 12) != 0,
		.told_wall_us = sqlite3_column_int64(row, 13),
		.event_id = sqlite3_column_int64(row, 14),
		.hold_wall_us = sqlite3_column_int64(row, 15),
		.output = nf_db_text(row, 16),
		.cause = nf_db_text(row, 17),
		.maintenance = nf_db_text(row, 18),
		.muted_state = nf_db_state(row, 19),
		.muted_flapping = sqlite3_column_int(row, 20) != 0,
	};
	call->fn(&m, call->arg);
}

enum nf_err nf_member_put(struct nf_store *outbox, const struct nf_member_row *m)
{
	return nf_db_run(outbox, NF_SQL_MEMBER_PUT, "itttttiiiiiiiiiitttti", m->number,
		m->network, m->device, m->check, nf_state_text(m->state),
		nf_state_text(m->worst), m->since_wall_us, m->ended_wall_us, (int64_t)m->end,
		m->moved_to, (int64_t)m->flapping, (int64_t)m->muted, (int64_t)m->silenced,
		m->told_wall_us, m->event_id, m->hold_wall_us, m->output, m->cause,
		m->maintenance, nf_state_text(m->muted_state), (int64_t)m->muted_flapping);
}

enum nf_err nf_member_drop(struct nf_store *outbox, const struct nf_member_row *m)
{
	return nf_db_run(
		outbox, NF_SQL_MEMBER_DROP, "ittt", m->number, m->network, m->device, m->check);
}

enum nf_err nf_members(struct nf_store *outbox, int64_t number, nf_member_fn *fn, void *arg)
{
	struct member_call call = {fn, arg};
	if (number < 0)
		return nf_db_each(outbox, each_member, &call, NF_SQL_MEMBERS_BAD, "");
	return nf_db_each(outbox, each_member, &call, NF_SQL_MEMBERS, "i", number);
}

struct telling_call {
	nf_telling_fn *fn;
	void *arg;
};

static void each_telling(sqlite3_stmt *row, void *arg)
{
	const struct telling_call *call = arg;
	struct nf_telling_row t = {
		.number = sqlite3_column_int64(row, 0),
		.contact = nf_db_text(row, 1),
		.address = nf_db_text(row, 2),
		.told_wall_us = sqlite3_column_int64(row, 3),
		.last_wall_us = sqlite3_column_int64(row, 4),
		.mails = (uint32_t)sqlite3_column_int64(row, 5),
		.first_id = nf_db_text(row, 6),
		.last_id = nf_db_text(row, 7),
		.recovered = sqlite3_column_int(row, 8) != 0,
		.escalated = sqlite3_column_int(row, 9) != 0,
	};
	call->fn(&t, call->arg);
}

enum nf_err nf_telling_put(struct nf_store *outbox, const struct nf_telling_row *t)
{
	return nf_db_run(outbox, NF_SQL_TELLING_PUT, "ittiiittii", t->number, t->contact,
		t->address, t->told_wall_us, t->last_wall_us, (int64_t)t->mails, t->first_id,
		t->last_id, (int64_t)t->recovered, (int64_t)t->escalated);
}

enum nf_err nf_tellings(struct nf_store *outbox, int64_t number, nf_telling_fn *fn, void *arg)
{
	struct telling_call call = {fn, arg};
	return nf_db_each(outbox, each_telling, &call, NF_SQL_TELLINGS, "i", number);
}

struct word_call {
	nf_word_fn *fn;
	void *arg;
};

static void each_word(sqlite3_stmt *row, void *arg)
{
	const struct word_call *call = arg;
	struct nf_word_row w = {
		.id = sqlite3_column_int64(row, 0),
		.kind = nf_db_text(row, 1),
		.at_wall_us = sqlite3_column_int64(row, 2),
		.from_wall_us = sqlite3_column_int64(row, 3),
		.until_wall_us = sqlite3_column_int64(row, 4),
		.number = sqlite3_column_int64(row, 5),
		.scope = nf_db_text(row, 6),
		.who = nf_db_text(row, 7),
		.text = nf_db_text(row, 8),
	};
	call->fn(&w, call->arg);
}

enum nf_err nf_word_add(struct nf_store *outbox, const struct nf_word_row *w, int64_t *id)
{
	enum nf_err rc = nf_db_run(outbox, NF_SQL_WORD_ADD, "tiiiittt", w->kind, w->at_wall_us,
		w->from_wall_us, w->until_wall_us, w->number, w->scope, w->who, w->text);
	if (rc == NF_OK && id != NULL)
		*id = sqlite3_last_insert_rowid(outbox->db);
	return rc;
}

enum nf_err nf_words(struct nf_store *outbox, int64_t after_id, int64_t at_wall_us,
	nf_word_fn *fn, void *arg)
{
	struct word_call call = {fn, arg};
	if (after_id > 0)
		return nf_db_each(outbox, each_word, &call, NF_SQL_WORDS, "i", after_id);
	return nf_db_each(outbox, each_word, &call, NF_SQL_WORDS_AT, "i", at_wall_us);
}

struct instant {
	bool is_there;
	int64_t wall_us;
};

static void take_instant(sqlite3_stmt *row, void *arg)
{
	*(struct instant *)arg = (struct instant){true, sqlite3_column_int64(row, 0)};
}

enum nf_err nf_incident_ended(struct nf_store *outbox, int64_t number, int64_t *ended_wall_us)
{
	struct instant at = {0};
	enum nf_err rc =
		nf_db_each(outbox, take_instant, &at, NF_SQL_INCIDENT_ENDED, "i", number);
	if (rc == NF_OK && !at.is_there)
		return NF_ENOENT;
	if (rc == NF_OK)
		*ended_wall_us = at.wall_us;
	return rc;
}

enum nf_err nf_incident_first(struct nf_store *outbox, int64_t *opened_wall_us)
{
	struct instant at = {0};
	enum nf_err rc = nf_db_each(outbox, take_instant, &at, NF_SQL_INCIDENT_FIRST, "");
	if (rc == NF_OK)
		*opened_wall_us = at.wall_us;
	return rc;
}

enum nf_err nf_incidents_trim(struct nf_store *outbox, int64_t before_wall_us)
{
	static const enum nf_sql steps[] = {NF_SQL_INCIDENT_TRIM, NF_SQL_WORD_TRIM,
		NF_SQL_MEMBER_TRIM, NF_SQL_TELLING_TRIM};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		bool dated = i < 2;
		enum nf_err rc = dated ? nf_db_run(outbox, steps[i], "i", before_wall_us)
				       : nf_db_run(outbox, steps[i], "");
		if (rc != NF_OK)
			return rc;
	}
	return NF_OK;
}
