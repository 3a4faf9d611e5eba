// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "conf/index.h"
#include "conf/load.h"
#include "conf/schema.h"

static bool same_section(const struct nf_section *section, const void *a, const void *b);

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const void *pointer_at(const void *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof pointer);
	return pointer;
}

/* Things that are referred to begin with their name. */
static bool same_reference(const void *a, const void *b)
{
	return a && b ? same_text(pointer_at(a), pointer_at(b)) : a == b;
}

static bool same_window(const void *a, const void *b)
{
	const struct nf_window *v = a, *w = b;

	return same_text(v->text, w->text);
}

static bool same_leg(const struct nf_leg *a, const struct nf_leg *b)
{
	return a->has_mac == b->has_mac && memcmp(&a->mac, &b->mac, sizeof a->mac) == 0;
}

static bool same_value(const struct nf_key *key, const void *a, const void *b)
{
	const void *p, *q;

	switch (key->type) {
	case NF_TYPE_BOOL:
	case NF_TYPE_COUNT:
	case NF_TYPE_PORT:
	case NF_TYPE_PERCENT:
	case NF_TYPE_DURATION:
	case NF_TYPE_SIZE:
	case NF_TYPE_WORD:
	case NF_TYPE_ADDRESS:
	case NF_TYPE_ADDRESS46:
	case NF_TYPE_PREFIX:
	case NF_TYPE_DAYTIME:
	case NF_TYPE_DATE:
	case NF_TYPE_DAY:
	case NF_TYPE_DAY_END:
	case NF_TYPE_INSTANT:
		return memcmp(a, b, nf_type_size(key)) == 0;
	case NF_TYPE_MAC:
		return same_leg(a, b);
	case NF_TYPE_START:
	case NF_TYPE_SPAN:
		return same_window(a, b);
	case NF_TYPE_REFERENCE:
		return same_reference(pointer_at(a), pointer_at(b));
	case NF_TYPE_SECTION:
		return same_section(key->section, a, b);
	case NF_TYPE_SECTION_PTR:
		p = pointer_at(a);
		q = pointer_at(b);
		return p && q ? same_section(key->section, p, q) : p == q;
	default: /* texts of all sorts */
		return same_text(pointer_at(a), pointer_at(b));
	}
}

static bool same_list(const struct nf_key *key, const void *a, const void *b)
{
	size_t size = nf_type_size(key);
	struct nf_list v, w;

	memcpy(&v, a, sizeof v);
	memcpy(&w, b, sizeof w);
	if (v.len != w.len)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		if (!same_value(key, (char *)v.items + i * size, (char *)w.items + i * size))
			return false;
	}
	return true;
}

static const struct nf_section *kind_of(const struct nf_section *section, const void *item)
{
	unsigned kind;

	memcpy(&kind, (const char *)item + section->kind_offset, sizeof kind);
	return section->kinds[kind];
}

static bool same_section(const struct nf_section *section, const void *a, const void *b)
{
	if (section->kinds) {
		if (kind_of(section, a) != kind_of(section, b))
			return false;
		section = kind_of(section, a);
	}
	for (size_t i = 0; i < section->len; i++) {
		const struct nf_key *key = &section->keys[i];
		const char *v = (const char *)a + key->offset,
			   *w = (const char *)b + key->offset;

		if (key->flags & NF_KEY_LIST ? !same_list(key, v, w) : !same_value(key, v, w))
			return false;
	}
	return true;
}

static bool same_other(const struct nf_device *a, const struct nf_device *b)
{
	if (a->other.len != b->other.len)
		return false;
	for (size_t i = 0; i < a->other.len; i++) {
		if (!same_text(a->other.items[i].key, b->other.items[i].key) ||
			!same_text(a->other.items[i].value, b->other.items[i].value))
			return false;
	}
	return true;
}

static void add_part(struct nf_strbuf *out, const char *name)
{
	nf_strbuf_printf(out, "%s%s", out->len > 0 ? ", " : "", name);
}

static void add_count(struct nf_strbuf *out, char sign, size_t count)
{
	if (count > 0)
		nf_strbuf_printf(out, " %c%zu", sign, count);
}

static void compare_table(const struct nf_key *key, const struct nf_site *before,
	const struct nf_site *after, struct nf_strbuf *out)
{
	struct nf_list old = nf_table_list(before, key->table),
		       new = nf_table_list(after, key->table);
	size_t added = 0, changed = 0, kept = 0, size = nf_table_item_size(key->table);

	for (size_t i = 0; i < new.len; i++) {
		const char *item = (const char *)new.items + i *size;
		const void *was = nf_index_find(before, key->table, pointer_at(item));

		kept += was != NULL;
		added += was == NULL;
		if (was && (!same_section(key->section, was, item) ||
				   (key->table == NF_TABLE_DEVICES &&
					   !same_other(was, (const void *)item))))
			changed++;
	}
	if (added + changed == 0 && kept == old.len)
		return;
	add_part(out, key->name);
	add_count(out, '+', added);
	add_count(out, '-', old.len - kept);
	add_count(out, '~', changed);
}

char *nf_site_compare(const struct nf_site *before, const struct nf_site *after)
{
	struct nf_strbuf out = {0};

	for (size_t i = 0; i < nf_schema_site()->len; i++) {
		const struct nf_key *key = &nf_schema_site()->keys[i];
		const char *v = (const char *)before + key->offset;
		const char *w = (const char *)after + key->offset;

		if (key->table != NF_TABLE_NONE)
			compare_table(key, before, after, &out);
		else if (key->flags & NF_KEY_LIST ? !same_list(key, v, w)
						  : !same_value(key, v, w))
			add_part(&out, key->name);
	}
	if (out.len == 0)
		nf_strbuf_puts(&out, "nothing");
	return nf_strbuf_take(&out);
}
