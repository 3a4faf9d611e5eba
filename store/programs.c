// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

#include "base/mem.h"

struct program_call {
	nf_program_fn *fn;
	void *arg;
};

static void each_program(sqlite3_stmt *row, void *arg)
{
	const struct program_call *call = arg;
	struct nf_program_row program = {
		.name = nf_db_text(row, 0),
		.pid = sqlite3_column_int64(row, 1),
		.started_wall_us = sqlite3_column_int64(row, 2),
		.beat_wall_us = sqlite3_column_int64(row, 3),
		.cycle_wall_us = sqlite3_column_int64(row, 4),
		.json = nf_db_text(row, 5),
	};
	call->fn(&program, call->arg);
}

enum nf_err nf_store_program_put(struct nf_store *store, const struct nf_program_row *row)
{
	return nf_db_run(store, NF_SQL_PROGRAM_PUT, "tiiiit", row->name, row->pid,
		row->started_wall_us, row->beat_wall_us, row->cycle_wall_us, row->json);
}

enum nf_err nf_store_programs(struct nf_store *store, nf_program_fn *fn, void *arg)
{
	struct program_call call = {fn, arg};
	return nf_db_each(store, each_program, &call, NF_SQL_PROGRAMS, "");
}

enum nf_err nf_store_value_put(struct nf_store *store, const char *name, const char *value)
{
	return nf_db_run(store, NF_SQL_VALUE_PUT, "tt", name, value);
}

static void copy_value(sqlite3_stmt *row, void *arg)
{
	char **value = arg;
	*value = nf_xstrdup(nf_db_text(row, 0));
}

enum nf_err nf_store_value_get(struct nf_store *store, const char *name, char **value)
{
	char *found = NULL;
	enum nf_err rc = nf_db_each(store, copy_value, &found, NF_SQL_VALUE_GET, "t", name);
	if (rc != NF_OK)
		return rc;
	if (found == NULL)
		return nf_error_set(&store->error, NF_ENOENT, "no value named %s", name);
	*value = found;
	return NF_OK;
}
