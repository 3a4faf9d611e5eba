// SPDX-License-Identifier: GPL-3.0-or-later
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/parse.h"
#include "conf/profile_expr.h"
#include "conf/profile_yaml.h"

#define COUNT(array)   (sizeof(array) / sizeof *(array))
#define CHECK(member)  offsetof(struct nf_profile_check, member)
#define VALUE(member)  offsetof(struct nf_series_value, member)
#define SERIES(member) offsetof(struct nf_series, member)
#define CHART(member)  offsetof(struct nf_chart, member)
#define BOUND(member)  offsetof(struct nf_bound, member)
#define RULE(member)   offsetof(struct nf_state_rule, member)
#define WHOLE	       0  /* the reader takes the whole struct */
#define DS_NAME_MAX    19 /* rrdcreate(1) */
#define VALUES_MAX     16 /* of a series */

/* "interface {key}": text, and fields, {key}, {value} in braces. */
static void read_template(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_template *out = target;
	const char *text = nf_read_scalar(r, node);
	const char *at = text;

	if (!text)
		return;
	out->items = nf_arena_alloc(r->arena, (strlen(text) + 1) * sizeof *out->items);
	while (*at) {
		struct nf_piece *piece = &out->items[out->len++];
		const char *open = strchrnul(at, '{');

		if (open > at) {
			*piece = (struct nf_piece){NF_PIECE_TEXT,
				nf_arena_strndup(r->arena, at, (size_t)(open - at)),
				NF_NO_FIELD};
			at = open;
			continue;
		}
		const char *close = strchr(open, '}');
		if (!close) {
			nf_read_error(r, node, "'}' is missing");
			return;
		}
		const char *name =
			nf_arena_strndup(r->arena, open + 1, (size_t)(close - open - 1));
		*piece =
			(struct nf_piece){NF_PIECE_FIELD, NULL, nf_group_field(r->group, name)};
		if (strcmp(name, "key") == 0)
			piece->kind = NF_PIECE_KEY;
		else if (strcmp(name, "value") == 0)
			piece->kind = NF_PIECE_VALUE;
		else if (piece->field == NF_NO_FIELD)
			nf_read_error(
				r, node, "\"%s\" has no field \"%s\"", r->group->name, name);
		at = close + 1;
	}
}

static bool is_textual(const struct nf_field *field)
{
	return field->format == NF_FORMAT_TEXT || field->format == NF_FORMAT_OID;
}

/* One value of a term: a name of the enum, a number, a glob, or an OID's prefix. */
static void read_term_value(struct nf_reader *r, yaml_node_t *node, struct nf_term *term)
{
	const struct nf_field *field = &r->group->fields[term->field];
	const char *text = nf_read_scalar(r, node);
	int64_t number;

	if (!text)
		return;
	if (is_textual(field)) {
		term->texts.items[term->texts.len++] = nf_arena_strdup(r->arena, text);
		return;
	}
	for (size_t i = 0; i < field->names.len; i++) {
		if (strcmp(field->names.items[i].name, text) == 0) {
			term->numbers.items[term->numbers.len++] = field->names.items[i].value;
			return;
		}
	}
	if (nf_parse_i64(text, INT64_MIN, INT64_MAX, &number) == NF_OK)
		term->numbers.items[term->numbers.len++] = number;
	else
		nf_read_error(r, node, "\"%s\" is no value of \"%s\"", text, field->name);
}

static void read_condition(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_condition *out = target;

	if (node->type != YAML_MAPPING_NODE) {
		nf_read_error(r, node, "\"field: value\" pairs are expected here");
		return;
	}
	yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
	size_t count = (size_t)(node->data.mapping.pairs.top - pairs);

	out->items = nf_arena_alloc(r->arena, count * sizeof *out->items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_term *term = &out->items[out->len];
		yaml_node_t *values = yaml_document_get_node(r->doc, pairs[i].value);
		size_t len = nf_read_count(values);

		term->field = nf_read_field_named(
			r, r->group, yaml_document_get_node(r->doc, pairs[i].key));
		if (term->field == NF_NO_FIELD)
			continue;
		term->numbers.items = nf_arena_alloc(r->arena, len * sizeof(int64_t) + 1);
		term->texts.items = nf_arena_alloc(r->arena, len * sizeof(char *) + 1);
		for (size_t v = 0; v < len; v++)
			read_term_value(r, nf_read_item(r, values, v), term);
		out->len++;
	}
}

