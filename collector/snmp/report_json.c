// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/snmp/report.h"
#include "collector/snmp/value.h"

/* What rows are compared by: their values in some fields, as texts, sorted. (A hash could be made to
 * collide by whoever sends frames with addresses of his choice.) */
struct identities {
	char **items;
	size_t len, cap;
};

static void put_number(struct nf_json *json, const struct nf_cell *cell)
{
	if (cell->type == NF_CELL_INTEGER)
		nf_json_i64(json, cell->integer);
	else
		nf_json_u64(json, cell->number);
}

static void put_value(struct nf_json *json, const struct nf_group *group,
	const struct nf_record *record, size_t field)
{
	const struct nf_field *f = &group->fields[field];
	const struct nf_cell *cell = &record->cells[field];

	if (f->source == NF_FIELD_COMPUTED) {
		nf_json_double(json, nf_value_number(group, record, field));
	} else if ((cell->type == NF_CELL_INTEGER || cell->type == NF_CELL_UNSIGNED) &&
		   (f->format != NF_FORMAT_ENUM || !nf_field_enum(f, cell->integer))) {
		put_number(json, cell);
	} else {
		struct nf_strbuf text = {0};

		nf_value_text(group, record, field, &text);
		nf_json_text(json, text.data, text.len);
		nf_strbuf_free(&text);
	}
}

static bool is_shown(const struct nf_group *group, const struct nf_record *record, size_t field,
	bool counters)
{
	const struct nf_field *f = &group->fields[field];

	if (f->hidden || (!counters && f->format == NF_FORMAT_COUNTER))
		return false;
	if (f->source == NF_FIELD_COMPUTED)
		return !isnan(nf_value_number(group, record, field));
	if (record->cells[field].type == NF_CELL_ABSENT)
		return false;
	return f->instead_of == NF_NO_FIELD ||
	       record->cells[f->instead_of].type == NF_CELL_ABSENT;
}

/* vlan: whose context it was asked in; the table itself does not say. */
static void put_record(struct nf_json *json, const struct nf_group *group,
	const struct nf_record *record, bool counters, uint16_t vlan)
{
	nf_json_object(json);
	if (vlan) {
		nf_json_key(json, "vlan");
		nf_json_u64(json, vlan);
	}
	for (size_t i = 0; i < group->fields_len; i++) {
		if (!is_shown(group, record, i, counters))
			continue;
		nf_json_key(json, group->fields[i].name);
		put_value(json, group, record, i);
	}
	nf_json_end(json);
}

static bool any_shown(const struct nf_group *group, const struct nf_record *record)
{
	for (size_t i = 0; i < group->fields_len; i++) {
		if (is_shown(group, record, i, true))
			return true;
	}
	return false;
}

static char *identity_of(const struct nf_text_list *merge, const struct nf_group *group,
	const struct nf_record *record)
{
	struct nf_strbuf text = {0};

	for (size_t i = 0; i < merge->len; i++) {
		uint8_t field = nf_group_field(group, merge->items[i]);

		if (field != NF_NO_FIELD)
			nf_value_text(group, record, field, &text);
		nf_strbuf_putc(&text, '\n');
	}
	return nf_strbuf_take(&text);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void learn(
	struct identities *known, const struct nf_text_list *merge, const struct nf_part *part)
{
	for (size_t i = 0; i < part->records_len; i++) {
		known->items =
			nf_grow(known->items, known->len, &known->cap, sizeof *known->items);
		known->items[known->len++] = identity_of(merge, part->group, &part->records[i]);
	}
}

static bool is_known(const struct identities *known, const struct nf_text_list *merge,
	const struct nf_group *group, const struct nf_record *record)
{
	char *text = identity_of(merge, group, record);
	bool found = known->len &&
		     bsearch(&text, known->items, known->len, sizeof *known->items, by_text);

	free(text);
	return found;
}

static void forget(struct identities *known)
{
	for (size_t i = 0; i < known->len; i++)
		free(known->items[i]);
	free(known->items);
}

static bool is_of(const struct nf_part *part, const char *name)
{
	return part->group->report && strcmp(part->group->report, name) == 0;
}

static bool is_complete(const struct nf_report *report, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < report->parts_len; i++) {
		if (!is_of(&report->parts[i], name))
			continue;
		if (report->parts[i].state != NF_RESULT_COMPLETE)
			return false;
		any = true;
	}
	return any;
}

