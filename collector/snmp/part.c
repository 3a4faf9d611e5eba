// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/part.h"

#include <math.h>
#include <string.h>

#include "collector/snmp/slow.h"
#include "collector/snmp/value.h"

static bool take_ids(struct nf_oid *left, size_t count, const uint32_t **ids)
{
	if (left->len < count)
		return false;
	*ids = left->ids;
	left->ids += count;
	left->len -= count;
	return true;
}

/* Sub-identifiers that are octets, as a cell. */
static bool take_octets(
	struct nf_oid *left, size_t count, struct nf_cell *cell, struct nf_arena *arena)
{
	const uint32_t *ids;
	uint8_t *octets;

	if (!take_ids(left, count, &ids))
		return false;
	octets = nf_arena_alloc(arena, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (ids[i] > UINT8_MAX)
			return false;
		octets[i] = (uint8_t)ids[i];
	}
	*cell = (struct nf_cell){
		.type = NF_CELL_OCTETS, .len = (uint32_t)count, .octets = octets};
	return true;
}

/* InetAddressType, then the length, then the octets (RFC 4001). A zone behind the address is cut off. */
static bool take_inet(struct nf_oid *left, struct nf_cell *cell, struct nf_arena *arena)
{
	const uint32_t *head;

	if (!take_ids(left, 2, &head))
		return false;
	size_t want = head[0] == 1 || head[0] == 3 ? 4 : head[0] == 2 || head[0] == 4 ? 16 : 0;
	size_t zone = head[0] == 3 || head[0] == 4 ? 4 : 0;
	if (want == 0 || head[1] != want + zone || !take_octets(left, want + zone, cell, arena))
		return false;
	cell->len = (uint32_t)want;
	return true;
}

bool nf_index_take(const struct nf_field *field, struct nf_oid *left, struct nf_cell *cell,
	struct nf_arena *arena)
{
	const uint32_t *ids;

	switch (field->index_kind) {
	case NF_INDEX_INTEGER:
		if (!take_ids(left, 1, &ids))
			return false;
		*cell = (struct nf_cell){.type = NF_CELL_INTEGER, .integer = ids[0]};
		return true;
	case NF_INDEX_MAC:
		return take_octets(left, 6, cell, arena);
	case NF_INDEX_IPV4:
		return take_octets(left, 4, cell, arena);
	case NF_INDEX_INET:
		return take_inet(left, cell, arena);
	case NF_INDEX_TEXT:
		return take_ids(left, 1, &ids) && take_octets(left, ids[0], cell, arena);
	case NF_INDEX_IMPLIED:
		return take_octets(left, left->len, cell, arena);
	case NF_INDEX_OID:
		*cell = (struct nf_cell){
			.type = NF_CELL_OID, .len = (uint32_t)left->len, .ids = left->ids};
		left->len = 0;
		return true;
	}
	return false;
}

static bool take_index(const struct nf_group *group, const struct nf_oid *index,
	struct nf_cell *cells, struct nf_arena *arena)
{
	struct nf_oid left = *index;
	bool described = false;

	for (size_t i = group->columns_len; i < group->fields_len; i++) {
		if (group->fields[i].source != NF_FIELD_INDEX)
			continue;
		described = true;
		if (!nf_index_take(&group->fields[i], &left, &cells[i], arena))
			return false;
	}
	return !described || left.len == 0;
}

/* A value of another type in a column that may hold such is absent. */
static bool fits(const struct nf_field *field, const struct nf_cell *cell)
{
	bool numeric = cell->type == NF_CELL_INTEGER || cell->type == NF_CELL_UNSIGNED;

	switch (field->format) {
	case NF_FORMAT_NUMBER:
	case NF_FORMAT_COUNTER:
	case NF_FORMAT_ENUM:
		return numeric;
	case NF_FORMAT_OID:
		return cell->type == NF_CELL_OID;
	default:
		return cell->type == NF_CELL_OCTETS || cell->type == NF_CELL_ADDRESS;
	}
}

static void take_columns(const struct nf_group *group, const struct nf_row *row,
	const struct nf_asked *asked, struct nf_cell *cells)
{
	for (size_t i = 0; i < group->columns_len; i++) {
		if (asked->column[i] < 0)
			continue;
		cells[i] = row->cells[asked->column[i]];
		if (group->fields[i].optional_type && !fits(&group->fields[i], &cells[i]))
			cells[i].type = NF_CELL_ABSENT;
	}
}

static bool has_required(const struct nf_group *group, const struct nf_record *record)
{
	for (size_t i = 0; i < group->require_len; i++) {
		const struct nf_field *f = &group->fields[group->require[i]];

		if (record->cells[group->require[i]].type == NF_CELL_ABSENT)
			return false;
		if ((!isnan(f->valid_min) || !isnan(f->valid_max)) &&
			isnan(nf_value_number(group, record, group->require[i])))
			return false;
	}
	return true;
}

bool nf_part_make(struct nf_part *part, const struct nf_group *group,
	const struct nf_result *result, const struct nf_asked *asked,
	const struct nf_slow *slow, struct nf_arena *arena)
{
	bool all_known = true;
	size_t fields = group->fields_len;

	*part = (struct nf_part){.group = group,
		.state = result->state,
		.why = nf_arena_strdup(arena, result->why),
		.answered_wall_us = result->answered_wall_us,
		.fast = asked->fast};
	if (result->state != NF_RESULT_COMPLETE)
		return true;
	part->records = nf_arena_alloc(arena, result->rows_len * sizeof *part->records + 1);
	struct nf_cell *cells =
		nf_arena_alloc(arena, result->rows_len * fields * sizeof *cells + 1);
	for (size_t i = 0; i < result->rows_len; i++, cells += fields) {
		const struct nf_row *row = &result->rows[i];
		struct nf_record *record = &part->records[part->records_len];

		*record = (struct nf_record){.key = "", .index = row->index, .cells = cells};
		take_columns(group, row, asked, cells);
		bool known =
			!asked->fast || nf_slow_put_back(slow, group, i, &row->index, cells);

		if (!group->scalars && !take_index(group, &row->index, cells, arena)) {
			part->skipped++;
		} else if (has_required(group, record)) {
			part->records_len++;
			all_known = all_known && known;
		}
	}
	return all_known;
}

struct nf_part *nf_part_of(struct nf_part *parts, size_t len, const struct nf_group *group)
{
	for (size_t i = 0; i < len; i++) {
		if (parts[i].group == group)
			return &parts[i];
	}
	return NULL;
}
