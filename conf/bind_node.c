// SPDX-License-Identifier: GPL-3.0-or-later
/* Mappings and lists of the site file; conf/bind.c has what inventory rows need, too. */
#include "conf/bind.h"

#include <string.h>

#include "base/text.h"

#define KEYS_MAX 40
#define LIST_MAX 100000

static bool is_null(const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;

	return node->type == YAML_SCALAR_NODE &&
	       node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static const char *node_noun(const yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SEQUENCE_NODE:
		return "a list";
	case YAML_MAPPING_NODE:
		return "keys with values";
	default:
		return is_null(node) ? "nothing" : "a single value";
	}
}

static void bind_scalar(
	struct nf_bind *b, const struct nf_key *key, const yaml_node_t *node, void *target)
{
	struct nf_place place = nf_bind_node_place(b, node);
	const char *text = (const char *)node->data.scalar.value;

	if (node->type != YAML_SCALAR_NODE || is_null(node))
		nf_bind_error(b, place, "%s: found %s, expected a single value", key->name,
			node_noun(node));
	else if (strlen(text) != node->data.scalar.length)
		nf_bind_error(b, place, "%s: holds a NUL byte", key->name);
	else
		nf_bind_value(b, key, text, place, target);
}

static void bind_one(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *target)
{
	void *section;

	switch (key->type) {
	case NF_TYPE_SECTION:
		nf_bind_section(b, doc, node, key->section, target);
		break;
	case NF_TYPE_SECTION_PTR:
		section = nf_arena_alloc(b->site->arena, key->section->size);
		memcpy(target, &section, sizeof section);
		nf_bind_section(b, doc, node, key->section, section);
		break;
	default:
		bind_scalar(b, key, node, target);
	}
}

static size_t items_of(const yaml_node_t *node, const struct nf_key *key)
{
	if (node->type == YAML_SEQUENCE_NODE)
		return (size_t)(node->data.sequence.items.top -
				node->data.sequence.items.start);
	/* A single value instead of a list of one; but one mapping too few dashes is a mistake. */
	return key->type != NF_TYPE_SECTION && node->type == YAML_SCALAR_NODE && !is_null(node);
}

void nf_bind_list(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *items)
{
	size_t len = items_of(node, key), size = nf_type_size(key);

	for (size_t i = 0; i < len; i++) {
		const yaml_node_t *item = node;
		char *target = (char *)items + i * size;

		if (node->type == YAML_SEQUENCE_NODE)
			item = yaml_document_get_node(doc, node->data.sequence.items.start[i]);
		nf_bind_remember(b, target, nf_bind_node_place(b, item));
		bind_one(b, doc, key, item, target);
	}
}

size_t nf_bind_list_len(struct nf_bind *b, const struct nf_key *key, const yaml_node_t *node)
{
	size_t len = items_of(node, key);
	struct nf_place place = nf_bind_node_place(b, node);

	if (len > LIST_MAX) {
		nf_bind_error(
			b, place, "%s: %zu entries, at most %d", key->name, len, LIST_MAX);
		return 0;
	}
	if (node->type == YAML_MAPPING_NODE ||
		(node->type == YAML_SCALAR_NODE && len == 0 && !is_null(node)))
		nf_bind_error(
			b, place, "%s: found %s, expected a list", key->name, node_noun(node));
	else if (len == 0 && (key->flags & NF_KEY_REQUIRED))
		nf_bind_error(b, place, "%s: needs at least one entry", key->name);
	return len;
}

static void bind_whole_list(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *target)
{
	struct nf_list list = {.len = nf_bind_list_len(b, key, node)};

	if (list.len == 0)
		return;
	list.items = nf_arena_alloc(b->site->arena, list.len * nf_type_size(key));
	memcpy(target, &list, sizeof list);
	nf_bind_list(b, doc, key, node, list.items);
}

/* Two addresses, one of each family, go to neighbouring fields instead of a list. */
static void bind_pair(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *target)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		bind_scalar(b, key, node, target);
		return;
	}
	for (const yaml_node_item_t *item = node->data.sequence.items.start;
		item < node->data.sequence.items.top; item++)
		bind_scalar(b, key, yaml_document_get_node(doc, *item), target);
}

static void bind_key(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *target)
{
	if (key->flags & NF_KEY_LATER)
		b->devices = node;
	else if (key->flags & NF_KEY_LIST)
		bind_whole_list(b, doc, key, node, target);
	else if (key->type == NF_TYPE_ADDRESS46)
		bind_pair(b, doc, key, node, target);
	else
		bind_one(b, doc, key, node, target);
}

/* A mapping's pairs, sorted by the section's keys. */
struct found {
	const yaml_node_t *values[KEYS_MAX];
	bool nearly[KEYS_MAX]; /* an unknown key looks like this one */
};

static size_t key_index(const struct nf_section *section, const char *name)
{
	size_t i = 0;

	while (i < section->len && strcmp(section->keys[i].name, name) != 0)
		i++;
	return i;
}

