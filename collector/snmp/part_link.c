// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "collector/snmp/part.h"
#include "collector/snmp/value.h"

/* A row of the group looked into, by the number it is looked up with. */
struct target {
	int64_t number;
	const struct nf_record *record;
};

static bool integer_of(const struct nf_cell *cell, int64_t *out)
{
	if (cell->type != NF_CELL_INTEGER && cell->type != NF_CELL_UNSIGNED)
		return false;
	*out = cell->integer;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

static size_t sort_targets(const struct nf_part *from, uint8_t where, struct target *targets)
{
	size_t len = 0;

	for (size_t i = 0; i < from->records_len; i++) {
		targets[len].record = &from->records[i];
		len += integer_of(&from->records[i].cells[where], &targets[len].number);
	}
	qsort(targets, len, sizeof *targets, by_number);
	return len;
}

static bool same_cell(const struct nf_cell *a, const struct nf_cell *b)
{
	int64_t x, y;

	return integer_of(a, &x) && integer_of(b, &y) && x == y;
}

/* What the matching rows agree on; NULL when none matches, absent when they do not agree. */
static const struct nf_cell *find(
	const struct target *targets, size_t len, int64_t number, uint8_t take)
{
	static const struct nf_cell absent;
	const struct nf_cell *found = NULL;
	size_t low = 0, high = len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (targets[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < len && targets[low].number == number; low++) {
		const struct nf_cell *cell = &targets[low].record->cells[take];

		if (found && !same_cell(found, cell))
			return &absent;
		found = cell;
	}
	return found;
}

static void link_field(struct nf_part *part, size_t field, const struct nf_part *from)
{
	const struct nf_field *f = &part->group->fields[field];
	struct target *targets = nf_xcalloc(from->records_len + 1, sizeof *targets);
	size_t len = sort_targets(from, f->lookup.where, targets);

	for (size_t i = 0; i < part->records_len; i++) {
		/* Made by nf_part_make and not shown to anyone yet. */
		struct nf_cell *cells = (struct nf_cell *)(uintptr_t)part->records[i].cells;
		const struct nf_cell *found = NULL;
		int64_t number;

		if (integer_of(&cells[f->lookup.equals], &number))
			found = find(targets, len, number, f->lookup.take);
		if (!found && f->lookup.otherwise != NF_NO_FIELD)
			found = &cells[f->lookup.otherwise];
		if (found)
			cells[field] = *found;
	}
	free(targets);
}

static void spoil(struct nf_part *part, const struct nf_part *from, struct nf_arena *arena)
{
	part->state = NF_RESULT_INCOMPLETE;
	part->why =
		nf_arena_printf(arena, "needs %s, which is not complete", from->group->name);
	part->records_len = 0;
}

/* Of several parts of a group the one of the same VLAN; a group that is not asked so has one for all. */
static const struct nf_part *part_beside(
	const struct nf_part *parts, size_t len, const struct nf_group *group, uint16_t vlan)
{
	for (size_t i = 0; i < len; i++) {
		if (parts[i].group == group && (!group->per_vlan || parts[i].vlan == vlan))
			return &parts[i];
	}
	return NULL;
}

void nf_part_link(struct nf_part *parts, size_t len, struct nf_arena *arena)
{
	static const struct nf_part nothing;

	for (struct nf_part *part = parts; part < parts + len; part++) {
		if (part->state != NF_RESULT_COMPLETE)
			continue;
		for (size_t i = 0; i < part->group->fields_len; i++) {
			const struct nf_field *field = &part->group->fields[i];
			const struct nf_part *from;

			if (field->source != NF_FIELD_LOOKUP)
				continue;
			from = part_beside(parts, len, field->lookup.group, part->vlan);
			if (from && from->state != NF_RESULT_COMPLETE)
				spoil(part, from, arena);
			else
				link_field(part, i, from ? from : &nothing);
		}
	}
}

/* The text of a key field, shown and cut; NULL when it has none. */
static const char *key_text(const struct nf_group *group, const struct nf_record *record,
	uint8_t field, struct nf_arena *arena)
{
	struct nf_strbuf raw = {0}, shown = {0};
	const char *text = NULL;

	if (nf_value_text(group, record, field, &raw)) {
		/* Windows ends its names in a NUL, others in blanks. */
		while (raw.len &&
			(raw.data[raw.len - 1] == '\0' || raw.data[raw.len - 1] == ' '))
			raw.len--;
		nf_text_escape(&shown, raw.data, raw.len, NF_KEY_MAX);
		if (shown.len)
			text = nf_arena_strdup(arena, shown.data);
	}
	nf_strbuf_free(&raw);
	nf_strbuf_free(&shown);
	return text;
}

static void first_key(
	const struct nf_group *group, struct nf_record *record, struct nf_arena *arena)
{
	for (size_t i = 0; i < group->key_len; i++) {
		const char *text = key_text(group, record, group->key[i], arena);

		if (text) {
			record->key = text;
			return;
		}
	}
	record->key = "";
}

static const char *with_index(const struct nf_record *record, struct nf_arena *arena)
{
	struct nf_strbuf text = {0};

	nf_strbuf_printf(&text, "%s #", record->key);
	for (size_t i = 0; i < record->index.len; i++)
		nf_strbuf_printf(&text, i ? ".%u" : "%u", (unsigned)record->index.ids[i]);
	const char *key = nf_arena_strdup(arena, text.data);
	nf_strbuf_free(&text);
	return key;
}

static int by_key(const void *a, const void *b)
{
	const struct nf_record *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

/* Calls rename for every record that shares its key with another; true when there were any. */
static bool each_double(const struct nf_part *part, struct nf_record **sorted,
	const char *(*rename)(
		const struct nf_part *, const struct nf_record *, struct nf_arena *),
	struct nf_arena *arena)
{
	bool any = false;

	for (size_t i = 0; i < part->records_len; i++)
		sorted[i] = &part->records[i];
	qsort(sorted, part->records_len, sizeof *sorted, by_key);
	for (size_t from = 0, to; from < part->records_len; from = to) {
		const char *key = sorted[from]->key;

		for (to = from + 1;
			to < part->records_len && strcmp(sorted[to]->key, key) == 0;)
			to++;
		if (to - from == 1)
			continue;
		any = true;
		for (size_t i = from; i < to; i++)
			sorted[i]->key = rename(part, sorted[i], arena);
	}
	return any;
}

/* Puts the key fields after the one that names it behind the name: "lo0 loopback". */
static const char *longer_key(
	const struct nf_part *part, const struct nf_record *record, struct nf_arena *arena)
{
	const struct nf_group *group = part->group;

	for (size_t i = 0; i < group->key_len; i++) {
		const char *text = key_text(group, record, group->key[i], arena);

		if (text && strcmp(text, record->key) != 0)
			return nf_arena_printf(arena, "%s %s", record->key, text);
	}
	return with_index(record, arena);
}

static const char *indexed_key(
	const struct nf_part *part, const struct nf_record *record, struct nf_arena *arena)
{
	(void)part;
	return with_index(record, arena);
}

void nf_part_name(struct nf_part *part, struct nf_arena *arena)
{
	struct nf_record **sorted;

	if (part->group->scalars || part->group->key_len == 0)
		return;
	for (size_t i = 0; i < part->records_len; i++)
		first_key(part->group, &part->records[i], arena);
	sorted = nf_xcalloc(part->records_len + 1, sizeof(*sorted));
	if (each_double(part, sorted, longer_key, arena) &&
		each_double(part, sorted, indexed_key, arena))
		each_double(part, sorted, indexed_key, arena);
	free(sorted);
}
