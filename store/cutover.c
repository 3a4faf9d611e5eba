// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/cutover.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"

struct call {
	union {
		nf_stage_fn *stage;
		nf_exemption_fn *exemption;
		nf_snapshot_fn *snapshot;
		nf_wave_result_fn *result;
		nf_wave_fn *wave;
		nf_progress_fn *progress;
		nf_network_fn *network;
	};
	void *arg;
};

static void take_stage(sqlite3_stmt *row, void *arg)
{
	char **stage = arg;

	free(*stage);
	*stage = nf_xstrdup(nf_db_text(row, 0));
}

static enum nf_err add_event(struct nf_store *store, const struct nf_stage_row *row,
	const struct nf_stage_change *change, const char *before)
{
	char *text = nf_xasprintf("%s, was %s: %s", row->stage, before, change->why);
	char *data = nf_xasprintf("{\"stage\":\"%s\",\"was\":\"%s\",\"why\":%s}", row->stage,
		before, change->why_json ? change->why_json : "null");
	struct nf_event event = {
		.at_wall_us = row->computed_wall_us,
		.network = change->network,
		.device = row->device,
		.check = "cutover",
		.kind = "stage",
		.before = change->before,
		.after = change->after,
		.output = text,
		.cause = "",
		.maintenance = "",
		.data = data,
	};
	enum nf_err e = nf_store_event_add(store, &event, NULL);

	free(data);
	free(text);
	return e;
}

static enum nf_err put_stage(struct nf_store *store, const struct nf_stage_row *row,
	const struct nf_stage_change *change, bool *changed)
{
	char *before = NULL;
	enum nf_err e =
		nf_db_each(store, take_stage, &before, NF_SQL_STAGE_GET, "t", row->device);

	*changed = e == NF_OK && (!before || strcmp(before, row->stage) != 0);
	if (e == NF_OK)
		e = nf_db_run(store, NF_SQL_STAGE_PUT, "ttiit", row->device, row->stage,
			row->since_wall_us, row->computed_wall_us, row->json);
	if (e == NF_OK && *changed && before)
		e = add_event(store, row, change, before);
	free(before);
	return e;
}

enum nf_err nf_stage_put(struct nf_store *store, const struct nf_stage_row *row,
	const struct nf_stage_change *change, bool *changed)
{
	bool own = !store->in_transaction;
	enum nf_err e = own ? nf_store_begin(store) : NF_OK;

	*changed = false;
	if (e != NF_OK)
		return e;
	e = put_stage(store, row, change, changed);
	if (own && e == NF_OK)
		e = nf_store_commit(store);
	else if (own)
		nf_store_rollback(store);
	return e;
}

enum nf_err nf_stage_drop(struct nf_store *store, const char *device)
{
	return nf_db_run(store, NF_SQL_STAGE_DROP, "t", device);
}

static void each_stage(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_stage_row stage = {
		.device = nf_db_text(row, 0),
		.stage = nf_db_text(row, 1),
		.since_wall_us = sqlite3_column_int64(row, 2),
		.computed_wall_us = sqlite3_column_int64(row, 3),
		.json = nf_db_text(row, 4),
	};
	call->stage(&stage, call->arg);
}

enum nf_err nf_stages(struct nf_store *store, nf_stage_fn *fn, void *arg)
{
	struct call call = {.stage = fn, .arg = arg};
	return nf_db_each(store, each_stage, &call, NF_SQL_STAGES, "");
}

enum nf_err nf_exemption_put(struct nf_store *store, const struct nf_exemption *r)
{
	return nf_db_run(store, NF_SQL_EXEMPTION_PUT, "tttii", r->device, r->reason, r->owner,
		r->until_wall_us, r->at_wall_us);
}

enum nf_err nf_exemption_drop(struct nf_store *store, const char *device)
{
	return nf_db_run(store, NF_SQL_EXEMPTION_DROP, "t", device);
}

static void each_exemption(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_exemption exemption = {
		.device = nf_db_text(row, 0),
		.reason = nf_db_text(row, 1),
		.owner = nf_db_text(row, 2),
		.until_wall_us = sqlite3_column_int64(row, 3),
		.at_wall_us = sqlite3_column_int64(row, 4),
	};
	call->exemption(&exemption, call->arg);
}

enum nf_err nf_exemptions(struct nf_store *store, nf_exemption_fn *fn, void *arg)
{
	struct call call = {.exemption = fn, .arg = arg};
	return nf_db_each(store, each_exemption, &call, NF_SQL_EXEMPTIONS, "");
}

enum nf_err nf_snapshot_put(struct nf_store *store, const struct nf_snapshot *r)
{
	return nf_db_run(
		store, NF_SQL_SNAPSHOT_PUT, "ttit", r->wave, r->device, r->at_wall_us, r->json);
}

