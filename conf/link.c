// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/link.h"

#include <stdlib.h>
#include <string.h>

#include "conf/index.h"

/* Every item of a table begins with its name. */
static const char *name_of(const void *item)
{
	const char *name;

	memcpy(&name, item, sizeof name);
	return name;
}

static const void *item_at(struct nf_list list, size_t i, enum nf_table table)
{
	return (const char *)list.items + i * nf_table_item_size(table);
}

static void say_duplicate(
	struct nf_bind *b, enum nf_table table, const void *item, const void *first)
{
	struct nf_place here = nf_bind_place(b, item), there = nf_bind_place(b, first);
	bool elsewhere = strcmp(here.file, there.file) != 0;

	nf_bind_error(b, here, "duplicate %s %s; the first is on line %u%s%s",
		nf_table_noun(table), nf_bind_quote(b, name_of(item)), there.line,
		elsewhere ? " of " : "", elsewhere ? there.file : "");
}

static void index_table(struct nf_bind *b, enum nf_table table)
{
	struct nf_list list = nf_table_list(b->site, table);

	for (size_t i = 0; i < list.len; i++) {
		const void *item = item_at(list, i, table), *first;

		if (!name_of(item))
			continue;
		first = nf_index_add(b->site, table, name_of(item), item);
		if (first)
			say_duplicate(b, table, item, first);
	}
}

void nf_link_index(struct nf_bind *b)
{
	for (enum nf_table table = NF_TABLE_NETWORKS; table < NF_TABLES; table++)
		index_table(b, table);
	for (size_t i = 0; i < b->site->networks.len; i++)
		b->site->networks.items[i].index = i;
	for (size_t i = 0; i < b->site->devices.len; i++)
		b->site->devices.items[i].index = i;
}

const char *nf_link_hint(struct nf_bind *b, enum nf_table table, const char *name)
{
	struct nf_list list = nf_table_list(b->site, table);
	const char **names, *hint;
	size_t len = 0;

	if (list.len > b->comparisons_left || strlen(name) < 3)
		return "";
	names = nf_xcalloc(list.len + 1, sizeof *names);
	for (size_t i = 0; i < list.len; i++) {
		if (name_of(item_at(list, i, table)))
			names[len++] = name_of(item_at(list, i, table));
	}
	hint = nf_bind_hint(b, name, names, len);
	free(names);
	return hint;
}

void nf_link_resolve(struct nf_bind *b)
{
	for (size_t i = 0; i < b->pending_len; i++) {
		const struct nf_pending *p = &b->pending[i];
		const void *item = nf_index_find(b->site, p->key->table, p->text);

		memcpy(p->slot, &item, sizeof item);
		if (!item)
			nf_bind_error(b, p->place, "%s: no %s %s%s", p->key->name,
				nf_table_noun(p->key->table), nf_bind_quote(b, p->text),
				nf_link_hint(b, p->key->table, p->text));
	}
}
