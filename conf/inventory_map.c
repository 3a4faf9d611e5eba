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

/* The better one first where an export can have both. */
static const struct other_name netbox_headers[] = {
	{"name",	 "Name"	       },
	{"kind",	 "Role"	       },
	{"kind",	 "Device role" },
	{"kind",	 "device_role" },
	{"address",  "IP Address"	},
	{"address",  "Primary IP"	},
	{"address",  "IPv4 Address"},
	{"address",  "primary_ip4" },
	{"address",  "primary_ip"	},
	{"address",  "IPv6 Address"},
	{"owner",	  "Owner"	 },
	{"service",  "Service"     },
	{"acquired", "Acquired"    },
};

#define LEN(table) (sizeof(table) / sizeof(table)[0])

static const char *key_name(size_t key)
{
	return nf_schema_device()->keys[key].name;
}

/* How well a header stands for a key: 0 not at all, 1 best, more is worse. */
static size_t rank_of(const struct nf_inventory_map *map, size_t key, const char *header)
{
	if (map->columns[key] != NULL)
		return nf_text_same(map->columns[key], header);
	if (strcmp(key_name(key), header) == 0)
		return 1;
	if (map->format != NF_INVENTORY_NETBOX)
		return 0;
	for (size_t i = 0; i < LEN(netbox_headers); i++)
		if (strcmp(netbox_headers[i].key, key_name(key)) == 0 &&
			nf_text_same(netbox_headers[i].name, header))
			return 2 + i;
	return 0;
}

void nf_inventory_columns(
	const struct nf_inventory_map *map, const char *const *headers, size_t len, int *key_of)
{
	for (size_t i = 0; i < len; i++)
		key_of[i] = -1;
	for (size_t key = 0; key < NF_DEVICE_COLUMNS; key++) {
		size_t best = 0, at = 0;
		for (size_t i = 0; i < len; i++) {
			size_t rank = key_of[i] < 0 ? rank_of(map, key, headers[i]) : 0;
			if (rank != 0 && (best == 0 || rank < best)) {
				best = rank;
				at = i;
			}
		}
		if (best != 0)
			key_of[at] = (int)key;
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

static const char *netbox_value(size_t key, const char *text, char buf[NF_INVENTORY_TEXT_MAX])
{
	if (strcmp(key_name(key), "address") == 0 ||
		strcmp(key_name(key), "common_address") == 0)
		return bare_address(text, buf);
	if (strcmp(key_name(key), "kind") != 0)
		return text;
	return nf_inventory_role_kind(text);
}

const char *nf_inventory_value(const struct nf_inventory_map *map, size_t key, const char *text,
	char buf[NF_INVENTORY_TEXT_MAX])
{
	for (size_t i = 0; i < map->values.len; i++)
		if (strcmp(map->values.items[i].column, key_name(key)) == 0 &&
			nf_inventory_fits(map->values.items[i].from, text))
			return map->values.items[i].to;
	if (text[0] == '\0')
		return map->otherwise[key] != NULL ? map->otherwise[key] : "";
	return map->format == NF_INVENTORY_NETBOX ? netbox_value(key, text, buf) : text;
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
