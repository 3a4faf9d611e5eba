// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/snmp/oid.h"

struct entry {
	uint32_t index_at; /* in ids */
	uint8_t index_len;
	uint8_t type, asn_type;
	uint32_t len;
	union {
		int64_t integer;
		uint64_t number;
		size_t at; /* in octets or ids */
	};
};

struct column {
	struct entry *entries;
	size_t len, cap;
	size_t guess; /* where column 0 probably has the next index */
};

struct nf_rows {
	size_t columns_len;
	uint32_t *ids;
	size_t ids_len, ids_cap;
	uint8_t *octets;
	size_t octets_len, octets_cap;
	struct column columns[];
};

struct nf_rows *nf_rows_new(size_t columns)
{
	struct nf_rows *rows = nf_xcalloc(1, sizeof *rows + columns * sizeof *rows->columns);
	rows->columns_len = columns;
	return rows;
}

void nf_rows_free(struct nf_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < rows->columns_len; i++)
		free(rows->columns[i].entries);
	free(rows->ids);
	free(rows->octets);
	free(rows);
}

static size_t add_ids(struct nf_rows *rows, const uint32_t *ids, size_t len)
{
	while (rows->ids_cap - rows->ids_len < len || !rows->ids) {
		rows->ids_cap = rows->ids_cap ? rows->ids_cap * 2 : 128;
		rows->ids = nf_xreallocarray(rows->ids, rows->ids_cap, sizeof *rows->ids);
	}
	if (len)
		memcpy(rows->ids + rows->ids_len, ids, len * sizeof *ids);
	rows->ids_len += len;
	return rows->ids_len - len;
}

static size_t add_octets(struct nf_rows *rows, const uint8_t *octets, size_t len)
{
	while (rows->octets_cap - rows->octets_len < len || !rows->octets) {
		rows->octets_cap = rows->octets_cap ? rows->octets_cap * 2 : 256;
		rows->octets = nf_xreallocarray(rows->octets, rows->octets_cap, 1);
	}
	if (len)
		memcpy(rows->octets + rows->octets_len, octets, len);
	rows->octets_len += len;
	return rows->octets_len - len;
}

static uint32_t place_index(
	struct nf_rows *rows, struct column *column, const struct nf_oid *index)
{
	const struct column *first = &rows->columns[0];
	while (column != first && column->guess < first->len) {
		const struct entry *entry = &first->entries[column->guess];
		struct nf_oid there = {rows->ids + entry->index_at, entry->index_len};
		int order = nf_oid_compare(&there, index);
		if (order > 0)
			break;
		column->guess++;
		if (order == 0)
			return entry->index_at;
	}
	return (uint32_t)add_ids(rows, index->ids, index->len);
}

void nf_rows_add(struct nf_rows *rows, size_t column, const struct nf_oid *index,
	const struct nf_cell *cell)
{
	struct column *to = &rows->columns[column];
	struct entry entry = {
		.index_at = place_index(rows, to, index),
		.index_len = (uint8_t)index->len,
		.type = cell->type,
		.asn_type = cell->asn_type,
		.len = cell->len,
		.number = cell->number,
	};
	if (cell->type == NF_CELL_OCTETS || cell->type == NF_CELL_ADDRESS)
		entry.at = add_octets(rows, cell->octets, cell->len);
	else if (cell->type == NF_CELL_OID)
		entry.at = add_ids(rows, cell->ids, cell->len);
	to->entries = nf_grow(to->entries, to->len, &to->cap, sizeof *to->entries);
	to->entries[to->len++] = entry;
}

size_t nf_rows_len(const struct nf_rows *rows, size_t column)
{
	return rows->columns[column].len;
}

struct nf_oid nf_rows_last(const struct nf_rows *rows, size_t column)
{
	const struct column *c = &rows->columns[column];
	if (!c->len)
		return (struct nf_oid){0};
	const struct entry *last = &c->entries[c->len - 1];
	return (struct nf_oid){rows->ids + last->index_at, last->index_len};
}

size_t nf_rows_bytes(const struct nf_rows *rows)
{
	size_t bytes = rows->octets_cap + rows->ids_cap * sizeof *rows->ids;
	for (size_t i = 0; i < rows->columns_len; i++)
		bytes += rows->columns[i].cap * sizeof(struct entry);
	return bytes;
}