static void read_ds_name(struct nf_reader *r, yaml_node_t *node, void *target)
{
	const char *text = nf_read_scalar(r, node);
	const char *p = text;

	if (!text)
		return;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	if (*p || p == text || p - text > DS_NAME_MAX)
		nf_read_error(
			r, node, "1 to %d of A-Z a-z 0-9 _ are expected here", DS_NAME_MAX);
	else
		*(const char **)target = nf_arena_strdup(r->arena, text);
}

/* Counters are columns as they are; anything computed is a gauge. */
static void read_of(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_series_value *value = target;
	size_t counters = 0;

	nf_read_exprs(r, node, &value->of);
	for (size_t i = 0; i < value->of.len; i++) {
		int field = nf_expr_single_field(value->of.items[i]);

		if (field < 0 || r->group->fields[field].format != NF_FORMAT_COUNTER)
			continue;
		if (counters < COUNT(value->columns))
			value->columns[counters] = (uint8_t)field;
		counters++;
	}
	if (counters == 0)
		return;
	if (counters != value->of.len || counters > COUNT(value->columns))
		nf_read_error(r, node,
			"counters stand alone: up to %zu columns of type counter",
			COUNT(value->columns));
	else
		value->columns_len = counters;
	value->counter = true;
}

/* Bounds are expressions, or {if: …, of: …} for some rows only. */
static void read_bounds(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"if", read_condition, BOUND(only), true},
		{"of", nf_read_expr,   BOUND(of),	true},
	};
	struct nf_series_value *value = target;
	size_t count = nf_read_count(node);

	value->max.items = nf_arena_alloc(r->arena, count * sizeof *value->max.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_bound *bound = &value->max.items[value->max.len];
		yaml_node_t *item = nf_read_item(r, node, i);

		if (item->type == YAML_MAPPING_NODE)
			nf_read_mapping(r, item, keys, COUNT(keys), bound);
		else
			nf_read_expr(r, item, &bound->of);
		value->max.len += bound->of != NULL;
	}
}

static void read_series_values(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 read_ds_name,   VALUE(name),  true },
		{"label", nf_read_text,	VALUE(label), false},
		{"of",    read_of,	WHOLE,	       true },
		{"min",	nf_read_double, VALUE(min),   false},
		{"max",	read_bounds,    WHOLE,	    false},
	};
	struct nf_series *series = target;
	size_t count = nf_read_count(node);

	if (count > VALUES_MAX) {
		nf_read_error(r, node, "more than %d values in one series", VALUES_MAX);
		return;
	}
	series->values.items =
		nf_arena_alloc(r->arena, count * sizeof *series->values.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_series_value *value = &series->values.items[i];
		yaml_node_t *item = nf_read_item(r, node, i);

		*value = (struct nf_series_value){.name = "", .min = NAN};
		nf_read_mapping(r, item, keys, COUNT(keys), value);
		if (!value->label)
			value->label = value->name;
		if (value->counter && value->max.len == 0)
			nf_read_error(r, item,
				"a counter needs \"max\": without it a reset draws a spike");
		for (size_t other = 0; other < i; other++) {
			if (strcmp(series->values.items[other].name, value->name) == 0)
				nf_read_error(
					r, item, "two values are called \"%s\"", value->name);
		}
	}
	series->values.len = count;
}

static void read_charts(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"title",  nf_read_text,	CHART(title),  true },
		{"unit",	 nf_read_text,   CHART(unit),   false},
		{"scale",  nf_read_double, CHART(scale),	false},
		{"values", nf_read_texts,  CHART(values), true },
	};
	struct nf_series *series = target;
	size_t count = nf_read_count(node);

	series->charts.items =
		nf_arena_alloc(r->arena, count * sizeof *series->charts.items + 1);
	series->charts.len = count;
	for (size_t i = 0; i < count; i++) {
		struct nf_chart *chart = &series->charts.items[i];

		*chart = (struct nf_chart){.title = "", .unit = "", .scale = 1};
		nf_read_mapping(r, nf_read_item(r, node, i), keys, COUNT(keys), chart);
		for (size_t v = 0; v < chart->values.len; v++) {
			bool known = false;

			NF_EACH(struct nf_series_value, value, series->values)
			known = known || strcmp(value->name, chart->values.items[v]) == 0;
			if (!known)
				nf_read_error(r, node, "the series has no value \"%s\"",
					chart->values.items[v]);
		}
	}
}

