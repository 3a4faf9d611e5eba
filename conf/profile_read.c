// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>

#include "conf/profile_yaml.h"

#define COUNT(array)	(sizeof(array) / sizeof *(array))
#define FIELD(member)	offsetof(struct nf_field, member)
#define GROUP(member)	offsetof(struct nf_group, member)
#define PROFILE(member) offsetof(struct nf_profile, member)
#define WHOLE		0 /* the reader takes the whole struct */

static const char *const format_words[] = {[NF_FORMAT_NUMBER] = "number",
	[NF_FORMAT_COUNTER] = "counter",
	[NF_FORMAT_ENUM] = "enum",
	[NF_FORMAT_TEXT] = "text",
	[NF_FORMAT_NUMBER_TEXT] = "number-text",
	[NF_FORMAT_MAC] = "mac",
	[NF_FORMAT_ADDRESS] = "address",
	[NF_FORMAT_NET_ADDRESS] = "net-address",
	[NF_FORMAT_OID] = "oid"};

static const char *const index_words[] = {[NF_INDEX_INTEGER] = "integer",
	[NF_INDEX_MAC] = "mac",
	[NF_INDEX_IPV4] = "ipv4",
	[NF_INDEX_INET] = "inet",
	[NF_INDEX_TEXT] = "text",
	[NF_INDEX_IMPLIED] = "implied",
	[NF_INDEX_OID] = "oid"};

static const enum nf_field_format index_formats[] = {[NF_INDEX_INTEGER] = NF_FORMAT_NUMBER,
	[NF_INDEX_MAC] = NF_FORMAT_MAC,
	[NF_INDEX_IPV4] = NF_FORMAT_ADDRESS,
	[NF_INDEX_INET] = NF_FORMAT_ADDRESS,
	[NF_INDEX_TEXT] = NF_FORMAT_TEXT,
	[NF_INDEX_IMPLIED] = NF_FORMAT_TEXT,
	[NF_INDEX_OID] = NF_FORMAT_OID};

static void read_format(struct nf_reader *r, yaml_node_t *node, void *target)
{
	int word = nf_read_word(r, node, format_words, COUNT(format_words));

	if (word >= 0)
		*(enum nf_field_format *)target = (enum nf_field_format)word;
}

static void read_field_oid(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	nf_read_oid(r, node, &field->oid, &field->oid_len);
}

static void read_enum_names(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	if (node->type != YAML_MAPPING_NODE) {
		nf_read_error(r, node, "\"name: number\" pairs are expected here");
		return;
	}
	yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
	size_t count = (size_t)(node->data.mapping.pairs.top - pairs);

	field->format = NF_FORMAT_ENUM;
	field->names.items = nf_arena_alloc(r->arena, count * sizeof *field->names.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_enum_name *out = &field->names.items[field->names.len];
		yaml_node_t *value = yaml_document_get_node(r->doc, pairs[i].value);

		nf_read_name(r, yaml_document_get_node(r->doc, pairs[i].key), &out->name);
		if (!out->name || !nf_read_integer(r, value, &out->value))
			continue;
		if (nf_field_enum(field, out->value))
			nf_read_error(r, value, "two names for one number");
		field->names.len++;
	}
}

static void read_valid(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	if (node->type != YAML_SEQUENCE_NODE || nf_read_count(node) != 2) {
		nf_read_error(r, node, "[smallest, largest] is expected here");
		return;
	}
	if (nf_read_number(r, nf_read_item(r, node, 0), &field->valid_min) &&
		nf_read_number(r, nf_read_item(r, node, 1), &field->valid_max) &&
		!(field->valid_min <= field->valid_max))
		nf_read_error(r, node, "the smallest is above the largest");
}

static void read_format_cases(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	if (node->type != YAML_MAPPING_NODE) {
		nf_read_error(r, node, "\"number: type\" pairs are expected here");
		return;
	}
	yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
	size_t count = (size_t)(node->data.mapping.pairs.top - pairs);

	field->format_cases.items =
		nf_arena_alloc(r->arena, count * sizeof *field->format_cases.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_format_case *out =
			&field->format_cases.items[field->format_cases.len];

		if (nf_read_integer(
			    r, yaml_document_get_node(r->doc, pairs[i].key), &out->value)) {
			read_format(r, yaml_document_get_node(r->doc, pairs[i].value),
				&out->format);
			field->format_cases.len++;
		}
	}
}