static int compare_index(
	const struct nf_rows *rows, const struct entry *a, const struct entry *b)
{
	if (a->index_at == b->index_at && a->index_len == b->index_len)
		return 0;
	struct nf_oid x = {rows->ids + a->index_at, a->index_len};
	struct nf_oid y = {rows->ids + b->index_at, b->index_len};
	return nf_oid_compare(&x, &y);
}

/* The lowest index that is next in any column, or NULL at the end of all. */
static const struct entry *lowest(const struct nf_rows *rows, const size_t *at)
{
	const struct entry *low = NULL;
	for (size_t i = 0; i < rows->columns_len; i++) {
		if (at[i] == rows->columns[i].len)
			continue;
		const struct entry *next = &rows->columns[i].entries[at[i]];
		if (!low || compare_index(rows, next, low) < 0)
			low = next;
	}
	return low;
}

static size_t count_rows(const struct nf_rows *rows, size_t *at)
{
	size_t len = 0;
	for (const struct entry *low; (low = lowest(rows, at)); len++)
		for (size_t i = 0; i < rows->columns_len; i++)
			if (at[i] < rows->columns[i].len &&
				compare_index(rows, &rows->columns[i].entries[at[i]], low) == 0)
				at[i]++;
	memset(at, 0, rows->columns_len * sizeof *at);
	return len;
}

static struct nf_cell cell_of(
	const struct entry *entry, const uint32_t *ids, const uint8_t *octets)
{
	struct nf_cell cell = {
		.type = entry->type,
		.asn_type = entry->asn_type,
		.len = entry->len,
		.number = entry->number,
	};
	if (entry->type == NF_CELL_OCTETS || entry->type == NF_CELL_ADDRESS)
		cell.octets = octets + entry->at;
	else if (entry->type == NF_CELL_OID)
		cell.ids = ids + entry->at;
	return cell;
}

static void merge(const struct nf_rows *rows, size_t *at, struct nf_result *result,
	const uint32_t *ids, const uint8_t *octets)
{
	struct nf_row *row = result->rows;
	for (const struct entry *low; (low = lowest(rows, at)); row++) {
		row->index = (struct nf_oid){ids + low->index_at, low->index_len};
		for (size_t i = 0; i < rows->columns_len; i++) {
			const struct entry *next = &rows->columns[i].entries[at[i]];
			if (at[i] == rows->columns[i].len ||
				compare_index(rows, next, low) != 0)
				continue;
			row->cells[i] = cell_of(next, ids, octets);
			at[i]++;
		}
	}
}

struct nf_result *nf_rows_finish(struct nf_rows *rows, enum nf_result_state state,
	const char *why, bool one_row, int64_t answered_wall_us)
{
	size_t *at = nf_xcalloc(rows->columns_len, sizeof *at);
	size_t len = count_rows(rows, at);
	bool empty_row = len == 0 && one_row;
	size_t room = len + empty_row, cells = room * rows->columns_len,
	       why_len = strlen(why) + 1;
	size_t size = sizeof(struct nf_result) + room * sizeof(struct nf_row) +
		      cells * sizeof(struct nf_cell) + rows->ids_len * sizeof *rows->ids +
		      rows->octets_len + why_len;

	/* one block, the parts in the order of their alignment */
	struct nf_result *result = nf_xcalloc(1, size);
	struct nf_cell *cell = (void *)(result + 1);
	result->rows = (void *)(cell + cells);
	uint32_t *ids = (void *)(result->rows + room);
	uint8_t *octets = (void *)(ids + rows->ids_len);
	char *text = (char *)octets + rows->octets_len;
	if (rows->ids_len)
		memcpy(ids, rows->ids, rows->ids_len * sizeof *ids);
	if (rows->octets_len)
		memcpy(octets, rows->octets, rows->octets_len);
	memcpy(text, why, why_len);
	for (size_t i = 0; i < room; i++)
		result->rows[i].cells = cell + i * rows->columns_len;
	result->state = state;
	result->why = text;
	result->rows_len = room;
	result->answered_wall_us = answered_wall_us;
	merge(rows, at, result, ids, octets);
	free(at);
	nf_rows_free(rows);
	return result;
}
