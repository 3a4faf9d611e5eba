// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/snmp/oid.h"
#include "collector/snmp/rows.h"

#define COLUMNS_MAX 8 /* in one request of a walk */
#define VARBINDS_MAX                                                                           \
	64 /* asked for in one bulk: about what fits a datagram of an Ethernet frame */
#define ROWS_MAX    100000
#define GOOD_ENOUGH 16 /* answers without trouble before more is asked again */

struct nf_walk {
	const struct nf_query *query;
	struct nf_manners *manners;
	enum nf_snmp_version version;
	struct nf_rows *rows;
	uint32_t max_rows;
	uint32_t columns_cap,
		repetitions_cap; /* of this walk: while an error is being isolated */
	size_t asked[NF_ASK_MAX], asked_len; /* columns of the last ask, in its order */
	uint32_t repetitions;		     /* of the last ask */
	size_t values;
	enum nf_result_state state;
	char why[200];
	bool done[]; /* by column */
};

void nf_manners_init(struct nf_manners *manners, uint32_t max_repetitions)
{
	*manners = (struct nf_manners){
		.repetitions = max_repetitions ? max_repetitions : 1,
		.repetitions_max = max_repetitions ? max_repetitions : 1,
		.columns = COLUMNS_MAX,
	};
}

static uint32_t table_hash(const struct nf_query *query)
{
	uint32_t hash = 2166136261; /* FNV-1a; a clash only costs a badly sized request */
	for (size_t i = 0; i < query->columns[0].oid.len; i++)
		hash = (hash ^ query->columns[0].oid.ids[i]) * 16777619;
	return hash ? hash : 1;
}

static uint32_t rows_expected(const struct nf_walk *walk)
{
	const struct nf_manners *manners = walk->manners;
	uint32_t table = table_hash(walk->query);
	if (walk->done[0])
		return (uint32_t)nf_rows_len(walk->rows, 0);
	for (size_t i = 0; i < NF_MANNERS_TABLES; i++)
		if (manners->seen[i].table == table)
			return manners->seen[i].rows;
	return UINT32_MAX - 1;
}

static void remember_rows(struct nf_walk *walk)
{
	struct nf_manners *manners = walk->manners;
	uint32_t table = table_hash(walk->query);
	size_t i = 0;
	while (i < NF_MANNERS_TABLES - 1 && manners->seen[i].table &&
		manners->seen[i].table != table)
		i++;
	manners->seen[i].table = table;
	manners->seen[i].rows = (uint32_t)nf_walk_rows(walk);
}

struct nf_walk *nf_walk_new(
	const struct nf_query *query, enum nf_snmp_version version, struct nf_manners *manners)
{
	struct nf_walk *walk =
		nf_xcalloc(1, sizeof *walk + query->columns_len * sizeof *walk->done);
	walk->query = query;
	walk->manners = manners;
	walk->version = version;
	walk->rows = nf_rows_new(query->columns_len);
	walk->max_rows = query->max_rows ? query->max_rows : ROWS_MAX;
	walk->columns_cap = walk->repetitions_cap = UINT32_MAX;
	return walk;
}

/* The first reason stands. */
__attribute__((format(printf, 2, 3))) static void doubt(
	struct nf_walk *walk, const char *format, ...)
{
	if (walk->state != NF_RESULT_COMPLETE)
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(walk->why, sizeof walk->why, format, args);
	va_end(args);
	walk->state = NF_RESULT_INCOMPLETE;
}

static void end_all(struct nf_walk *walk)
{
	memset(walk->done, true, walk->query->columns_len * sizeof *walk->done);
}

static const char *column_text(
	const struct nf_walk *walk, size_t column, char buf[NF_OID_TEXT_MAX])
{
	return nf_oid_format(&walk->query->columns[column].oid, buf);
}

static void put_oid(struct nf_ask *ask, const struct nf_oid *root, const struct nf_oid *index)
{
	uint32_t *ids = ask->ids + ask->len * NF_OID_MAX;
	memcpy(ids, root->ids, root->len * sizeof *ids);
	if (index->len)
		memcpy(ids + root->len, index->ids, index->len * sizeof *ids);
	ask->oids[ask->len++] = (struct nf_oid){ids, root->len + index->len};
}

/* How many of `active` columns go into a request, evenly shared among the requests that are needed. */
static size_t share(size_t active, size_t cap)
{
	size_t requests = (active + cap - 1) / cap;
	return (active + requests - 1) / requests;
}

static size_t request_columns(const struct nf_walk *walk)
{
	size_t active = 0, cap = walk->query->scalars ? NF_ASK_MAX : walk->manners->columns;
	for (size_t i = 0; i < walk->query->columns_len; i++)
		active += !walk->done[i];
	if (cap > walk->columns_cap)
		cap = walk->columns_cap;
	return active ? share(active, cap) : 0;
}

