// SPDX-License-Identifier: GPL-3.0-or-later
/* inventory_map: what the headers and words of somebody else's inventory mean.
 * Shape:   pure; columns are numbered as the device's keys in the schema.
 * Source:  the site file's `inventory:`; NetBox's exports of devices and of virtual machines (its
 *          tables' labels, and the field names of its older versions).
 */
#pragma once

#include "conf/site.h"

#include <stdbool.h>

struct nf_inventory_column {
	int key;     /* its number; -1: none. No key comes twice. */
	int instead; /* the column that counts where a row has nothing in this one; -1: none */
};

/* Which key each header stands for. */
void nf_inventory_columns(const struct nf_inventory_map *map, const char *const *headers,
	size_t len, struct nf_inventory_column *columns);
/* The header by which a key is looked for, to name it in a message. */
const char *nf_inventory_header(const struct nf_inventory_map *map, size_t key);
/* What a field means: `text`, the map's other word for it, or what it says of a field with nothing in it; ""
 * for nothing. The result lives as long as the map, text and buf do. */
#define NF_INVENTORY_TEXT_MAX 64
const char *nf_inventory_value(const struct nf_inventory_map *map, size_t key, const char *text,
	char buf[NF_INVENTORY_TEXT_MAX]);
/* Whether rows without a name or an address are somebody's usual business, not mistakes. */
bool nf_inventory_has_gaps(const struct nf_inventory_map *map);
/* Whether an empty field of this key means what stands above it. */
bool nf_inventory_repeats(const struct nf_inventory_map *map, size_t key);
/* Whether a field fits a pattern of the map, without regard to case. */
bool nf_inventory_fits(const char *pattern, const char *text);
