// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

#include <stdarg.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/ballast.h"
#include "store/db_err.h"

#define LONG_LOCK_US (10 * NF_US_PER_S)

static int prepare(struct nf_store *store, enum nf_sql id)
{
	if (store->statements[id] != NULL)
		return SQLITE_OK;
	return sqlite3_prepare_v3(store->db, nf_sql_text(id), -1, SQLITE_PREPARE_PERSISTENT,
		&store->statements[id], NULL);
}

static int bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	return sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

/* SQLITE_STATIC: the caller's texts outlive the call, and the bindings are cleared before it ends. */
static int bind(sqlite3_stmt *stmt, const char *types, va_list args)
{
	int rc = SQLITE_OK;
	const char *text;
	for (int at = 1; types[at - 1] != '\0' && rc == SQLITE_OK; at++) {
		switch (types[at - 1]) {
		case 'i':
			rc = sqlite3_bind_int64(stmt, at, va_arg(args, int64_t));
			break;
		case 'b': {
			const void *bytes = va_arg(args, const void *);
			rc = sqlite3_bind_blob64(
				stmt, at, bytes, va_arg(args, size_t), SQLITE_STATIC);
			break;
		}
		case 'n':
			rc = bind_text(stmt, at, va_arg(args, const char *));
			break;
		default:
			text = va_arg(args, const char *);
			rc = bind_text(stmt, at, text != NULL ? text : "");
			break;
		}
	}
	return rc;
}

static int step_all(sqlite3_stmt *stmt, nf_db_row_fn *fn, void *arg)
{
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (fn != NULL)
			fn(stmt, arg);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int attempt(struct nf_store *store, nf_db_row_fn *fn, void *arg, enum nf_sql id,
	const char *types, va_list args)
{
	int rc = prepare(store, id);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_stmt *stmt = store->statements[id];
	rc = bind(stmt, types, args);
	if (rc == SQLITE_OK)
		rc = step_all(stmt, fn, arg);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return rc;
}

/* A transaction that SQLite rolled back by itself must not go on as single statements. */
static enum nf_err before_statement(struct nf_store *store)
{
	if (!store->in_transaction)
		return store->iterating > 0 ? NF_OK : nf_db_revive(store);
	if (store->transaction_lost == NF_OK)
		return NF_OK;
	return nf_error_set(&store->error, store->transaction_lost,
		"state.db: the transaction was rolled back");
}

static enum nf_err execute(struct nf_store *store, nf_db_row_fn *fn, void *arg, enum nf_sql id,
	const char *types, va_list args)
{
	for (int try = 0;; try++) {
		va_list copy;
		va_copy(copy, args);
		int rc = attempt(store, fn, arg, id, types, copy);
		va_end(copy);
		if (rc == SQLITE_OK)
			return NF_OK;
		enum nf_err code = nf_db_error(store->db, rc, &store->error);
		if (code == NF_ECORRUPT)
			store->suspect = true;
		bool lost = store->in_transaction && sqlite3_get_autocommit(store->db) != 0;
		if (lost)
			store->transaction_lost = code;
		if (code != NF_EFULL || !nf_db_make_room(store) || lost || try > 0)
			return code;
	}
}

/* Another process that holds the lock for long is worth a warning, and an event once it has let go. */
static void watch_lock(struct nf_store *store, enum nf_err rc)
{
	int64_t now_us = nf_clock_now().mono_us;
	if (store->busy_since_mono_us == 0)
		store->busy_since_mono_us = now_us;
	int64_t waited_us = now_us - store->busy_since_mono_us;
	long long waited_s = (long long)(waited_us / NF_US_PER_S);
	if (rc == NF_EBUSY && waited_us >= LONG_LOCK_US)
		nf_log_limited("store-locked", NF_LOG_WARN, "store",
			"%s is locked by another process since %lld s", store->path, waited_s);
	if (rc == NF_EBUSY)
		return;
	store->busy_since_mono_us = 0;
	if (waited_us >= LONG_LOCK_US && store->owed == NULL)
		store->owed = nf_xasprintf(
			"state.db was locked by another process for %lld s", waited_s);
}

enum nf_err nf_db_run(struct nf_store *store, enum nf_sql id, const char *types, ...)
{
	va_list args;
	va_start(args, types);
	enum nf_err rc = before_statement(store);
	if (rc == NF_OK)
		rc = execute(store, NULL, NULL, id, types, args);
	va_end(args);
	if (!store->in_transaction && (rc == NF_EBUSY || store->busy_since_mono_us != 0))
		watch_lock(store, rc);
	if (rc == NF_OK && !store->in_transaction && id != NF_SQL_BEGIN)
		nf_db_tell(store);
	return rc;
}

enum nf_err nf_db_each(struct nf_store *store, nf_db_row_fn *fn, void *arg, enum nf_sql id,
	const char *types, ...)
{
	va_list args;
	va_start(args, types);
	enum nf_err rc = before_statement(store);
	store->iterating++;
	if (rc == NF_OK)
		rc = execute(store, fn, arg, id, types, args);
	store->iterating--;
	va_end(args);
	return rc;
}

const char *nf_db_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text != NULL ? text : "";
}

enum nf_state nf_db_state(sqlite3_stmt *row, int column)
{
	enum nf_state state = NF_STATE_UNKNOWN;
	nf_state_parse(nf_db_text(row, column), &state);
	return state;
}

enum nf_err nf_store_begin(struct nf_store *store)
{
	if (nf_ballast_needed(store->ballast_path))
		nf_db_make_room(store);
	enum nf_err rc = nf_db_run(store, NF_SQL_BEGIN, "");
	if (rc == NF_OK) {
		store->in_transaction = true;
		store->transaction_lost = NF_OK;
	}
	return rc;
}

enum nf_err nf_store_commit(struct nf_store *store)
{
	enum nf_err rc = nf_db_run(store, NF_SQL_COMMIT, "");
	if (rc != NF_OK) {
		nf_store_rollback(store);
		return rc;
	}
	store->in_transaction = false;
	nf_db_tell(store);
	return NF_OK;
}

void nf_store_rollback(struct nf_store *store)
{
	if (store->db != NULL && sqlite3_get_autocommit(store->db) == 0)
		sqlite3_exec(store->db, nf_sql_text(NF_SQL_ROLLBACK), NULL, NULL, NULL);
	store->in_transaction = false;
	store->transaction_lost = NF_OK;
}
