// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/plan.h"

#include <stdlib.h>
#include <string.h>

/* A reload frees the old groups: their memory of samples is kept by their names' hash. */
struct nf_kept_samples {
	uint64_t name;
	struct nf_samples *samples;
};

static uint64_t name_of(const struct nf_group *group)
{
	const char *parts[] = {group->profile->name, "/", group->name};
	uint64_t hash = NF_HASH_START;

	for (size_t i = 0; i < 3; i++)
		hash = nf_hash(hash, parts[i], strlen(parts[i]));
	return hash;
}

static void keep_samples(struct nf_plan *plan, size_t first)
{
	plan->kept = nf_xreallocarray(
		plan->kept, plan->kept_len + plan->len + 1, sizeof *plan->kept);
	for (size_t i = first; i < plan->len; i++) {
		struct nf_plan_entry *entry = &plan->entries[i];

		if (entry->samples)
			plan->kept[plan->kept_len++] =
				(struct nf_kept_samples){entry->name, entry->samples};
		entry->samples = NULL;
	}
}

static void forget_kept(struct nf_plan *plan)
{
	for (size_t i = 0; i < plan->kept_len; i++)
		nf_samples_free(plan->kept[i].samples);
	free(plan->kept);
	plan->kept = NULL;
	plan->kept_len = 0;
}

static void forget_entries(struct nf_plan *plan, size_t first)
{
	for (size_t i = first; i < plan->len; i++) {
		nf_slow_free(plan->entries[i].slow);
		nf_samples_free(plan->entries[i].samples);
	}
}

static void add_entry(struct nf_plan *plan, const struct nf_group *group)
{
	struct nf_plan_entry *entry = &plan->entries[plan->len++];

	*entry = (struct nf_plan_entry){.group = group, .name = name_of(group)};
	for (size_t i = 0; i < plan->kept_len; i++) {
		struct nf_kept_samples *kept = &plan->kept[i];

		if (kept->name == entry->name && nf_samples_fit(kept->samples, group)) {
			entry->samples = kept->samples;
			kept->samples = NULL;
		}
	}
}

void nf_plan_begin(struct nf_plan *plan, const struct nf_profiles *profiles)
{
	keep_samples(plan, 0);
	forget_entries(plan, 0);
	free(plan->entries);
	plan->entries = nf_xcalloc(1, sizeof *plan->entries);
	plan->len = 0;
	add_entry(plan, profiles->system);
}

void nf_plan_make(struct nf_plan *plan, const struct nf_profiles *profiles, const uint32_t *ids,
	size_t len)
{
	size_t groups = 1;

	keep_samples(plan, 1);
	forget_entries(plan, 1);
	for (size_t i = 0; i < profiles->items.len; i++)
		groups += profiles->items.items[i]->groups.len;
	plan->entries = nf_xreallocarray(plan->entries, groups, sizeof *plan->entries);
	plan->len = 1;
	for (size_t i = 0; i < profiles->items.len; i++) {
		const struct nf_profile *profile = profiles->items.items[i];

		if (!nf_profile_matches(profile, ids, len))
			continue;
		NF_EACH(struct nf_group, group, profile->groups)
		{
			if (group != profiles->system)
				add_entry(plan, group);
		}
	}
	/* Profiles that do not match leave their room to those that do. */
	plan->entries = nf_xreallocarray(plan->entries, plan->len, sizeof *plan->entries);
	forget_kept(plan);
}

void nf_plan_empty(struct nf_plan *plan)
{
	forget_entries(plan, 0);
	forget_kept(plan);
	free(plan->entries);
	*plan = (struct nf_plan){0};
}

/* The group whose presence decides about the whole profile was looked for and is not there. */
static bool profile_is_absent(const struct nf_plan *plan, const struct nf_plan_entry *entry)
{
	const struct nf_group *present = entry->group->profile->present;

	if (!present || present == entry->group)
		return false;
	for (size_t i = 0; i < plan->len; i++) {
		if (plan->entries[i].group == present)
			return plan->entries[i].known && !plan->entries[i].present;
	}
	return false;
}

static bool looks_into(const struct nf_group *group, const struct nf_group *other)
{
	for (size_t i = 0; i < group->fields_len; i++) {
		if (group->fields[i].source == NF_FIELD_LOOKUP &&
			group->fields[i].lookup.group == other)
			return true;
	}
	return false;
}

