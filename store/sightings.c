// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sightings.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/db.h"

enum { STEP_ROWS = 2000 };

static void take_id(sqlite3_stmt *row, void *arg)
{
	*(int64_t *)arg = sqlite3_column_int64(row, 0);
}

static bool dated(int64_t day, int64_t first_us, int64_t last_us)
{
	return day >= 0 && first_us >= 0 && last_us >= first_us;
}

enum nf_err nf_sighting_put(struct nf_store *store, const struct nf_sighting *s)
{
	int64_t id = 0;

	if (!s->kind || s->kind[0] == '\0' || !s->value || s->value[0] == '\0' ||
		!dated(s->day, s->first_wall_us, s->last_wall_us))
		return NF_EINVAL;
	enum nf_err e = nf_db_each(store, take_id, &id, NF_SQL_SEEN_PUT, "tttttttiiiiti",
		s->network, s->source, s->by, s->kind, s->value, s->address, s->place,
		s->first_wall_us, s->last_wall_us, s->until_wall_us, (int64_t)s->count,
		s->detail, s->lent_wall_us);
	if (e == NF_OK)
		e = nf_db_run(store, NF_SQL_SEEN_DAY_PUT, "iiiiii", id, s->day,
			(int64_t)s->hours, s->first_wall_us, s->last_wall_us,
			(int64_t)s->count);
	return e;
}

enum nf_err nf_caller_put(struct nf_store *store, const struct nf_caller *c)
{
	int64_t id = 0;

	if (!c->to_address || c->to_address[0] == '\0' ||
		!dated(c->day, c->first_wall_us, c->last_wall_us))
		return NF_EINVAL;
	enum nf_err e = nf_db_each(store, take_id, &id, NF_SQL_CALLER_PUT, "ttttttiii",
		c->network, c->by, c->from_mac, c->from_address, c->to_address, c->how,
		c->first_wall_us, c->last_wall_us, (int64_t)c->count);
	if (e == NF_OK)
		e = nf_db_run(store, NF_SQL_CALLER_DAY_PUT, "iiiiii", id, c->day,
			(int64_t)c->hours, c->first_wall_us, c->last_wall_us,
			(int64_t)c->count);
	return e;
}

enum nf_err nf_coverage_put(struct nf_store *store, const struct nf_coverage *c)
{
	if (c->hour < 0)
		return NF_EINVAL;
	return nf_db_run(store, NF_SQL_COVERAGE_PUT, "ttiiiiiii", c->network, c->sensor,
		c->hour, (int64_t)(c->minutes & NF_MINUTES_ALL),
		(int64_t)(c->seconds < 3600 ? c->seconds : 3600), (int64_t)c->frames,
		(int64_t)c->drops, (int64_t)c->canaries_sent, (int64_t)c->canaries_seen);
}

struct call {
	nf_sighting_fn *sighting;
	nf_caller_fn *caller;
	nf_coverage_fn *coverage;
	void *arg;
};

static struct nf_sighting read_sighting(sqlite3_stmt *row)
{
	return (struct nf_sighting){
		.network = nf_db_text(row, 0),
		.source = nf_db_text(row, 1),
		.by = nf_db_text(row, 2),
		.kind = nf_db_text(row, 3),
		.value = nf_db_text(row, 4),
		.address = nf_db_text(row, 5),
		.place = nf_db_text(row, 6),
		.detail = nf_db_text(row, 7),
		.until_wall_us = sqlite3_column_int64(row, 8),
		.lent_wall_us = sqlite3_column_int64(row, 9),
		.first_wall_us = sqlite3_column_int64(row, 10),
		.last_wall_us = sqlite3_column_int64(row, 11),
		.count = (uint64_t)sqlite3_column_int64(row, 12),
		.day = sqlite3_column_int64(row, 13),
		.hours = (uint32_t)sqlite3_column_int64(row, 14),
	};
}

static void each_sighting(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	const struct nf_sighting s = read_sighting(row);

	call->sighting(&s, call->arg);
}

