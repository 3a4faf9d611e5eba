// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

struct fact_call {
	nf_fact_fn *fn;
	void *arg;
};

static void each_fact(sqlite3_stmt *row, void *arg)
{
	const struct fact_call *call = arg;
	call->fn(nf_db_text(row, 0), nf_db_text(row, 1), nf_db_text(row, 2), nf_db_text(row, 3),
		sqlite3_column_int64(row, 4), call->arg);
}

enum nf_err nf_store_fact_put(struct nf_store *store, const char *network, const char *device,
	const char *name, const char *json, int64_t at_wall_us)
{
	return nf_db_run(
		store, NF_SQL_FACT_PUT, "tttti", network, device, name, json, at_wall_us);
}

enum nf_err nf_store_facts(struct nf_store *store, const char *network, const char *device,
	nf_fact_fn *fn, void *arg)
{
	struct fact_call call = {fn, arg};
	bool one = network != NULL && device != NULL;
	return nf_db_each(store, each_fact, &call, one ? NF_SQL_FACTS_DEVICE : NF_SQL_FACTS,
		"nn", network, device);
}

enum nf_err nf_store_facts_since(
	struct nf_store *store, int64_t after_wall_us, nf_fact_fn *fn, void *arg)
{
	struct fact_call call = {fn, arg};
	return nf_db_each(store, each_fact, &call, NF_SQL_FACTS_SINCE, "i", after_wall_us);
}

enum nf_err nf_store_facts_named(
	struct nf_store *store, const char *name, nf_fact_fn *fn, void *arg)
{
	struct fact_call call = {fn, arg};
	return nf_db_each(store, each_fact, &call, NF_SQL_FACTS_NAMED, "t", name);
}