static void new_field(struct nf_field *field, enum nf_field_source source)
{
	*field = (struct nf_field){
		.source = source,
		.format = NF_FORMAT_NUMBER,
		.instead_of = NF_NO_FIELD,
		.format_by = NF_NO_FIELD,
		.valid_min = NAN,
		.valid_max = NAN,
		.lookup = {.where = NF_NO_FIELD,
			   .equals = NF_NO_FIELD,
			   .take = NF_NO_FIELD,
			   .otherwise = NF_NO_FIELD}
	 };
}

/* Makes the fields of a list known by name, so that they may refer to each other; then reads them. */
static void read_fields(struct nf_reader *r, yaml_node_t *node, enum nf_field_source source,
	const struct nf_reader_key *keys, size_t keys_len)
{
	static const struct nf_reader_key anonymous = {"name", nf_read_name, WHOLE, true};
	struct nf_group *group = r->group;
	size_t first = group->fields_len, count = nf_read_count(node);

	if (first + count > NF_FIELDS_MAX) {
		nf_read_error(r, node, "more than %d fields in one group", NF_FIELDS_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		yaml_node_t *item = nf_read_item(r, node, i);
		struct nf_field *field = &group->fields[first + i];

		new_field(field, source);
		field->name = "";
		if (item->type != YAML_MAPPING_NODE)
			continue;
		for (yaml_node_pair_t *pair = item->data.mapping.pairs.start;
			pair < item->data.mapping.pairs.top; pair++) {
			yaml_node_t *key = yaml_document_get_node(r->doc, pair->key);
			yaml_node_t *value = yaml_document_get_node(r->doc, pair->value);

			if (key->type == YAML_SCALAR_NODE && value->type == YAML_SCALAR_NODE &&
				strcmp((const char *)key->data.scalar.value, anonymous.name) ==
					0)
				field->name = nf_arena_strdup(
					r->arena, (const char *)value->data.scalar.value);
		}
		for (size_t other = 0; other < first + i; other++) {
			if (*field->name && strcmp(group->fields[other].name, field->name) == 0)
				nf_read_error(
					r, item, "two fields are called \"%s\"", field->name);
		}
	}
	/* A computed field may use those above it only: no circles. */
	group->fields_len += source == NF_FIELD_COMPUTED ? 0 : count;
	for (size_t i = 0; i < count; i++) {
		nf_read_mapping(
			r, nf_read_item(r, node, i), keys, keys_len, &group->fields[first + i]);
		group->fields_len =
			group->fields_len < first + i + 1 ? first + i + 1 : group->fields_len;
	}
}

static void read_columns(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 nf_read_name,      FIELD(name),	    true },
		{"oid",	read_field_oid,	WHOLE,		       true },
		{"type",	 read_format,	      FIELD(format),	     false},
		{"names",	  read_enum_names,   WHOLE,		  false},
		{"valid",	  read_valid,	      WHOLE,		     false},
		{"hidden",	   nf_read_bool,	 FIELD(hidden),	false},
		{"slow",	 nf_read_bool,      FIELD(slow),	    false},
		{"tolerant",   nf_read_bool,	   FIELD(optional_type), false},
		{"instead_of", nf_read_field,     FIELD(instead_of),	 false},
		{"type_by",    nf_read_field,	   FIELD(format_by),     false},
		{"types",	  read_format_cases, WHOLE,		    false},
	};

	(void)target;
	read_fields(r, node, NF_FIELD_COLUMN, keys, COUNT(keys));
	r->group->columns_len = r->group->fields_len;
}

static void read_index_kind(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;
	int word = nf_read_word(r, node, index_words, COUNT(index_words));

	if (word < 0)
		return;
	field->index_kind = (enum nf_index_kind)word;
	field->format = index_formats[word];
}