static void each_caller(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_caller c = {
		.network = nf_db_text(row, 0),
		.by = nf_db_text(row, 1),
		.from_mac = nf_db_text(row, 2),
		.from_address = nf_db_text(row, 3),
		.to_address = nf_db_text(row, 4),
		.how = nf_db_text(row, 5),
		.first_wall_us = sqlite3_column_int64(row, 6),
		.last_wall_us = sqlite3_column_int64(row, 7),
		.count = (uint64_t)sqlite3_column_int64(row, 8),
		.day = sqlite3_column_int64(row, 9),
		.hours = (uint32_t)sqlite3_column_int64(row, 10),
	};
	call->caller(&c, call->arg);
}

static void each_coverage(sqlite3_stmt *row, void *arg)
{
	const struct call *call = arg;
	struct nf_coverage c = {
		.network = nf_db_text(row, 0),
		.sensor = nf_db_text(row, 1),
		.hour = sqlite3_column_int64(row, 2),
		.minutes = (uint64_t)sqlite3_column_int64(row, 3),
		.seconds = (uint32_t)sqlite3_column_int64(row, 4),
		.frames = (uint64_t)sqlite3_column_int64(row, 5),
		.drops = (uint64_t)sqlite3_column_int64(row, 6),
		.canaries_sent = (uint32_t)sqlite3_column_int64(row, 7),
		.canaries_seen = (uint32_t)sqlite3_column_int64(row, 8),
	};
	call->coverage(&c, call->arg);
}

static int64_t end_day(const struct nf_ledger_filter *f)
{
	return f->until_day > 0 ? f->until_day : INT64_MAX / NF_DAY_US - 1;
}

enum nf_err nf_sightings(
	struct nf_store *store, const struct nf_ledger_filter *f, nf_sighting_fn *fn, void *arg)
{
	struct call call = {.sighting = fn, .arg = arg};
	bool one = f->kind && f->value;

	return nf_db_each(store, each_sighting, &call,
		one ? NF_SQL_SEEN_DAYS_OF : NF_SQL_SEEN_DAYS, "nnnii", f->network, f->kind,
		f->value, f->since_day, end_day(f));
}

enum nf_err nf_sighting_sums(
	struct nf_store *store, const struct nf_ledger_filter *f, nf_sighting_fn *fn, void *arg)
{
	struct call call = {.sighting = fn, .arg = arg};
	bool one = f->kind && f->value;

	return nf_db_each(store, each_sighting, &call, one ? NF_SQL_SEEN_OF : NF_SQL_SEEN,
		"nnnii", f->network, f->kind, f->value, f->since_day * NF_DAY_US,
		(end_day(f) + 1) * NF_DAY_US);
}

enum nf_err nf_callers(
	struct nf_store *store, const struct nf_ledger_filter *f, nf_caller_fn *fn, void *arg)
{
	struct call call = {.caller = fn, .arg = arg};

	return nf_db_each(store, each_caller, &call,
		f->value ? NF_SQL_CALLER_DAYS_OF : NF_SQL_CALLER_DAYS, "nnii", f->network,
		f->value, f->since_day, end_day(f));
}

enum nf_err nf_caller_sums(
	struct nf_store *store, const struct nf_ledger_filter *f, nf_caller_fn *fn, void *arg)
{
	struct call call = {.caller = fn, .arg = arg};

	return nf_db_each(store, each_caller, &call,
		f->value ? NF_SQL_CALLERS_OF : NF_SQL_CALLERS, "nnii", f->network, f->value,
		f->since_day * NF_DAY_US, (end_day(f) + 1) * NF_DAY_US);
}

enum nf_err nf_coverages(struct nf_store *store, const char *network, int64_t since_hour,
	nf_coverage_fn *fn, void *arg)
{
	struct call call = {.coverage = fn, .arg = arg};

	return nf_db_each(
		store, each_coverage, &call, NF_SQL_COVERAGES, "ni", network, since_hour);
}

enum nf_err nf_coverage_forget(
	struct nf_store *store, const char *network, const char *sensor, int64_t before_hour)
{
	return nf_db_run(store, NF_SQL_COVERAGE_FORGET, "tti", network, sensor, before_hour);
}

