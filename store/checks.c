// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

struct check_call {
	nf_check_row_fn *fn;
	void *arg;
};

static void each_check(sqlite3_stmt *row, void *arg)
{
	const struct check_call *call = arg;
	struct nf_check_row check = {
		.network = nf_db_text(row, 0),
		.device = nf_db_text(row, 1),
		.check = nf_db_text(row, 2),
		.program = nf_db_text(row, 3),
		.state = nf_db_state(row, 4),
		.since_wall_us = sqlite3_column_int64(row, 5),
		.soft = nf_db_state(row, 6),
		.soft_count = (uint32_t)sqlite3_column_int64(row, 7),
		.soft_since_wall_us = sqlite3_column_int64(row, 8),
		.flap_history = (uint32_t)sqlite3_column_int64(row, 9),
		.flapping = sqlite3_column_int(row, 10) != 0,
		.output = nf_db_text(row, 11),
		.cause = nf_db_text(row, 12),
		.interval_us = sqlite3_column_int64(row, 13),
		.looked_wall_us = sqlite3_column_int64(row, 14),
	};
	call->fn(&check, sqlite3_column_int64(row, 15), call->arg);
}

enum nf_err nf_store_check_put(struct nf_store *store, const struct nf_check_row *row)
{
	return nf_db_run(store, NF_SQL_CHECK_PUT, "tttttitiiiittii", row->network, row->device,
		row->check, row->program, nf_state_text(row->state), row->since_wall_us,
		nf_state_text(row->soft), (int64_t)row->soft_count, row->soft_since_wall_us,
		(int64_t)row->flap_history, (int64_t)row->flapping, row->output, row->cause,
		row->interval_us, row->looked_wall_us);
}

enum nf_err nf_store_check_drop(
	struct nf_store *store, const char *network, const char *device, const char *check)
{
	return nf_db_run(store, NF_SQL_CHECK_DROP, "ttt", network, device, check);
}

enum nf_err nf_store_checks(
	struct nf_store *store, const char *program, nf_check_row_fn *fn, void *arg)
{
	struct check_call call = {fn, arg};
	if (program == NULL)
		return nf_db_each(store, each_check, &call, NF_SQL_CHECKS, "");
	return nf_db_each(store, each_check, &call, NF_SQL_CHECKS_PROGRAM, "t", program);
}

enum nf_err nf_store_checks_named(
	struct nf_store *store, const char *check, nf_check_row_fn *fn, void *arg)
{
	struct check_call call = {fn, arg};
	return nf_db_each(store, each_check, &call, NF_SQL_CHECKS_NAMED, "t", check);
}

enum nf_err nf_store_checks_bad(struct nf_store *store, nf_check_row_fn *fn, void *arg)
{
	struct check_call call = {fn, arg};
	return nf_db_each(store, each_check, &call, NF_SQL_CHECKS_BAD, "");
}

enum nf_err nf_store_asked_put(struct nf_store *store, const char *program, const char *network,
	const char *device, int64_t wall_us)
{
	return nf_db_run(store, NF_SQL_ASKED_PUT, "ttti", program, network, device, wall_us);
}