static void read_index(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 nf_read_name,    FIELD(name),   true },
		{"type",	 read_index_kind, WHOLE,	 false},
		{"names",  read_enum_names, WHOLE,	  false},
		{"hidden", nf_read_bool,	 FIELD(hidden), false},
	};

	(void)target;
	read_fields(r, node, NF_FIELD_INDEX, keys, COUNT(keys));
}

static void read_lookup_group(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;
	const char *text = nf_read_scalar(r, node);

	for (size_t i = 0; text && i < r->group->index; i++) {
		if (strcmp(r->profile->groups.items[i].name, text) == 0) {
			field->lookup.group = &r->profile->groups.items[i];
			return;
		}
	}
	if (text)
		nf_read_error(r, node, "no group \"%s\" stands above this one", text);
}

static void read_lookup_where(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	if (field->lookup.group)
		field->lookup.where = nf_read_field_named(r, field->lookup.group, node);
}

static void read_lookup_take(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_field *field = target;

	if (!field->lookup.group)
		return;
	field->lookup.take = nf_read_field_named(r, field->lookup.group, node);
	if (field->lookup.take == NF_NO_FIELD)
		return;
	const struct nf_field *taken = &field->lookup.group->fields[field->lookup.take];
	field->format = taken->format;
	field->names.items = taken->names.items;
	field->names.len = taken->names.len;
	if (taken->source == NF_FIELD_COMPUTED || taken->source == NF_FIELD_LOOKUP)
		nf_read_error(r, node, "only columns and parts of the index can be taken");
}

static void read_lookups(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 nf_read_name,      FIELD(name),		    true },
		{"from",	 read_lookup_group, WHOLE,		   true },
		{"where",	  read_lookup_where, WHOLE,		    true },
		{"equals",	   nf_read_field,	  FIELD(lookup.equals),	true },
		{"take",	 read_lookup_take,  WHOLE,			  true },
		{"otherwise", nf_read_field,     FIELD(lookup.otherwise), false},
		{"hidden",	   nf_read_bool,	 FIELD(hidden),		false},
	};

	(void)target;
	read_fields(r, node, NF_FIELD_LOOKUP, keys, COUNT(keys));
}

static void read_computed(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 nf_read_name, FIELD(name),   true },
		{"value",  nf_read_expr, FIELD(expr),   true },
		{"valid",  read_valid,   WHOLE,	     false},
		{"hidden", nf_read_bool, FIELD(hidden), false},
	};

	(void)target;
	read_fields(r, node, NF_FIELD_COMPUTED, keys, COUNT(keys));
}

static void read_every(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const char *const words[] = {"cycle", "topology"};
	int word = nf_read_word(r, node, words, COUNT(words));

	*(bool *)target = word == 1;
}

static void read_max_rows(struct nf_reader *r, yaml_node_t *node, void *target)
{
	int64_t rows;

	if (!nf_read_integer(r, node, &rows))
		return;
	if (rows < 1 || rows > 1000000)
		nf_read_error(r, node, "1 to 1000000 rows are possible");
	else
		*(uint32_t *)target = (uint32_t)rows;
}

static void read_group_fields(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_group *group = r->group;

	if (target == group->key)
		nf_read_fields(r, node, group->key, COUNT(group->key), &group->key_len);
	else if (target == group->identity)
		nf_read_fields(
			r, node, group->identity, COUNT(group->identity), &group->identity_len);
	else
		nf_read_fields(
			r, node, group->require, COUNT(group->require), &group->require_len);
}

static void check_group(struct nf_reader *r, yaml_node_t *node)
{
	struct nf_group *group = r->group;

	for (struct nf_field *f = group->fields; f < group->fields + group->fields_len; f++) {
		if (f->source == NF_FIELD_LOOKUP && f->lookup.group &&
			f->lookup.group->topology && !group->topology)
			nf_read_error(
				r, node, "\"%s\" is looked up in a slower group", f->name);
		if (f->source == NF_FIELD_INDEX && group->scalars)
			nf_read_error(r, node, "scalars have no index");
		if (f->source == NF_FIELD_COLUMN && group->scalars && f->oid_len &&
			f->oid[f->oid_len - 1] != 0)
			nf_read_error(
				r, node, "the OID of scalar \"%s\" must end in .0", f->name);
	}
	if (!group->scalars && group->key_len == 0 && (group->series.len || group->checks.len))
		nf_read_error(r, node, "series and checks of a table need \"key\"");
}

