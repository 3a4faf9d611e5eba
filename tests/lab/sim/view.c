// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/view.h"

#include <string.h>

const struct nf_sim_rule *nf_sim_rule_of(
	const struct nf_sim_rules *rules, const uint32_t *ids, size_t len)
{
	for (size_t i = 0; i < rules->len; i++) {
		if (nf_sim_oid_within(ids, len, &rules->items[i].oid))
			return &rules->items[i];
	}
	return NULL;
}

/* The subtree that hides this entry: taken away, or replaced by an endless table. */
static const struct nf_sim_rule *hidden_by(
	const struct nf_sim_options *options, const struct nf_sim_entry *entry)
{
	const struct nf_sim_rule *rule =
		nf_sim_rule_of(&options->hide, entry->ids, entry->ids_len);

	return rule ? rule : nf_sim_rule_of(&options->endless, entry->ids, entry->ids_len);
}

/* The first entry of one part from at[] on that is shown; NULL at its end. */
static const struct nf_sim_entry *candidate(struct nf_sim_cursor *cursor, size_t part)
{
	const struct nf_sim_mib *mib = cursor->agent->parts[part];
	const struct nf_sim_options *options = &cursor->agent->options;

	while (mib && cursor->at[part] < mib->len) {
		const struct nf_sim_entry *entry = &mib->entries[cursor->at[part]];
		const struct nf_sim_rule *rule = NULL;

		if (options->hide.len + options->endless.len > 0)
			rule = hidden_by(options, entry);
		if (!rule)
			return entry;
		cursor->at[part] = nf_sim_mib_behind(mib, &rule->oid);
	}
	return NULL;
}

/* The row of the endless table that follows ids; false behind its last. */
static bool endless_after(
	const struct nf_sim_rule *rule, const uint32_t *ids, size_t len, struct nf_sim_oid *out)
{
	uint32_t column = 1;
	uint32_t row = 1;

	if (nf_sim_oid_within(ids, len, &rule->oid)) {
		size_t depth = rule->oid.len;

		column = len > depth ? ids[depth] : 0;
		row = len > depth + 1 ? ids[depth + 1] : 0;
		if (column == 0 || row >= rule->number) {
			column++;
			row = 0;
		}
		row++;
	} else if (nf_sim_oid_compare(ids, len, rule->oid.ids, rule->oid.len) > 0) {
		return false;
	}
	if (column > rule->columns || rule->number == 0)
		return false;
	*out = rule->oid;
	nf_sim_oid_append(out, column);
	nf_sim_oid_append(out, row);
	return true;
}

/* An endless row's value is that of the first row the table really has in the column, so that its types
 * are right (an INTEGER first column is an index: the row's number); where there is none, 1. */
static const struct nf_sim_entry *make_row(
	struct nf_sim_cursor *cursor, const struct nf_sim_oid *oid)
{
	struct nf_sim_entry *made = &cursor->made;
	uint8_t content[NF_SIM_BER_OID_MAX];
	size_t len = nf_sim_ber_oid(content, oid->ids, oid->len);
	uint8_t *end = nf_sim_ber_put_head(cursor->made_element, NF_SIM_OBJECT, len);
	struct nf_sim_oid column = *oid;

	memcpy(end, content, len);
	cursor->made_oid = *oid;
	column.len--;
	*made = (struct nf_sim_entry){
		.tag = NF_SIM_INTEGER, .bytes = (const uint8_t *)"\1", .len = 1};
	for (size_t part = 0; part < NF_SIM_PARTS; part++) {
		const struct nf_sim_mib *mib = cursor->agent->parts[part];
		size_t at = mib ? nf_sim_mib_seek(mib, column.ids, column.len) : 0;

		if (mib && at < mib->len &&
			nf_sim_oid_within(
				mib->entries[at].ids, mib->entries[at].ids_len, &column)) {
			*made = mib->entries[at];
			break;
		}
	}
	made->ids = cursor->made_oid.ids;
	made->ids_len = (uint16_t)oid->len;
	made->oid = cursor->made_element;
	made->oid_len = (uint16_t)((size_t)(end - cursor->made_element) + len);
	made->row = oid->ids[oid->len - 1];
	if (column.ids[column.len - 1] == 1 && made->bytes && made->tag == NF_SIM_INTEGER) {
		made->bytes = cursor->made_number;
		made->len = (uint32_t)nf_sim_ber_signed(cursor->made_number, made->row);
	}
	return made;
}

static void seek(struct nf_sim_cursor *cursor, const uint32_t *ids, size_t len, bool after)
{
	for (size_t part = 0; part < NF_SIM_PARTS; part++) {
		const struct nf_sim_mib *mib = cursor->agent->parts[part];
		size_t at = mib ? nf_sim_mib_seek(mib, ids, len) : 0;

		if (mib && after && at < mib->len &&
			nf_sim_oid_compare(
				mib->entries[at].ids, mib->entries[at].ids_len, ids, len) == 0)
			at++;
		cursor->at[part] = at;
	}
}

/* The endless row that comes next, if any is before `best`. */
static bool endless_next(
	struct nf_sim_cursor *cursor, const struct nf_sim_entry *best, struct nf_sim_oid *out)
{
	const struct nf_sim_rules *endless = &cursor->agent->options.endless;
	struct nf_sim_oid row;
	bool found = false;

