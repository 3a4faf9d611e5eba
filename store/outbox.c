// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/outbox.h"

#include <string.h>

#include "store/db.h"

#define SET_BACK_US (3600 * NF_US_PER_S)

static const char *const states[] = {
	[NF_OUTBOX_WAITING] = "waiting",
	[NF_OUTBOX_SENT] = "sent",
	[NF_OUTBOX_REFUSED] = "refused",
	[NF_OUTBOX_DROPPED] = "dropped",
};
#define STATES (sizeof states / sizeof *states)

struct outbox_call {
	nf_outbox_fn *fn;
	void *arg;
};

const char *nf_outbox_state_text(enum nf_outbox_state state)
{
	return (size_t)state < STATES ? states[state] : "waiting";
}

static enum nf_outbox_state state_of(const char *text)
{
	for (size_t i = 0; i < STATES; i++)
		if (strcmp(text, states[i]) == 0)
			return (enum nf_outbox_state)i;
	return NF_OUTBOX_WAITING;
}

enum nf_err nf_outbox_open(const char *state_dir, enum nf_store_mode mode, int busy_ms,
	struct nf_store **outbox, struct nf_error *err)
{
	return nf_db_open_file(state_dir, NF_DB_OUTBOX, mode, busy_ms, outbox, err);
}

enum nf_err nf_outbox_add(struct nf_store *outbox, const struct nf_outbox_row *row, int64_t *id)
{
	enum nf_err rc = nf_db_run(outbox, NF_SQL_OUTBOX_ADD, "itttttii", row->number,
		row->kind, row->contact, row->address, row->message_id, row->notice,
		row->made_wall_us, row->next_wall_us);
	if (rc == NF_OK && id != NULL)
		*id = sqlite3_last_insert_rowid(outbox->db);
	return rc;
}

static void each_row(sqlite3_stmt *row, void *arg)
{
	const struct outbox_call *call = arg;
	struct nf_outbox_row out = {
		.id = sqlite3_column_int64(row, 0),
		.number = sqlite3_column_int64(row, 1),
		.kind = nf_db_text(row, 2),
		.contact = nf_db_text(row, 3),
		.address = nf_db_text(row, 4),
		.message_id = nf_db_text(row, 5),
		.notice = nf_db_text(row, 6),
		.made_wall_us = sqlite3_column_int64(row, 7),
		.state = state_of(nf_db_text(row, 8)),
		.attempts = (uint32_t)sqlite3_column_int64(row, 9),
		.next_wall_us = sqlite3_column_int64(row, 10),
		.first_wall_us = sqlite3_column_int64(row, 11),
		.ended_wall_us = sqlite3_column_int64(row, 12),
		.error = nf_db_text(row, 13),
	};
	call->fn(&out, call->arg);
}

enum nf_err nf_outbox_due(
	struct nf_store *outbox, int64_t now_wall_us, size_t limit, nf_outbox_fn *fn, void *arg)
{
	struct outbox_call call = {fn, arg};
	/* Delivery waits for hours, not more: a later time is of a clock that was set back. */
	return nf_db_each(outbox, each_row, &call, NF_SQL_OUTBOX_DUE, "iii", now_wall_us,
		now_wall_us + 24 * SET_BACK_US, limit == 0 ? (int64_t)-1 : (int64_t)limit);
}

static void take_next(sqlite3_stmt *row, void *arg)
{
	int64_t *next = arg;
	if (sqlite3_column_int64(row, 1) > 0) {
		int64_t at = sqlite3_column_int64(row, 0);
		*next = at > 0 ? at : 1;
	}
}

enum nf_err nf_outbox_next(struct nf_store *outbox, int64_t *next_wall_us)
{
	int64_t next = 0;
	enum nf_err rc = nf_db_each(outbox, take_next, &next, NF_SQL_OUTBOX_NEXT, "");
	if (rc == NF_OK)
		*next_wall_us = next;
	return rc;
}

enum nf_err nf_outbox_of(struct nf_store *outbox, int64_t number, nf_outbox_fn *fn, void *arg)
{
	struct outbox_call call = {fn, arg};
	return nf_db_each(outbox, each_row, &call, NF_SQL_OUTBOX_OF, "i", number);
}

enum nf_err nf_outbox_tried(struct nf_store *outbox, int64_t id, enum nf_outbox_state state,
	int64_t now_wall_us, int64_t next_wall_us, const char *error)
{
	return nf_db_run(outbox, NF_SQL_OUTBOX_TRIED, "itiiiit", id,
		nf_outbox_state_text(state), (int64_t)(error != NULL), next_wall_us,
		now_wall_us, state == NF_OUTBOX_WAITING ? (int64_t)0 : now_wall_us, error);
}

static void add_figures(sqlite3_stmt *row, void *arg)
{
	struct nf_outbox_figures *f = arg;
	uint64_t *counts[] = {&f->waiting, &f->sent, &f->refused, &f->dropped};
	enum nf_outbox_state state = state_of(nf_db_text(row, 0));
	*counts[state] = (uint64_t)sqlite3_column_int64(row, 1);
	if (state != NF_OUTBOX_WAITING)
		return;
	f->oldest_wall_us = sqlite3_column_int64(row, 2);
	f->tried_wall_us = sqlite3_column_int64(row, 3);
}

static void add_last(sqlite3_stmt *row, void *arg)
{
	struct nf_outbox_figures *f = arg;
	f->last_sent_wall_us = sqlite3_column_int64(row, 0);
	f->last_lag_us = sqlite3_column_int64(row, 1);
}

enum nf_err nf_outbox_figures(struct nf_store *outbox, struct nf_outbox_figures *figures)
{
	struct nf_outbox_figures f = {0};
	enum nf_err rc = nf_db_each(outbox, add_figures, &f, NF_SQL_OUTBOX_FIGURES, "");
	if (rc == NF_OK)
		rc = nf_db_each(outbox, add_last, &f, NF_SQL_OUTBOX_LAST, "");
	if (rc == NF_OK)
		*figures = f;
	return rc;
}

enum nf_err nf_outbox_refused(struct nf_store *outbox, nf_outbox_fn *fn, void *arg)
{
	struct outbox_call call = {fn, arg};
	return nf_db_each(outbox, each_row, &call, NF_SQL_OUTBOX_REFUSED, "");
}

enum nf_err nf_outbox_trim(struct nf_store *outbox, int64_t before_wall_us)
{
	return nf_db_run(outbox, NF_SQL_OUTBOX_TRIM, "i", before_wall_us);
}