static void read_group(struct nf_reader *r, yaml_node_t *node, struct nf_group *group)
{
	static const struct nf_reader_key keys[] = {
		{"name",		 nf_read_name,	       GROUP(name),	    true },
		{"scalars",	    nf_read_bool,	  GROUP(scalars),	  false},
		{"report",	   nf_read_name,	 GROUP(report),	false},
		{"every",	  read_every,	      GROUP(topology),      false},
		{"per_vlan",	     nf_read_bool,	   GROUP(per_vlan),	    false},
		{"max_rows",	     read_max_rows,	    GROUP(max_rows),	     false},
		{"columns",	    read_columns,	  WHOLE,		 true },
		{"index",	  read_index,	      WHOLE,		     false},
		{"lookups",	    read_lookups,	  WHOLE,		 false},
		{"computed",	     read_computed,	    WHOLE,		   false},
		{"key",		read_group_fields,   GROUP(key),	       false},
		{"identity",	     read_group_fields,	GROUP(identity),	 false},
		{"discontinuity", nf_read_field,	 GROUP(discontinuity), false},
		{"require",	    read_group_fields,   GROUP(require),       false},
		{"merge",	  nf_read_texts,	 GROUP(merge),	       false},
		{"series",	   nf_read_series_list, WHOLE,		       false},
		{"checks",	   nf_read_check_list,  WHOLE,		      false},
	};
	struct nf_field fields[NF_FIELDS_MAX];

	*group = (struct nf_group){.name = "",
		.profile = r->profile,
		.index = r->profile->groups.len,
		.fields = fields,
		.discontinuity = NF_NO_FIELD};
	r->group = group;
	if (nf_read_mapping(r, node, keys, COUNT(keys), group))
		check_group(r, node);
	for (size_t i = 0; i < group->index; i++) {
		if (strcmp(r->profile->groups.items[i].name, group->name) == 0)
			nf_read_error(r, node, "two groups are called \"%s\"", group->name);
	}
	group->fields = nf_arena_alloc(r->arena, group->fields_len * sizeof *fields + 1);
	memcpy(group->fields, fields, group->fields_len * sizeof *fields);
	r->group = NULL;
	r->profile->groups.len++;
}

static void read_groups(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_profile *profile = target;
	size_t count = nf_read_count(node);

	profile->groups.items =
		nf_arena_alloc(r->arena, count * sizeof *profile->groups.items + 1);
	for (size_t i = 0; i < count; i++)
		read_group(r, nf_read_item(r, node, i), &profile->groups.items[i]);
}

static void read_match(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_reader_key keys[] = {
		{"sysObjectID", nf_read_prefixes, PROFILE(sys_object_id), false},
		{"except",	   nf_read_prefixes, PROFILE(except),	      false},
		{"present",	    nf_read_name,	  PROFILE(present_name),	 false},
	};
	struct nf_profile *profile = target;

	if (!nf_read_mapping(r, node, keys, COUNT(keys), profile) || !profile->present_name)
		return;
	NF_EACH(struct nf_group, group, profile->groups)
	{
		if (strcmp(group->name, profile->present_name) == 0)
			profile->present = group;
	}
	if (!profile->present)
		nf_read_error(
			r, node, "this profile has no group \"%s\"", profile->present_name);
}

void nf_read_profile(struct nf_reader *r, yaml_node_t *root)
{
	static const struct nf_reader_key keys[] = {
		{"profile", nf_read_name, PROFILE(name),	 true},
		{"title",	  nf_read_text, PROFILE(title), true},
		{"groups",  read_groups,	WHOLE,	       true},
		{"match",	  read_match,   WHOLE,	     true},
	};

	nf_read_mapping(r, root, keys, COUNT(keys), r->profile);
}