static uint32_t request_repetitions(const struct nf_walk *walk)
{
	uint32_t n = VARBINDS_MAX / (uint32_t)walk->asked_len;
	if (n > walk->manners->repetitions)
		n = walk->manners->repetitions;
	if (n > walk->repetitions_cap)
		n = walk->repetitions_cap;
	uint32_t expected = rows_expected(walk);
	size_t have = nf_rows_len(walk->rows, walk->asked[0]);
	if (expected >= have && n > expected - have + 1) /* one more shows the end */
		n = (uint32_t)(expected - have + 1);
	return n ? n : 1;
}

bool nf_walk_next(struct nf_walk *walk, struct nf_ask *ask)
{
	const struct nf_query *query = walk->query;
	size_t want = request_columns(walk);
	ask->len = walk->asked_len = 0;
	for (size_t i = 0; i < query->columns_len && walk->asked_len < want; i++) {
		if (walk->done[i])
			continue;
		struct nf_oid last = nf_rows_last(walk->rows, i);
		put_oid(ask, &query->columns[i].oid, &last);
		walk->asked[walk->asked_len++] = i;
	}
	if (!ask->len)
		return false;
	walk->repetitions = query->scalars ? 1 : request_repetitions(walk);
	ask->max_repetitions = walk->repetitions;
	ask->pdu = query->scalars		 ? NF_PDU_GET
		   : walk->version == NF_SNMP_V1 ? NF_PDU_GETNEXT
						 : NF_PDU_GETBULK;
	if (ask->pdu == NF_PDU_GETNEXT)
		walk->repetitions = 1;
	return true;
}

bool nf_walk_smaller(struct nf_walk *walk)
{
	struct nf_manners *manners = walk->manners;
	manners->good = 0;
	if (walk->query->scalars && walk->asked_len > 1)
		walk->columns_cap = (uint32_t)walk->asked_len / 2;
	else if (walk->repetitions > 1)
		manners->repetitions = walk->repetitions / 2;
	else if (walk->asked_len > 1)
		manners->columns = (uint8_t)(walk->asked_len / 2);
	else
		return false;
	return true;
}

static void well_done(struct nf_manners *manners)
{
	if (++manners->good < GOOD_ENOUGH)
		return;
	manners->good = 0;
	manners->repetitions += (manners->repetitions + 1) / 2;
	if (manners->repetitions > manners->repetitions_max)
		manners->repetitions = manners->repetitions_max;
	if (manners->columns < COLUMNS_MAX)
		manners->columns++;
}

static bool right_kind(const struct nf_column *column, const struct nf_cell *cell)
{
	switch (column->kind) {
	case NF_COLUMN_NUMBER:
		return cell->type == NF_CELL_INTEGER || cell->type == NF_CELL_UNSIGNED;
	case NF_COLUMN_OCTETS:
		return cell->type == NF_CELL_OCTETS || cell->type == NF_CELL_ADDRESS;
	case NF_COLUMN_OID:
		return cell->type == NF_CELL_OID;
	default:
		return true;
	}
}

static void keep(struct nf_walk *walk, size_t column, const struct nf_oid *index,
	const struct nf_cell *cell)
{
	char text[NF_OID_TEXT_MAX];
	struct nf_cell kept = *cell;
	if (cell->type != NF_CELL_ABSENT && !right_kind(&walk->query->columns[column], cell)) {
		doubt(walk, "a value of the wrong type (0x%02x) in %s", cell->asn_type,
			column_text(walk, column, text));
		kept = (struct nf_cell){.asn_type = cell->asn_type};
	}
	walk->values += kept.type != NF_CELL_ABSENT;
	nf_rows_add(walk->rows, column, index, &kept);
}

static bool too_many_rows(struct nf_walk *walk, size_t column)
{
	if (nf_rows_len(walk->rows, column) < walk->max_rows)
		return false;
	doubt(walk, "more than %u rows: stopped there", walk->max_rows);
	end_all(walk);
	return true;
}

/* One answered place of a column: another value, its end, or nonsense. */
static void take_step(struct nf_walk *walk, size_t column, const struct nf_varbind *varbind)
{
	char text[NF_OID_TEXT_MAX];
	const struct nf_oid *root = &walk->query->columns[column].oid;
	if (varbind->cell.asn_type >= 0x80 && varbind->cell.asn_type <= 0x82) {
		walk->done[column] = true;
		return;
	}
	struct nf_oid index = {varbind->oid.ids + root->len, varbind->oid.len - root->len};
	struct nf_oid last = nf_rows_last(walk->rows, column);
	if (!nf_oid_under(&varbind->oid, root)) {
		walk->done[column] = true;
		if (nf_oid_compare(&varbind->oid, root) < 0)
			doubt(walk, "the agent goes backwards: after %s it gave a lower object",
				column_text(walk, column, text));
	} else if (nf_oid_compare(&index, &last) <= 0) {
		walk->done[column] = true;
		doubt(walk, "the agent loops: objects of %s do not increase",
			column_text(walk, column, text));
	} else if (!too_many_rows(walk, column)) {
		keep(walk, column, &index, &varbind->cell);
	}
}