/* A day of a sum, and those that come next. */
struct day {
	int64_t seen, day;
};

struct days {
	struct day items[STEP_ROWS];
	size_t len;
};

static void take_day(sqlite3_stmt *row, void *arg)
{
	struct days *d = arg;

	d->items[d->len++] =
		(struct day){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)};
}

/* They are looked for before anybody has to wait: what is spared stands before them. */
static enum nf_err find_days(
	struct nf_store *store, int64_t before, const struct day *after, struct days *out)
{
	out->len = 0;
	return nf_db_each(store, take_day, out, NF_SQL_SEEN_DAY_OLD, "iiii", before, after->day,
		after->seen, (int64_t)STEP_ROWS);
}

static enum nf_err run_counted(struct nf_store *store, enum nf_sql sql, int64_t before,
	const char *mac, uint64_t *removed)
{
	enum nf_err e =
		nf_db_run(store, sql, mac ? "iit" : "ii", before, (int64_t)STEP_ROWS, mac);

	*removed += e == NF_OK ? (uint64_t)sqlite3_changes(store->db) : 0;
	return e;
}

/* Days go first, then sums that have none left; the sums that stay begin no earlier than what is kept. */
static enum nf_err purge_step(struct nf_store *store, int64_t before, const char *mac,
	const struct days *days, uint64_t *removed)
{
	enum nf_err e = nf_store_begin(store);

	*removed = 0;
	if (e == NF_OK && mac)
		e = run_counted(store, NF_SQL_SEEN_DAY_FORGET, before, mac, removed);
	for (size_t i = 0; e == NF_OK && i < days->len; i++) {
		e = nf_db_run(store, NF_SQL_SEEN_DAY_TRIM, "ii", days->items[i].seen,
			days->items[i].day);
		*removed += e == NF_OK;
	}
	if (e == NF_OK)
		e = run_counted(store, mac ? NF_SQL_CALLER_DAY_FORGET : NF_SQL_CALLER_DAY_TRIM,
			before, mac, removed);
	if (e == NF_OK)
		return nf_store_commit(store);
	nf_store_rollback(store);
	return e;
}

static enum nf_err purge_sums(struct nf_store *store, int64_t before, const char *mac)
{
	static const enum nf_sql sums[] = {
		NF_SQL_SEEN_TRIM, NF_SQL_SEEN_CLIP, NF_SQL_CALLER_TRIM, NF_SQL_CALLER_CLIP};
	enum nf_err e = nf_store_begin(store);

	for (size_t i = 0; e == NF_OK && i < sizeof sums / sizeof *sums; i++)
		e = nf_db_run(store, sums[i], "in", before * NF_DAY_US, mac);
	if (e == NF_OK && !mac)
		e = nf_db_run(store, NF_SQL_COVERAGE_TRIM, "i", before * 24);
	if (e == NF_OK)
		return nf_store_commit(store);
	nf_store_rollback(store);
	return e;
}

enum nf_err nf_sightings_purge(struct nf_store *store, int64_t before_day, const char *mac,
	size_t steps, uint64_t *removed)
{
	int64_t before = mac && before_day == 0 ? INT64_MAX / NF_DAY_US : before_day;
	struct days *days = nf_xcalloc(1, sizeof *days);
	struct day last = {-1, -1};
	uint64_t some = 1;
	enum nf_err e = NF_OK;

	*removed = 0;
	for (size_t i = 0; e == NF_OK && some > 0 && (steps == 0 || i < steps); i++) {
		if (!mac)
			e = find_days(store, before, &last, days);
		if (e == NF_OK)
			e = purge_step(store, before, mac, days, &some);
		*removed += e == NF_OK ? some : 0;
		last = days->len ? days->items[days->len - 1] : last;
	}
	free(days);
	return e == NF_OK && some == 0 ? purge_sums(store, before, mac) : e;
}

struct sparing {
	nf_spare_fn *fn;
	void *arg;
	struct spared {
		int64_t id;
		bool is_spared;
	} * items; /* that are not marked so yet */
	size_t len, cap;
};