	for (size_t i = 0; i < endless->len; i++) {
		if (!endless_after(&endless->items[i], cursor->ids, cursor->ids_len, &row))
			continue;
		if (best && nf_sim_oid_compare(row.ids, row.len, best->ids, best->ids_len) >= 0)
			continue;
		if (!found || nf_sim_oid_compare(row.ids, row.len, out->ids, out->len) < 0)
			*out = row;
		found = true;
	}
	return found;
}

static const struct nf_sim_entry *step(struct nf_sim_cursor *cursor)
{
	const struct nf_sim_entry *best = NULL;
	size_t from = 0;
	struct nf_sim_oid row;

	for (size_t part = 0; part < NF_SIM_PARTS; part++) {
		const struct nf_sim_entry *entry = candidate(cursor, part);
		int order = entry && best ? nf_sim_oid_compare(entry->ids, entry->ids_len,
						    best->ids, best->ids_len)
					  : -1;

		if (entry && order == 0) {
			cursor->at[part]++; /* laid over by an earlier part */
		} else if (entry && order < 0) {
			best = entry;
			from = part;
		}
	}
	if (cursor->agent->options.endless.len > 0 && endless_next(cursor, best, &row))
		return make_row(cursor, &row);
	if (best)
		cursor->at[from]++;
	return best;
}

void nf_sim_cursor_start(
	struct nf_sim_cursor *cursor, struct nf_sim_agent *agent, const struct nf_sim_oid *oid)
{
	cursor->agent = agent;
	cursor->ids = oid->ids;
	cursor->ids_len = oid->len;
	seek(cursor, oid->ids, oid->len, true);
}

static const struct nf_sim_entry *jump(struct nf_sim_cursor *cursor, bool *jumped)
{
	const struct nf_sim_rules *jumps = &cursor->agent->options.jump;

	*jumped = false;
	for (size_t i = 0; i < jumps->len; i++) {
		const struct nf_sim_rule *rule = &jumps->items[i];

		if (nf_sim_oid_compare(
			    cursor->ids, cursor->ids_len, rule->oid.ids, rule->oid.len) != 0)
			continue;
		nf_sim_cursor_start(cursor, cursor->agent, &rule->to);
		*jumped = true;
		return nf_sim_cursor_get(cursor, cursor->agent, &rule->to);
	}
	return NULL;
}

const struct nf_sim_entry *nf_sim_cursor_next(struct nf_sim_cursor *cursor)
{
	const struct nf_sim_entry *entry = NULL;
	bool jumped = false;

	if (cursor->agent->options.jump.len > 0) {
		entry = jump(cursor, &jumped);
		if (!jumped)
			seek(cursor, cursor->ids, cursor->ids_len, true);
	}
	if (!entry)
		entry = step(cursor);
	if (entry) {
		cursor->ids = entry->ids;
		cursor->ids_len = entry->ids_len;
	}
	return entry;
}

static bool in_endless(const struct nf_sim_rule *rule, const struct nf_sim_oid *oid)
{
	size_t depth = rule->oid.len;

	return oid->len == depth + 2 && oid->ids[depth] >= 1 &&
	       oid->ids[depth] <= rule->columns && oid->ids[depth + 1] >= 1 &&
	       oid->ids[depth + 1] <= rule->number;
}

const struct nf_sim_entry *nf_sim_cursor_get(
	struct nf_sim_cursor *cursor, struct nf_sim_agent *agent, const struct nf_sim_oid *oid)
{
	const struct nf_sim_rule *endless =
		nf_sim_rule_of(&agent->options.endless, oid->ids, oid->len);

	cursor->agent = agent;
	if (endless)
		return in_endless(endless, oid) ? make_row(cursor, oid) : NULL;
	if (nf_sim_rule_of(&agent->options.hide, oid->ids, oid->len))
		return NULL;
	for (size_t part = 0; part < NF_SIM_PARTS; part++) {
		const struct nf_sim_mib *mib = agent->parts[part];
		size_t at = mib ? nf_sim_mib_seek(mib, oid->ids, oid->len) : 0;

		if (mib && at < mib->len &&
			nf_sim_oid_compare(mib->entries[at].ids, mib->entries[at].ids_len,
				oid->ids, oid->len) == 0)
			return &mib->entries[at];
	}
	return NULL;
}

bool nf_sim_view_has_object(const struct nf_sim_agent *agent, const struct nf_sim_oid *oid)
{
	struct nf_sim_oid object = *oid;

	if (object.len < 2 || nf_sim_rule_of(&agent->options.hide, oid->ids, oid->len))
		return false;
	object.len--;
	for (size_t part = 0; part < NF_SIM_PARTS; part++) {
		const struct nf_sim_mib *mib = agent->parts[part];
		size_t at = mib ? nf_sim_mib_seek(mib, object.ids, object.len) : 0;

		if (mib && at < mib->len &&
			nf_sim_oid_within(
				mib->entries[at].ids, mib->entries[at].ids_len, &object))
			return true;
	}
	return false;
}