static void take_columns(struct nf_walk *walk, const struct nf_message *answer)
{
	size_t wanted = walk->asked_len * walk->repetitions;
	if (answer->len < walk->asked_len)
		walk->manners->columns = (uint8_t)answer->len;
	for (size_t i = 0; i < answer->len && i < wanted; i++) {
		size_t column = walk->asked[i % walk->asked_len];
		if (!walk->done[column])
			take_step(walk, column, &answer->varbinds[i]);
	}
	if (nf_rows_bytes(walk->rows) > NF_ROWS_BYTES_MAX) {
		doubt(walk, "more than %u MiB: stopped there", NF_ROWS_BYTES_MAX >> 20);
		end_all(walk);
	}
}

static bool take_scalar(struct nf_walk *walk, size_t at, const struct nf_varbind *varbind)
{
	for (size_t k = 0; k < walk->asked_len; k++) {
		size_t column = walk->asked[(at + k) % walk->asked_len];
		if (walk->done[column] ||
			nf_oid_compare(&walk->query->columns[column].oid, &varbind->oid) != 0)
			continue;
		walk->done[column] = true;
		keep(walk, column, &(struct nf_oid){0}, &varbind->cell);
		return true;
	}
	return false;
}

static void take_scalars(struct nf_walk *walk, const struct nf_message *answer)
{
	char text[NF_OID_TEXT_MAX];
	size_t taken = 0;
	for (size_t i = 0; i < answer->len; i++)
		taken += take_scalar(walk, i, &answer->varbinds[i]);
	if (taken)
		return;
	doubt(walk, "asked for %s it gave %s", column_text(walk, walk->asked[0], text),
		"another object");
	end_all(walk);
}

/* Narrows an error down to one column and one value; then that column is given up. */
static void isolate(struct nf_walk *walk, int64_t status)
{
	char text[NF_OID_TEXT_MAX];
	if (walk->asked_len > 1) {
		walk->columns_cap = 1;
	} else if (walk->repetitions > 1) {
		walk->repetitions_cap = 1;
	} else {
		doubt(walk, "the agent gives an error (status %lld) at %s", (long long)status,
			column_text(walk, walk->asked[0], text));
		walk->done[walk->asked[0]] = true;
		walk->columns_cap = walk->repetitions_cap = UINT32_MAX;
	}
}

static void take_error(struct nf_walk *walk, int64_t status, int64_t at)
{
	bool placed = at >= 1 && at <= (int64_t)walk->asked_len;
	switch (status) {
	case NF_STATUS_TOO_BIG:
		if (nf_walk_smaller(walk))
			return;
		doubt(walk, "even a single value is too big for the agent");
		walk->done[walk->asked[0]] = true;
		return;
	case NF_STATUS_NO_SUCH_NAME:
		if (placed || walk->asked_len == 1)
			walk->done[walk->asked[placed ? at - 1 : 0]] = true;
		else
			walk->columns_cap = 1;
		return;
	case NF_STATUS_NO_ACCESS:
	case NF_STATUS_AUTHORIZATION:
		walk->state = NF_RESULT_REFUSED;
		snprintf(walk->why, sizeof walk->why,
			"the agent answers, but does not allow this: check its view or access list");
		end_all(walk);
		return;
	default:
		isolate(walk, status);
	}
}

void nf_walk_answer(struct nf_walk *walk, const struct nf_message *answer)
{
	if (answer->error_status != NF_STATUS_OK) {
		take_error(walk, answer->error_status, answer->error_index);
	} else if (!answer->len) {
		if (nf_walk_smaller(walk))
			return;
		doubt(walk, "the agent answers with nothing");
		end_all(walk);
	} else {
		well_done(walk->manners);
		if (walk->query->scalars)
			take_scalars(walk, answer);
		else
			take_columns(walk, answer);
	}
}

size_t nf_walk_values(const struct nf_walk *walk)
{
	return walk->values;
}

size_t nf_walk_rows(const struct nf_walk *walk)
{
	size_t most = 0;
	for (size_t i = 0; i < walk->query->columns_len; i++)
		if (nf_rows_len(walk->rows, i) > most)
			most = nf_rows_len(walk->rows, i);
	return most;
}

struct nf_result *nf_walk_finish(struct nf_walk *walk, enum nf_result_state state,
	const char *why, int64_t answered_wall_us)
{
	if (state == NF_RESULT_COMPLETE) {
		state = walk->state;
		why = walk->why;
		if (state == NF_RESULT_COMPLETE && !walk->query->scalars)
			remember_rows(walk);
	}
	struct nf_result *result =
		nf_rows_finish(walk->rows, state, why, walk->query->scalars, answered_wall_us);
	free(walk);
	return result;
}