void nf_read_series_list(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",	 read_template,	SERIES(name),  true },
		{"title",  read_template,	 SERIES(title), false},
		{"if",     read_condition,     SERIES(only),  false},
		{"values", read_series_values, WHOLE,	      true },
		{"charts", read_charts,	WHOLE,	       false},
	};
	struct nf_group *group = target;
	size_t count = nf_read_count(node);

	group->series.items = nf_arena_alloc(r->arena, count * sizeof *group->series.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_series *series = &group->series.items[group->series.len++];

		nf_read_mapping(r, nf_read_item(r, node, i), keys, COUNT(keys), series);
		if (series->title.len == 0)
			series->title = series->name;
	}
}

static const char *const says_words[] = {[NF_SAYS_NONE] = "none",
	[NF_SAYS_OK] = "ok",
	[NF_SAYS_WARNING] = "warning",
	[NF_SAYS_CRITICAL] = "critical",
	[NF_SAYS_UNKNOWN] = "unknown"};

static void read_says(struct nf_reader *r, yaml_node_t *node, void *target)
{
	int word = nf_read_word(r, node, says_words, COUNT(says_words));

	if (word >= 0)
		*(enum nf_says *)target = (enum nf_says)word;
}

static void read_states(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"if",   read_condition, RULE(only), false},
		{"then", read_says,	    RULE(says), true },
	};
	struct nf_profile_check *check = target;
	size_t count = nf_read_count(node);

	check->rules.items = nf_arena_alloc(r->arena, count * sizeof *check->rules.items + 1);
	check->rules.len = count;
	for (size_t i = 0; i < count; i++)
		nf_read_mapping(
			r, nf_read_item(r, node, i), keys, COUNT(keys), &check->rules.items[i]);
}

static void read_limits(struct nf_reader *r, yaml_node_t *node, struct nf_profile_check *check)
{
	static const struct nf_reader_key keys[] = {
		{"warning",  nf_read_double, CHECK(warning),  false},
		{"critical", nf_read_double, CHECK(critical), false},
	};

	nf_read_mapping(r, node, keys, COUNT(keys), check);
	if (isnan(check->warning) && isnan(check->critical))
		nf_read_error(
			r, node, "neither warning nor critical: nothing would ever be judged");
	if (check->above ? check->warning > check->critical : check->warning < check->critical)
		nf_read_error(r, node, "warning is worse than critical");
}

static void read_above(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_profile_check *check = target;

	check->above = true;
	read_limits(r, node, check);
}

static void read_below(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_profile_check *check = target;

	if (!isnan(check->warning) || !isnan(check->critical)) {
		nf_read_error(r, node, "either above or below, not both");
		return;
	}
	check->above = false;
	read_limits(r, node, check);
}

static void check_check(struct nf_reader *r, yaml_node_t *node, struct nf_profile_check *check)
{
	bool limits = !isnan(check->warning) || !isnan(check->critical);

	check->is_threshold = check->value != NULL;
	if (check->is_threshold == (check->rules.len > 0))
		nf_read_error(
			r, node, "a check has either \"value\" with limits, or \"states\"");
	else if (check->is_threshold && !limits)
		nf_read_error(
			r, node, "\"above\" or \"below\" is missing: nothing would be judged");
	if (!(check->hysteresis >= 0))
		nf_read_error(r, node, "hysteresis is a number from 0");
}

void nf_read_check_list(struct nf_reader *r, yaml_node_t *node, void *target)
{
	static const struct nf_reader_key keys[] = {
		{"name",		 read_template,	CHECK(name),	     true },
		{"output",	   read_template,  CHECK(output),	 true },
		{"if",	       read_condition, CHECK(only),	    false},
		{"value",	  nf_read_expr,	CHECK(value),	      false},
		{"unit",		 nf_read_text,   CHECK(unit),	    false},
		{"above",	  read_above,     WHOLE,		     false},
		{"below",	  read_below,     WHOLE,		     false},
		{"hysteresis",    nf_read_double, CHECK(hysteresis),	  false},
		{"states",	   read_states,	WHOLE,		       false},
		{"only_after_ok", nf_read_bool,	CHECK(only_after_ok), false},
		{"settles",	    nf_read_bool,	  CHECK(settles),	  false},
		{"gone",		 read_says,	    CHECK(gone),		 false},
	};
	struct nf_group *group = target;
	size_t count = nf_read_count(node);

	group->checks.items = nf_arena_alloc(r->arena, count * sizeof *group->checks.items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_profile_check *check = &group->checks.items[group->checks.len++];
		yaml_node_t *item = nf_read_item(r, node, i);

		*check = (struct nf_profile_check){
			.unit = "", .above = true, .warning = NAN, .critical = NAN};
		if (nf_read_mapping(r, item, keys, COUNT(keys), check))
			check_check(r, item, check);
	}
}
