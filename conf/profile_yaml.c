// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/profile_yaml.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/parse.h"
#include "base/text.h"
#include "conf/profile_expr.h"

void nf_read_error(struct nf_reader *r, const yaml_node_t *node, const char *format, ...)
{
	char text[NF_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	nf_diags_add(r->diags, NF_DIAG_ERROR, r->file, (uint32_t)node->start_mark.line + 1,
		(uint32_t)node->start_mark.column + 1, "%s", text);
}

const char *nf_read_scalar(struct nf_reader *r, yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE || node->data.scalar.length == 0) {
		nf_read_error(r, node, "a value is expected here");
		return NULL;
	}
	const char *text = (const char *)node->data.scalar.value;
	if (strlen(text) != node->data.scalar.length) {
		nf_read_error(r, node, "a NUL character is not possible here");
		return NULL;
	}
	return text;
}

static bool is_key(const yaml_node_t *node, const char *name)
{
	return node->type == YAML_SCALAR_NODE && strlen(name) == node->data.scalar.length &&
	       memcmp(node->data.scalar.value, name, node->data.scalar.length) == 0;
}

static void check_key(struct nf_reader *r, const yaml_node_t *key,
	const struct nf_reader_key *keys, size_t len)
{
	const char *names[64];
	const char *near;

	for (size_t i = 0; i < len; i++) {
		if (is_key(key, keys[i].name))
			return;
		names[i] = keys[i].name;
	}
	if (key->type != YAML_SCALAR_NODE) {
		nf_read_error(r, key, "the name of a key is expected here");
		return;
	}
	near = nf_nearest((const char *)key->data.scalar.value, names, len);
	nf_read_error(r, key, "unknown key \"%s\"%s%s%s", (const char *)key->data.scalar.value,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

bool nf_read_mapping(struct nf_reader *r, yaml_node_t *node, const struct nf_reader_key *keys,
	size_t len, void *target)
{
	if (node->type != YAML_MAPPING_NODE) {
		nf_read_error(r, node, "a mapping (\"key: value\") is expected here");
		return false;
	}
	yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
	yaml_node_pair_t *end = node->data.mapping.pairs.top;

	for (yaml_node_pair_t *pair = pairs; pair < end; pair++)
		check_key(r, yaml_document_get_node(r->doc, pair->key), keys, len);
	for (const struct nf_reader_key *key = keys; key < keys + len; key++) {
		yaml_node_t *value = NULL;

		for (yaml_node_pair_t *pair = pairs; pair < end; pair++) {
			yaml_node_t *name = yaml_document_get_node(r->doc, pair->key);

			if (!is_key(name, key->name))
				continue;
			if (value)
				nf_read_error(r, name, "\"%s\" stands here twice", key->name);
			else
				value = yaml_document_get_node(r->doc, pair->value);
		}
		if (value)
			key->read(r, value, (char *)target + key->offset);
		else if (key->required)
			nf_read_error(r, node, "\"%s\" is missing", key->name);
	}
	return true;
}

size_t nf_read_count(const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

yaml_node_t *nf_read_item(struct nf_reader *r, yaml_node_t *node, size_t i)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return node;
	return yaml_document_get_node(r->doc, node->data.sequence.items.start[i]);
}

int nf_read_word(struct nf_reader *r, yaml_node_t *node, const char *const *words, size_t len)
{
	const char *text = nf_read_scalar(r, node);
	const char *near;

	if (!text)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (strcmp(text, words[i]) == 0)
			return (int)i;
	}
	near = nf_nearest(text, words, len);
	nf_read_error(r, node, "\"%s\" is not possible here; did you mean \"%s\"?", text,
		near ? near : words[0]);
	return -1;
}

uint8_t nf_read_field_named(
	struct nf_reader *r, const struct nf_group *group, yaml_node_t *node)
{
	const char *names[NF_FIELDS_MAX];
	const char *text = nf_read_scalar(r, node);
	const char *near;

	if (!text)
		return NF_NO_FIELD;
	for (size_t i = 0; i < group->fields_len; i++) {
		names[i] = group->fields[i].name;
		if (strcmp(text, names[i]) == 0)
			return (uint8_t)i;
	}
	near = nf_nearest(text, names, group->fields_len);
	nf_read_error(r, node, "\"%s\" has no field \"%s\"%s%s%s", group->name, text,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NF_NO_FIELD;
}

bool nf_read_number(struct nf_reader *r, yaml_node_t *node, double *out)
{
	const char *text = nf_read_scalar(r, node);

	if (!text)
		return false;
	if (nf_parse_double(text, -1e18, 1e18, out) == NF_OK)
		return true;
	nf_read_error(r, node, "\"%s\" is no number", text);
	return false;
}

bool nf_read_integer(struct nf_reader *r, yaml_node_t *node, int64_t *out)
{
	const char *text = nf_read_scalar(r, node);

	if (!text)
		return false;
	if (nf_parse_i64(text, INT64_MIN, INT64_MAX, out) == NF_OK)
		return true;
	nf_read_error(r, node, "\"%s\" is no whole number", text);
	return false;
}

void nf_read_text(struct nf_reader *r, yaml_node_t *node, void *target)
{
	const char *text = nf_read_scalar(r, node);

	if (text)
		*(const char **)target = nf_arena_strdup(r->arena, text);
}

void nf_read_name(struct nf_reader *r, yaml_node_t *node, void *target)
{
	const char *text = nf_read_scalar(r, node);
	const char *p = text;

	if (!text)
		return;
	while (isalnum((unsigned char)*p) || (p > text && (*p == '_' || *p == '-')))
		p++;
	if (*p || isdigit((unsigned char)*text))
		nf_read_error(r, node,
			"\"%s\" is no name: a letter, then letters, digits, _ and -", text);
	else
		*(const char **)target = nf_arena_strdup(r->arena, text);
}

void nf_read_bool(struct nf_reader *r, yaml_node_t *node, void *target)
{
	const char *text = nf_read_scalar(r, node);

	if (text && nf_parse_bool(text, target) != NF_OK)
		nf_read_error(r, node, "\"%s\" is neither true nor false", text);
}

void nf_read_double(struct nf_reader *r, yaml_node_t *node, void *target)
{
	nf_read_number(r, node, target);
}

void nf_read_texts(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_text_list *list = target;
	size_t count = nf_read_count(node);

	list->items = nf_arena_alloc(r->arena, count * sizeof *list->items + 1);
	for (size_t i = 0; i < count; i++) {
		const char *text = nf_read_scalar(r, nf_read_item(r, node, i));

		if (text)
			list->items[list->len++] = nf_arena_strdup(r->arena, text);
	}
}

/* One sub-identifier: digits without a leading zero, at most 2^32-1. */
static bool parse_sub(const char **at, uint32_t *out)
{
	const char *p = *at;
	uint64_t sub = 0;

	if (!isdigit((unsigned char)*p) || (p[0] == '0' && isdigit((unsigned char)p[1])))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		sub = sub * 10 + (uint64_t)(*p - '0');
		if (sub > UINT32_MAX)
			return false;
	}
	*out = (uint32_t)sub;
	*at = p;
	return true;
}

bool nf_read_oid(struct nf_reader *r, yaml_node_t *node, const uint32_t **ids, size_t *len)
{
	const char *text = nf_read_scalar(r, node);
	uint32_t subs[128];
	size_t count = 0;

	if (!text)
		return false;
	for (const char *p = text;
		count < sizeof subs / sizeof *subs && parse_sub(&p, &subs[count]); p++) {
		count++;
		if (*p == '\0' && count >= 2) {
			uint32_t *copy = nf_arena_alloc(r->arena, count * sizeof *copy);

			memcpy(copy, subs, count * sizeof *copy);
			*ids = copy;
			*len = count;
			return true;
		}
		if (*p != '.')
			break;
	}
	nf_read_error(r, node, "\"%s\" is no OID such as 1.3.6.1.2.1.2.2.1.2", text);
	return false;
}

void nf_read_prefixes(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_oid_prefixes *list = target;
	size_t count = nf_read_count(node);

	list->items = nf_arena_alloc(r->arena, count * sizeof *list->items + 1);
	for (size_t i = 0; i < count; i++) {
		struct nf_oid_prefix *prefix = &list->items[list->len];

		if (nf_read_oid(r, nf_read_item(r, node, i), &prefix->ids, &prefix->len))
			list->len++;
	}
}

static int resolve_field(const char *name, size_t len, void *arg)
{
	const struct nf_group *group = arg;

	for (size_t i = 0; i < group->fields_len; i++) {
		if (strncmp(group->fields[i].name, name, len) == 0 &&
			group->fields[i].name[len] == '\0')
			return (int)i;
	}
	return -1;
}

void nf_read_expr(struct nf_reader *r, yaml_node_t *node, void *target)
{
	const char *text = nf_read_scalar(r, node);
	const char *why;
	size_t at;

	if (text && nf_expr_parse(r->arena, text, resolve_field, r->group, target, &why, &at) !=
			    NF_OK)
		nf_read_error(r, node, "%s at \"%s\"", why, text + at);
}

void nf_read_exprs(struct nf_reader *r, yaml_node_t *node, void *target)
{
	struct nf_expr_list *list = target;
	size_t count = nf_read_count(node);

	list->items = nf_arena_alloc(r->arena, count * sizeof *list->items + 1);
	for (size_t i = 0; i < count; i++) {
		nf_read_expr(r, nf_read_item(r, node, i), &list->items[list->len]);
		list->len += list->items[list->len] != NULL;
	}
}

void nf_read_field(struct nf_reader *r, yaml_node_t *node, void *target)
{
	*(uint8_t *)target = nf_read_field_named(r, r->group, node);
}

void nf_read_fields(
	struct nf_reader *r, yaml_node_t *node, uint8_t *fields, size_t max, size_t *len)
{
	size_t count = nf_read_count(node);

	if (count > max) {
		nf_read_error(r, node, "at most %zu fields are possible here", max);
		count = max;
	}
	for (size_t i = 0; i < count; i++) {
		uint8_t field = nf_read_field_named(r, r->group, nf_read_item(r, node, i));

		if (field != NF_NO_FIELD)
			fields[(*len)++] = field;
	}
}