static void look_spared(sqlite3_stmt *row, void *arg)
{
	struct sparing *s = arg;
	const struct nf_sighting sum = read_sighting(row);
	bool is_spared = s->fn(&sum, s->arg);

	if (is_spared == (sqlite3_column_int(row, 16) != 0))
		return;
	s->items = nf_grow(s->items, s->len, &s->cap, sizeof *s->items);
	s->items[s->len++] = (struct spared){sqlite3_column_int64(row, 15), is_spared};
}

static enum nf_err spare_step(struct nf_store *store, const struct spared *items, size_t len)
{
	enum nf_err e = nf_store_begin(store);

	for (size_t i = 0; i < len && e == NF_OK; i++)
		e = nf_db_run(store, NF_SQL_SEEN_SPARE, "ii", items[i].id,
			(int64_t)items[i].is_spared);
	if (e == NF_OK)
		return nf_store_commit(store);
	nf_store_rollback(store);
	return e;
}

enum nf_err nf_sightings_spare(struct nf_store *store, nf_spare_fn *fn, void *arg)
{
	struct sparing s = {.fn = fn, .arg = arg};
	enum nf_err e = nf_db_each(store, look_spared, &s, NF_SQL_SEEN_SPARED, "");

	for (size_t i = 0; i < s.len && e == NF_OK; i += STEP_ROWS)
		e = spare_step(
			store, s.items + i, s.len - i < STEP_ROWS ? s.len - i : STEP_ROWS);
	free(s.items);
	return e;
}

static int64_t last_day(int64_t now_us)
{
	return (now_us + NF_HOUR_US) / NF_DAY_US;
}

static int64_t last_hour(int64_t now_us)
{
	return now_us / NF_HOUR_US + 1;
}

static void take_flag(sqlite3_stmt *row, void *arg)
{
	*(bool *)arg = sqlite3_column_int(row, 0) != 0;
}

enum nf_err nf_ledger_is_ahead(struct nf_store *store, int64_t now_us, bool *is_ahead)
{
	return nf_db_each(store, take_flag, is_ahead, NF_SQL_LEDGER_AHEAD, "ii",
		(last_day(now_us) + 1) * NF_DAY_US, last_hour(now_us));
}

static void take_days(sqlite3_stmt *row, void *arg)
{
	uint64_t **days = arg;

	*days[0] = (uint64_t)sqlite3_column_int64(row, 0);
	*days[1] = (uint64_t)sqlite3_column_int64(row, 1);
}

enum nf_err nf_ledger_days(
	struct nf_store *store, int64_t day, uint64_t *until, uint64_t *after)
{
	uint64_t *days[] = {until, after};

	return nf_db_each(store, take_days, days, NF_SQL_LEDGER_DAYS, "i", day);
}

enum nf_err nf_ledger_old(
	struct nf_store *store, int64_t before_day, uint64_t *old, uint64_t *rest)
{
	uint64_t *days[] = {old, rest};

	return nf_db_each(store, take_days, days, NF_SQL_LEDGER_OLD, "i", before_day);
}

enum nf_err nf_ledger_forget_ahead(struct nf_store *store, int64_t now_us)
{
	static const enum nf_sql days[] = {NF_SQL_SEEN_DAY_FUTURE, NF_SQL_CALLER_DAY_FUTURE};
	static const enum nf_sql sums[] = {
		NF_SQL_SEEN_EMPTY, NF_SQL_SEEN_BACK, NF_SQL_CALLER_EMPTY, NF_SQL_CALLER_BACK};
	int64_t day = last_day(now_us);
	enum nf_err e = nf_store_begin(store);

	for (size_t i = 0; e == NF_OK && i < sizeof days / sizeof *days; i++)
		e = nf_db_run(store, days[i], "i", day);
	for (size_t i = 0; e == NF_OK && i < sizeof sums / sizeof *sums; i++)
		e = nf_db_run(store, sums[i], "i", (day + 1) * NF_DAY_US);
	if (e == NF_OK)
		e = nf_db_run(store, NF_SQL_COVERAGE_FUTURE, "i", last_hour(now_us));
	if (e == NF_OK)
		return nf_store_commit(store);
	nf_store_rollback(store);
	return e;
}