static void unknown_key(struct nf_bind *b, const struct nf_section *section,
	const yaml_node_t *key, const yaml_node_t *value, struct found *found)
{
	const char *name = (const char *)key->data.scalar.value, *names[KEYS_MAX], *near;
	struct nf_place place = nf_bind_node_place(b, key);
	struct nf_strbuf known = {0};

	for (size_t i = 0; i < section->len; i++) {
		names[i] = section->keys[i].name;
		nf_strbuf_printf(&known, "%s%s", i == 0 ? "" : ", ", names[i]);
	}
	near = strlen(name) <= 128 ? nf_nearest(name, names, section->len) : NULL;
	if (near)
		found->nearly[key_index(section, near)] = true;
	if (section->has_secret && is_null(value))
		nf_bind_error(
			b, place, "an unknown key without a value; known keys: %s", known.data);
	else if (near)
		nf_bind_error(b, place, "unknown key %s; did you mean \"%s\"?",
			nf_bind_quote(b, name), near);
	else
		nf_bind_error(b, place, "unknown key %s; known keys: %s",
			nf_bind_quote(b, name), known.data);
	nf_strbuf_free(&known);
}

static bool is_kind(const yaml_node_t *key)
{
	return key->type == YAML_SCALAR_NODE &&
	       strcmp((const char *)key->data.scalar.value, "kind") == 0;
}

/* Pairs whose key is known go to found; the others are mistakes. */
static void sort_pairs(struct nf_bind *b, yaml_document_t *doc, const yaml_node_t *node,
	const struct nf_section *section, bool has_kind, struct found *found)
{
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(doc, pair->key);
		const yaml_node_t *value = yaml_document_get_node(doc, pair->value);
		size_t i;

		if (key->type != YAML_SCALAR_NODE) {
			nf_bind_error(b, nf_bind_node_place(b, key),
				"found %s where a key belongs", node_noun(key));
			continue;
		}
		if (has_kind && is_kind(key))
			continue;
		i = key_index(section, (const char *)key->data.scalar.value);
		if (i == section->len)
			unknown_key(b, section, key, value, found);
		else if (found->values[i])
			nf_bind_error(b, nf_bind_node_place(b, key),
				"duplicate key \"%s\"; its first value is on line %zu",
				section->keys[i].name, found->values[i]->start_mark.line + 1);
		else
			found->values[i] = value;
	}
}

static const yaml_node_t *find_kind(
	struct nf_bind *b, yaml_document_t *doc, const yaml_node_t *node)
{
	const yaml_node_t *value = NULL;

	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(doc, pair->key);

		if (is_kind(key) && value)
			nf_bind_error(b, nf_bind_node_place(b, key), "duplicate key \"kind\"");
		else if (is_kind(key))
			value = yaml_document_get_node(doc, pair->value);
	}
	return value;
}

/* The section that the key "kind" selects; NULL: it is missing or wrong, which has been said. */
static const struct nf_section *pick_kind(struct nf_bind *b, yaml_document_t *doc,
	const yaml_node_t *node, const struct nf_section *section, void *target)
{
	const yaml_node_t *value = find_kind(b, doc, node);
	const char *words[KEYS_MAX] = {0};
	struct nf_key key = {.name = "kind", .type = NF_TYPE_WORD, .words = words};
	unsigned kind = KEYS_MAX;

	if (!value) {
		nf_bind_error(b, nf_bind_node_place(b, node), "missing key \"kind\" in %s",
			section->name);
		return NULL;
	}
	for (size_t i = 0; i < section->kinds_len; i++)
		words[i] = section->kinds[i]->name;
	bind_scalar(b, &key, value, &kind);
	if (kind == KEYS_MAX)
		return NULL;
	memcpy((char *)target + section->kind_offset, &kind, sizeof kind);
	return section->kinds[kind];
}

static void bind_keys(struct nf_bind *b, yaml_document_t *doc, const yaml_node_t *node,
	const struct nf_section *section, bool has_kind, void *target)
{
	struct found found = {0};

	if (node->type == YAML_MAPPING_NODE)
		sort_pairs(b, doc, node, section, has_kind, &found);
	for (size_t i = 0; i < section->len; i++) {
		const struct nf_key *key = &section->keys[i];
		void *at = (char *)target + key->offset;

		if (found.values[i])
			bind_key(b, doc, key, found.values[i], at);
		else if (!(key->flags & NF_KEY_REQUIRED))
			nf_bind_default(b, key, at);
		else if (!found.nearly[i])
			nf_bind_error(b, nf_bind_node_place(b, node), "missing key \"%s\"%s%s",
				key->name, section->name[0] ? " in " : "", section->name);
	}
}

void nf_bind_section(struct nf_bind *b, yaml_document_t *doc, const yaml_node_t *node,
	const struct nf_section *section, void *target)
{
	const struct nf_section *keys = section;
	bool has_kind = section->kinds != NULL;

	if (node->type != YAML_MAPPING_NODE && !is_null(node)) {
		nf_bind_error(b, nf_bind_node_place(b, node),
			"%s: found %s, expected keys with values",
			section->name[0] ? section->name : "the file", node_noun(node));
		return;
	}
	if (has_kind)
		keys = pick_kind(b, doc, node, section, target);
	if (keys)
		bind_keys(b, doc, node, keys, has_kind, target);
	if (section->finish)
		section->finish(b, target);
}
