// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/backups.h"

#include <string.h>

#include "store/db.h"

struct call {
	nf_backup_look_fn *fn;
	void *arg;
};

static void each_look(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_backup_look look = {
		.id = sqlite3_column_int64(row, 0),
		.job = nf_db_text(row, 1),
		.device = nf_db_text(row, 2),
		.verdict = nf_db_text(row, 3),
		.since_wall_us = sqlite3_column_int64(row, 4),
		.at_wall_us = sqlite3_column_int64(row, 5),
		.run_wall_us = sqlite3_column_int64(row, 6),
		.duration_us = sqlite3_column_int64(row, 7),
		.reason = nf_db_text(row, 8),
		.path = nf_db_text(row, 9),
		.size = sqlite3_column_int64(row, 10),
		.mtime_wall_us = sqlite3_column_int64(row, 11),
		.hash = nf_db_text(row, 12),
		.proofs = nf_db_text(row, 13),
	};
	call->fn(&look, call->arg);
}

static enum nf_err put(struct nf_store *store, enum nf_sql id, const struct nf_backup_look *l)
{
	return nf_db_run(store, id, "tttiiiittiitt", l->job, l->device, l->verdict,
		l->at_wall_us, l->run_wall_us, l->duration_us, l->at_wall_us, l->reason,
		l->path, l->size, l->mtime_wall_us, l->hash, l->proofs);
}

enum nf_err nf_backup_look_add(struct nf_store *store, const struct nf_backup_look *look)
{
	enum nf_err e = nf_store_begin(store);

	if (e != NF_OK)
		return e;
	e = put(store, NF_SQL_LOOK_ADD, look);
	if (e == NF_OK)
		e = put(store, NF_SQL_BACKUP_PUT, look);
	if (e == NF_OK)
		e = nf_store_commit(store);
	if (e != NF_OK)
		nf_store_rollback(store);
	return e;
}

enum nf_err nf_backup_jobs(struct nf_store *store, nf_backup_look_fn *fn, void *arg)
{
	struct call call = {fn, arg};
	return nf_db_each(store, each_look, &call, NF_SQL_BACKUPS, "");
}

enum nf_err nf_backup_looks(struct nf_store *store, const char *job, int64_t after_id,
	nf_backup_look_fn *fn, void *arg)
{
	struct call call = {fn, arg};
	return nf_db_each(store, each_look, &call, NF_SQL_LOOKS, "ni", job, after_id);
}

enum nf_err nf_backup_looks_since(struct nf_store *store, int64_t since_wall_us,
	int64_t after_id, nf_backup_look_fn *fn, void *arg)
{
	struct call call = {fn, arg};
	return nf_db_each(
		store, each_look, &call, NF_SQL_LOOKS_SINCE, "ii", since_wall_us, after_id);
}

enum nf_err nf_backup_looks_newest(
	struct nf_store *store, const char *job, size_t limit, nf_backup_look_fn *fn, void *arg)
{
	struct call call = {fn, arg};
	return nf_db_each(
		store, each_look, &call, NF_SQL_LOOKS_NEWEST, "ti", job, (int64_t)limit);
}

enum nf_err nf_backup_proved(
	struct nf_store *store, const char *job, nf_backup_look_fn *fn, void *arg)
{
	struct call call = {fn, arg};
	return nf_db_each(store, each_look, &call, NF_SQL_LOOKS_PROVED, "t", job);
}

enum nf_err nf_backup_job_drop(struct nf_store *store, const char *job)
{
	return nf_db_run(store, NF_SQL_BACKUP_DROP, "t", job);
}

enum nf_err nf_backup_looks_trim(struct nf_store *store, int64_t before_wall_us)
{
	return nf_db_run(store, NF_SQL_LOOK_TRIM, "i", before_wall_us);
}

struct drill_call {
	nf_drill_fn *fn;
	void *arg;
};

static void each_drill(sqlite3_stmt *row, void *arg)
{
	const struct drill_call *call = arg;
	struct nf_drill drill = {
		.job = nf_db_text(row, 0),
		.at_wall_us = sqlite3_column_int64(row, 1),
		.good = strcmp(nf_db_text(row, 2), "ok") == 0,
		.who = nf_db_text(row, 3),
		.note = nf_db_text(row, 4),
	};
	call->fn(&drill, call->arg);
}

enum nf_err nf_drill_add(struct nf_store *store, const struct nf_drill *d)
{
	return nf_db_run(store, NF_SQL_DRILL_ADD, "tittt", d->job, d->at_wall_us,
		d->good ? "ok" : "failed", d->who, d->note);
}

enum nf_err nf_drill_last(struct nf_store *store, const char *job, nf_drill_fn *fn, void *arg)
{
	struct drill_call call = {fn, arg};
	return nf_db_each(store, each_drill, &call, NF_SQL_DRILL_LAST, "t", job);
}