static void each_snapshot(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_snapshot snapshot = {
		.wave = nf_db_text(row, 0),
		.device = nf_db_text(row, 1),
		.at_wall_us = sqlite3_column_int64(row, 2),
		.json = nf_db_text(row, 3),
	};
	call->snapshot(&snapshot, call->arg);
}

enum nf_err nf_snapshots(
	struct nf_store *store, const char *wave, nf_snapshot_fn *fn, void *arg)
{
	struct call call = {.snapshot = fn, .arg = arg};
	return nf_db_each(store, each_snapshot, &call, NF_SQL_SNAPSHOTS, "n", wave);
}

enum nf_err nf_wave_result_put(struct nf_store *store, const struct nf_wave_result *r)
{
	return nf_db_run(store, NF_SQL_WAVE_RESULT_PUT, "tit", r->wave, r->at_wall_us, r->json);
}

static void each_result(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_wave_result result = {
		.wave = nf_db_text(row, 0),
		.at_wall_us = sqlite3_column_int64(row, 1),
		.json = nf_db_text(row, 2),
	};
	call->result(&result, call->arg);
}

enum nf_err nf_wave_results(
	struct nf_store *store, const char *wave, nf_wave_result_fn *fn, void *arg)
{
	struct call call = {.result = fn, .arg = arg};
	return nf_db_each(store, each_result, &call, NF_SQL_WAVE_RESULTS, "n", wave);
}

enum nf_err nf_snapshots_trim(struct nf_store *store, const char *wave, const char *device,
	int64_t before_wall_us, int64_t begins_wall_us)
{
	return nf_db_run(store, NF_SQL_SNAPSHOT_TRIM, "ttii", wave, device, before_wall_us,
		begins_wall_us);
}

enum nf_err nf_wave_results_trim(
	struct nf_store *store, const char *wave, int64_t before_wall_us, bool spares_newest)
{
	return nf_db_run(store, NF_SQL_WAVE_RESULT_TRIM, "tii", wave, before_wall_us,
		(int64_t)spares_newest);
}

static void each_wave(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;

	call->wave(nf_db_text(row, 0), nf_db_text(row, 1), call->arg);
}

enum nf_err nf_waves(struct nf_store *store, nf_wave_fn *fn, void *arg)
{
	struct call call = {.wave = fn, .arg = arg};
	return nf_db_each(store, each_wave, &call, NF_SQL_WAVES, "");
}

enum nf_err nf_progress_put(struct nf_store *store, const struct nf_progress *r)
{
	return nf_db_run(store, NF_SQL_PROGRESS_PUT, "tit", r->network, r->day, r->json);
}

static void each_progress(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_progress progress = {
		.network = nf_db_text(row, 0),
		.day = sqlite3_column_int64(row, 1),
		.json = nf_db_text(row, 2),
	};
	call->progress(&progress, call->arg);
}

enum nf_err nf_progresses(struct nf_store *store, const char *network, int64_t since_day,
	nf_progress_fn *fn, void *arg)
{
	struct call call = {.progress = fn, .arg = arg};
	return nf_db_each(
		store, each_progress, &call, NF_SQL_PROGRESSES, "ni", network, since_day);
}

enum nf_err nf_network_put(struct nf_store *store, const struct nf_network_row *r)
{
	return nf_db_run(store, NF_SQL_NETWORK_PUT, "titi", r->network, (int64_t)r->ready,
		r->blockers, r->computed_wall_us);
}

enum nf_err nf_network_drop(struct nf_store *store, const char *network)
{
	return nf_db_run(store, NF_SQL_NETWORK_DROP, "t", network);
}

static void each_network(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_network_row network = {
		.network = nf_db_text(row, 0),
		.ready = sqlite3_column_int(row, 1) != 0,
		.blockers = nf_db_text(row, 2),
		.computed_wall_us = sqlite3_column_int64(row, 3),
	};
	call->network(&network, call->arg);
}

enum nf_err nf_networks(struct nf_store *store, nf_network_fn *fn, void *arg)
{
	struct call call = {.network = fn, .arg = arg};
	return nf_db_each(store, each_network, &call, NF_SQL_NETWORKS, "");
}

static void take_stamp(sqlite3_stmt *row, void *arg)
{
	*(int64_t *)arg = sqlite3_column_int64(row, 0);
}

enum nf_err nf_cutover_stamp(struct nf_store *store, int64_t *stamp)
{
	*stamp = 0;
	return nf_db_each(store, take_stamp, stamp, NF_SQL_CUTOVER_STAMP, "");
}
