// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

struct engine_call {
	nf_engine_fn *fn;
	void *arg;
};

static void each_engine(sqlite3_stmt *row, void *arg)
{
	const struct engine_call *call = arg;
	struct nf_engine_row engine = {
		.network = nf_db_text(row, 0),
		.address = nf_db_text(row, 1),
		.engine_id = sqlite3_column_blob(row, 2),
		.engine_id_len = (size_t)sqlite3_column_bytes(row, 2),
		.boots = (uint32_t)sqlite3_column_int64(row, 3),
		.time_s = (uint32_t)sqlite3_column_int64(row, 4),
		.at_wall_us = sqlite3_column_int64(row, 5),
	};
	call->fn(&engine, call->arg);
}

enum nf_err nf_store_engine_put(struct nf_store *store, const struct nf_engine_row *row)
{
	return nf_db_run(store, NF_SQL_ENGINE_PUT, "ttbiii", row->network, row->address,
		(const void *)row->engine_id, row->engine_id_len, (int64_t)row->boots,
		(int64_t)row->time_s, row->at_wall_us);
}

enum nf_err nf_store_engines(struct nf_store *store, nf_engine_fn *fn, void *arg)
{
	struct engine_call call = {fn, arg};
	return nf_db_each(store, each_engine, &call, NF_SQL_ENGINES, "");
}