/* Others have rows that are shown together with this one's, or look into it: without it they are not the whole. */
static bool is_needed(const struct nf_plan *plan, const struct nf_plan_entry *entry)
{
	for (size_t i = 0; i < plan->len; i++) {
		const struct nf_plan_entry *other = &plan->entries[i];
		const char *report = other->group->report;

		if (other == entry || !other->present)
			continue;
		if (report && entry->group->report && strcmp(report, entry->group->report) == 0)
			return true;
		if (looks_into(other->group, entry->group))
			return true;
	}
	return false;
}

bool nf_plan_wants(const struct nf_plan *plan, const struct nf_plan_entry *entry,
	enum nf_poll_depth depth, int64_t mono_us)
{
	if (depth == NF_POLL_CONFIRM)
		return entry->confirm;
	if (entry->group->topology && depth != NF_POLL_TOPOLOGY)
		return false;
	if (profile_is_absent(plan, entry))
		return false;
	return !entry->known || entry->present ||
	       (entry->group->topology && is_needed(plan, entry)) ||
	       mono_us - entry->full_mono_us >= NF_PLAN_ABSENT_US;
}

static enum nf_column_kind kind_of(const struct nf_field *field)
{
	if (field->optional_type)
		return NF_COLUMN_ANY;
	switch (field->format) {
	case NF_FORMAT_NUMBER:
	case NF_FORMAT_COUNTER:
	case NF_FORMAT_ENUM:
		return NF_COLUMN_NUMBER;
	case NF_FORMAT_OID:
		return NF_COLUMN_OID;
	default:
		return NF_COLUMN_OCTETS;
	}
}

size_t nf_plan_columns(const struct nf_plan_entry *entry, enum nf_poll_depth depth,
	struct nf_column columns[NF_FIELDS_MAX], struct nf_asked *asked)
{
	const struct nf_group *group = entry->group;
	bool full = !entry->known || !entry->present || entry->refresh || group->topology ||
		    depth == NF_POLL_TOPOLOGY;
	size_t len = 0;

	asked->fast = !full;
	memset(asked->column, -1, sizeof asked->column);
	for (size_t i = 0; i < group->columns_len; i++) {
		const struct nf_field *field = &group->fields[i];

		if (!full && (field->slow || (entry->spared >> i & 1)))
			continue;
		asked->column[i] = (int8_t)len;
		columns[len++] = (struct nf_column){
			.oid = {field->oid, field->oid_len},
			     .kind = (uint8_t)kind_of(field)
		    };
	}
	/* Everything that is fast may be what the agent has not. */
	if (len == 0) {
		asked->column[0] = 0;
		columns[len++] = (struct nf_column){
			.oid = {group->fields[0].oid, group->fields[0].oid_len},
			.kind = (uint8_t)kind_of(&group->fields[0])
		   };
	}
	return len;
}

static bool in_every_record(const struct nf_part *part, size_t field)
{
	for (size_t i = 0; i < part->records_len; i++) {
		if (part->records[i].cells[field].type == NF_CELL_ABSENT)
			return false;
	}
	return true;
}

static bool in_no_record(const struct nf_part *part, size_t field)
{
	for (size_t i = 0; i < part->records_len; i++) {
		if (part->records[i].cells[field].type != NF_CELL_ABSENT)
			return false;
	}
	return true;
}

static uint64_t spare(const struct nf_part *part)
{
	const struct nf_group *group = part->group;
	uint64_t spared = 0;

	for (size_t i = 0; i < group->columns_len; i++) {
		uint8_t other = group->fields[i].instead_of;

		if (in_no_record(part, i) ||
			(other != NF_NO_FIELD && other < group->columns_len &&
				in_every_record(part, other)))
			spared |= UINT64_C(1) << i;
	}
	return spared;
}

void nf_plan_learn(struct nf_plan_entry *entry, const struct nf_part *part, bool rows_known,
	int64_t mono_us)
{
	if (part->state != NF_RESULT_COMPLETE)
		return;
	if (part->fast) {
		entry->refresh = entry->refresh || !rows_known;
		return;
	}
	entry->known = true;
	entry->refresh = false;
	entry->full_mono_us = mono_us;
	entry->spared = spare(part);
	/* Scalars are one record whose every cell may be absent. */
	entry->present =
		part->records_len > 0 &&
		(part->group->columns_len < 64
				? entry->spared != (UINT64_C(1) << part->group->columns_len) - 1
				: ~entry->spared != 0);
	nf_slow_free(entry->slow);
	entry->slow = entry->present && !part->group->topology ? nf_slow_take(part) : NULL;
}
