// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

struct event_call {
	nf_event_fn *fn;
	void *arg;
};

static void each_event(sqlite3_stmt *row, void *arg)
{
	const struct event_call *call = arg;
	struct nf_event event = {
		.id = sqlite3_column_int64(row, 0),
		.at_wall_us = sqlite3_column_int64(row, 1),
		.network = nf_db_text(row, 2),
		.device = nf_db_text(row, 3),
		.check = nf_db_text(row, 4),
		.kind = nf_db_text(row, 5),
		.before = nf_db_state(row, 6),
		.after = nf_db_state(row, 7),
		.output = nf_db_text(row, 8),
		.cause = nf_db_text(row, 9),
		.maintenance = nf_db_text(row, 10),
		.held = sqlite3_column_int(row, 11) != 0,
		.data = nf_db_text(row, 12),
	};
	call->fn(&event, call->arg);
}

enum nf_err nf_store_event_add(
	struct nf_store *store, const struct nf_event *event, int64_t *id)
{
	enum nf_err rc = nf_db_run(store, NF_SQL_EVENT_ADD, "itttttttttit", event->at_wall_us,
		event->network, event->device, event->check, event->kind,
		nf_state_text(event->before), nf_state_text(event->after), event->output,
		event->cause, event->maintenance, (int64_t)event->held,
		event->data != NULL ? event->data : "");
	if (rc == NF_OK && id != NULL)
		*id = sqlite3_last_insert_rowid(store->db);
	return rc;
}

enum nf_err nf_store_events(struct nf_store *store, const struct nf_event_filter *filter,
	nf_event_fn *fn, void *arg)
{
	static const enum nf_sql queries[2][2] = {
		{NF_SQL_EVENTS,	NF_SQL_EVENTS_NEWEST	    },
		{NF_SQL_EVENTS_DEVICE, NF_SQL_EVENTS_DEVICE_NEWEST},
	};
	struct event_call call = {fn, arg};
	enum nf_sql id = queries[filter->device != NULL][filter->newest_first];
	int64_t limit = filter->limit == 0 ? -1 : (int64_t)filter->limit;
	return nf_db_each(store, each_event, &call, id, "iinni", filter->after_id,
		filter->since_wall_us, filter->network, filter->device, limit);
}

enum nf_err nf_store_events_trim(
	struct nf_store *store, int64_t before_wall_us, int64_t before_id, int64_t step)
{
	return nf_db_run(store, NF_SQL_EVENTS_TRIM, "iii", before_wall_us, before_id, step);
}
