// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/printed.h"

#include <stdlib.h>
#include <string.h>

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

struct nf_printed_item {
	const char *key, *device;
	UT_hash_handle hh;
};

static struct nf_printed_item *find(const struct nf_printed *p, const char *key)
{
	struct nf_printed_item *item;
	HASH_FIND_STR(p->items, key, item);
	return item;
}

const char *nf_printed_owner(const struct nf_printed *p, const char *kind, const char *value)
{
	char *key = nf_xasprintf("%s %s", kind, value);
	const struct nf_printed_item *item = find(p, key);
	free(key);
	return item != NULL ? item->device : NULL;
}

void nf_printed_add(
	struct nf_printed *p, const char *kind, const char *value, const char *device)
{
	if (*value == '\0' || nf_printed_owner(p, kind, value) != NULL)
		return;
	if (p->arena == NULL)
		p->arena = nf_arena_new();
	struct nf_printed_item *item = nf_arena_alloc(p->arena, sizeof *item);
	item->key = nf_arena_printf(p->arena, "%s %s", kind, value);
	item->device = nf_arena_strdup(p->arena, device);
	HASH_ADD_KEYPTR(hh, p->items, item->key, strlen(item->key), item);
}

void nf_printed_free(struct nf_printed *p)
{
	HASH_CLEAR(hh, p->items);
	nf_arena_free(p->arena);
	*p = (struct nf_printed){0};
}