/* The identities of the rows in parts of this name before `end`. */
static struct identities earlier_rows(
	const struct nf_report *report, const char *name, const struct nf_part *end)
{
	struct identities known = {0};

	for (const struct nf_part *part = report->parts; part < end; part++) {
		if (is_of(part, name))
			learn(&known, &end->group->merge, part);
	}
	if (known.len)
		qsort(known.items, known.len, sizeof *known.items, by_text);
	return known;
}

static void put_part(struct nf_json *json, const struct nf_report *report, const char *name,
	const struct nf_part *part, bool counters)
{
	const struct nf_text_list *merge = &part->group->merge;
	struct identities known = {0};

	if (merge->len)
		known = earlier_rows(report, name, part);
	for (size_t i = 0; i < part->records_len; i++) {
		if (!merge->len || !is_known(&known, merge, part->group, &part->records[i]))
			put_record(json, part->group, &part->records[i], counters, part->vlan);
	}
	forget(&known);
}

static void put_list(
	struct nf_json *json, const struct nf_report *report, const char *name, bool counters)
{
	nf_json_array(json);
	for (size_t i = 0; i < report->parts_len; i++) {
		if (is_of(&report->parts[i], name))
			put_part(json, report, name, &report->parts[i], counters);
	}
	nf_json_end(json);
}

static const struct nf_part *scalars_of(const struct nf_report *report, const char *name)
{
	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (is_of(part, name) && part->group->scalars)
			return part;
	}
	return NULL;
}

/* The first part of its name, so that a name is written once. */
static bool is_first(const struct nf_report *report, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (is_of(&report->parts[i], report->parts[at].group->report))
			return false;
	}
	return true;
}

static void put_name(struct nf_json *json, const struct nf_report *report, const char *name)
{
	const struct nf_part *scalars = scalars_of(report, name);

	if (!is_complete(report, name))
		return;
	if (!scalars) {
		nf_json_key(json, name);
		put_list(json, report, name, true);
	} else if (scalars->records_len && any_shown(scalars->group, scalars->records)) {
		nf_json_key(json, name);
		put_record(json, scalars->group, scalars->records, true, 0);
	}
}

static void put_incomplete(struct nf_json *json, const struct nf_report *report)
{
	nf_json_key(json, "incomplete");
	nf_json_array(json);
	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (part->state == NF_RESULT_COMPLETE)
			continue;
		nf_json_object(json);
		nf_json_key(json, "table");
		nf_json_puts(json, part->group->name);
		nf_json_key(json, "why");
		nf_json_puts(json, part->why);
		nf_json_end(json);
	}
	nf_json_end(json);
}

static void put_engine(struct nf_json *json, const struct nf_report *report)
{
	char hex[2 * NF_ENGINE_ID_MAX + 1];
	if (report->engine_id_len == 0)
		return;
	for (size_t i = 0; i < report->engine_id_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", report->engine_id[i]);
	nf_json_key(json, "engine_id");
	nf_json_puts(json, hex);
}

void nf_report_json(const struct nf_report *report, struct nf_json *json)
{
	nf_json_object(json);
	nf_json_key(json, "answered");
	nf_json_bool(json, report->answered);
	nf_json_key(json, "error");
	nf_json_puts(json, *report->error ? report->error : NULL);
	put_engine(json, report);
	for (size_t i = 0; i < report->parts_len; i++) {
		if (report->parts[i].group->report && is_first(report, i))
			put_name(json, report, report->parts[i].group->report);
	}
	if (report->answered && !report->complete)
		put_incomplete(json, report);
	nf_json_key(json, "complete");
	nf_json_bool(json, report->complete);
	nf_json_end(json);
}

bool nf_report_fact(const struct nf_report *report, const char *name, struct nf_json *json)
{
	const struct nf_part *scalars = scalars_of(report, name);

	if (!is_complete(report, name) || (scalars && scalars->records_len == 0))
		return false;
	if (scalars)
		put_record(json, scalars->group, scalars->records, false, 0);
	else
		put_list(json, report, name, false);
	return true;
}
