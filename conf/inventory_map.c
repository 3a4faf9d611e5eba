// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/inventory_map.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "conf/inventory_role.h"
#include "conf/schema.h"

struct other_name {
	const char *key, *name;
};

/* The better one first where an export can have both; IP Address is the IPv6 one of a device that has two. */
static const struct other_name netbox_headers[] = {
	{"name",	 "Name"	       },
	{"kind",	 "Role"	       },
	{"kind",	 "Device role" },
	{"address", "IPv4 Address"},
	{"address", "Primary IPv4"},
	{"address", "Primary IP4" },
	{"address", "IP Address"	},
	{"address", "Primary IP"	},
	{"address", "IPv6 Address"},
	{"address", "Primary IPv6"},
	{"address", "Primary IP6" },
};

#define LEN(table) (sizeof(table) / sizeof(table)[0])

static const char *key_name(size_t key)
{
	return nf_schema_device()->keys[key].name;
}

static char *spaced(const char *text)
{
	char *copy = nf_xstrdup(text);

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return copy;
}

/* NetBox heads a column with a label or with the name of a field: "Device role", "device_role". */
static bool is_label(const char *label, const char *header)
{
	char *a = spaced(label), *b = spaced(header);
	bool same = nf_text_same(a, b);

	free(a);
	free(b);
	return same;
}

/* Whether the site file says for which key a header is. */
static bool is_given(const struct nf_inventory_map *map, const char *header)
{
	for (size_t key = 0; key < NF_DEVICE_COLUMNS; key++)
		if (map->columns[key] != NULL && nf_text_same(map->columns[key], header))
			return true;
	return false;
}

/* How well a header stands for a key: 0 not at all, 1 best, more is worse. */
static size_t rank_of(const struct nf_inventory_map *map, size_t key, const char *header)
{
	if (map->columns[key] != NULL)
		return nf_text_same(map->columns[key], header);
	if (is_given(map, header))
		return 0;
	if (map->format != NF_INVENTORY_NETBOX)
		return strcmp(key_name(key), header) == 0;
	if (is_label(key_name(key), header))
		return 1;
	for (size_t i = 0; i < LEN(netbox_headers); i++)
		if (strcmp(netbox_headers[i].key, key_name(key)) == 0 &&
			is_label(netbox_headers[i].name, header))
			return 2 + i;
	return 0;
}

/* The column that stands for the key best, but worse than `above`; -1: none. */
static int next_best(const struct nf_inventory_map *map, size_t key, size_t *above,
	const char *const *headers, const struct nf_inventory_column *columns, size_t len)
{
	size_t best = SIZE_MAX;
	int at = -1;

	for (size_t i = 0; i < len; i++) {
		size_t rank = columns[i].key < 0 ? rank_of(map, key, headers[i]) : 0;

		if (rank > *above && rank < best) {
			best = rank;
			at = (int)i;
		}
	}
	*above = best;
	return at;
}

void nf_inventory_columns(const struct nf_inventory_map *map, const char *const *headers,
	size_t len, struct nf_inventory_column *columns)
{
	for (size_t i = 0; i < len; i++)
		columns[i] = (struct nf_inventory_column){-1, -1};
	for (size_t key = 0; key < NF_DEVICE_COLUMNS; key++) {
		size_t rank = 0;
		int at = next_best(map, key, &rank, headers, columns, len);

		if (at >= 0)
			columns[at].key = (int)key;
		while (at >= 0 && rank > 1)
			at = columns[at].instead =
				next_best(map, key, &rank, headers, columns, len);
	}
}

const char *nf_inventory_header(const struct nf_inventory_map *map, size_t key)
{
	if (map->columns[key] != NULL)
		return map->columns[key];
	for (size_t i = 0; i < LEN(netbox_headers); i++)
		if (map->format == NF_INVENTORY_NETBOX &&
			strcmp(netbox_headers[i].key, key_name(key)) == 0)
			return netbox_headers[i].name;
	return key_name(key);
}

/* The locale has no say: that of a shell and that of a service differ. */
bool nf_inventory_fits(const char *pattern, const char *text)
{
	char *small_pattern = nf_xstrdup(pattern), *small_text = nf_xstrdup(text);

	nf_text_lower(small_pattern);
	nf_text_lower(small_text);
	bool fits = fnmatch(small_pattern, small_text, 0) == 0;
	free(small_text);
	free(small_pattern);
	return fits;
}

/* NetBox writes an address with the length of its prefix. */
static const char *bare_address(const char *text, char buf[NF_INVENTORY_TEXT_MAX])
{
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : 0;
	if (slash == NULL || len >= NF_INVENTORY_TEXT_MAX)
		return text;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

/* What NetBox exports where there is nothing: a virtual machine without a role, a device without a name. */
static bool is_nothing(const char *key, const char *text)
{
	if (strcmp(key, "name") == 0)
		return strcmp(text, "Unnamed device") == 0;
	return strcmp(text, "None") == 0 || strcmp(text, "&mdash;") == 0;
}

static const char *netbox_value(size_t key, const char *text, char buf[NF_INVENTORY_TEXT_MAX])
{
	const char *name = key_name(key);
	enum nf_type type = nf_schema_device()->keys[key].type;

	if (text[0] == '\0' || is_nothing(name, text))
		return "";
	if (type == NF_TYPE_ADDRESS)
		return bare_address(text, buf);
	if (strcmp(name, "kind") == 0)
		return nf_inventory_role_kind(text);
	if (type == NF_TYPE_BOOL && nf_text_same(text, "true"))
		return "true";
	return type == NF_TYPE_BOOL && nf_text_same(text, "false") ? "false" : text;
}

const char *nf_inventory_value(const struct nf_inventory_map *map, size_t key, const char *text,
	char buf[NF_INVENTORY_TEXT_MAX])
{
	for (size_t i = 0; i < map->values.len; i++)
		if (strcmp(map->values.items[i].column, key_name(key)) == 0 &&
			nf_inventory_fits(map->values.items[i].from, text))
			return map->values.items[i].to;
	if (map->format == NF_INVENTORY_NETBOX)
		text = netbox_value(key, text, buf);
	if (text[0] == '\0' && map->otherwise[key] != NULL)
		return map->otherwise[key];
	return text;
}

bool nf_inventory_has_gaps(const struct nf_inventory_map *map)
{
	return map->format == NF_INVENTORY_NETBOX || map->incomplete == NF_INCOMPLETE_LEFT_OUT;
}

bool nf_inventory_repeats(const struct nf_inventory_map *map, size_t key)
{
	for (size_t i = 0; i < map->repeat.len; i++)
		if (strcmp(map->repeat.items[i], key_name(key)) == 0)
			return true;
	return false;
}
