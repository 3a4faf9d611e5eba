// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "checks/cutover/kept.h"

#define KEPT "cutover.duplicates"

struct holder {
	const char *kind, *value, *device;
};

static int by_identity(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	if (order == 0)
		order = strcmp(x->value, y->value);
	return order != 0 ? order : strcmp(x->device, y->device);
}

static bool is_same(const struct holder *a, const struct holder *b)
{
	return strcmp(a->kind, b->kind) == 0 && strcmp(a->value, b->value) == 0;
}

/* Two rows a pair: each device is in one of its identity's pairs. */
static struct holder *holders_of(const struct nf_identities *ids, size_t *len)
{
	size_t pairs;
	const struct nf_duplicate *items = nf_identities_duplicates(ids, &pairs);
	struct holder *holders = nf_xcalloc(2 * pairs + 1, sizeof *holders);

	*len = 0;
	for (size_t i = 0; i < pairs; i++) {
		const struct nf_duplicate *d = &items[i];

		holders[(*len)++] = (struct holder){d->kind, d->value, d->a->name};
		holders[(*len)++] = (struct holder){d->kind, d->value, d->b->name};
	}
	qsort(holders, *len, sizeof *holders, by_identity);
	return holders;
}

static size_t put_group(struct nf_json *j, const struct holder *rows, size_t len)
{
	size_t n = 0;

	nf_json_object(j);
	nf_put_text(j, "kind", rows->kind);
	nf_put_text(j, "value", rows->value);
	nf_json_key(j, "devices");
	nf_json_array(j);
	for (; n < len && is_same(&rows[n], rows); n++) {
		if (n == 0 || strcmp(rows[n].device, rows[n - 1].device) != 0)
			nf_json_puts(j, rows[n].device);
	}
	nf_json_end(j);
	nf_json_end(j);
	return n;
}

void nf_duplicates_encode(const struct nf_identities *ids, struct nf_strbuf *out)
{
	struct nf_json j = nf_json_of(out);
	size_t len, groups = 0;
	struct holder *holders = holders_of(ids, &len);

	nf_json_array(&j);
	for (size_t i = 0; i < len && groups < NF_DUPLICATES_MAX; groups++)
		i += put_group(&j, &holders[i], len - i);
	nf_json_end(&j);
	free(holders);
}

enum nf_err nf_duplicates_keep(struct nf_store *store, const struct nf_identities *ids)
{
	struct nf_strbuf text = {0};

	nf_duplicates_encode(ids, &text);
	enum nf_err e = nf_kept_put(store, KEPT, text.data);
	nf_strbuf_free(&text);
	return e;
}

enum nf_err nf_duplicates_read(struct nf_store *store, json_t **list)
{
	return nf_kept_read(store, KEPT, JSON_ARRAY, list);
}

static bool is_alike(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "kind"), json_object_get(b, "kind")) &&
	       json_equal(json_object_get(a, "devices"), json_object_get(b, "devices"));
}

size_t nf_duplicates_run(const json_t *list, size_t from)
{
	size_t len = 1;

	while (from + len < json_array_size(list) &&
		is_alike(json_array_get(list, from), json_array_get(list, from + len)))
		len++;
	return len;
}

void nf_duplicate_devices(const json_t *duplicate, struct nf_strbuf *out)
{
	const json_t *device;
	size_t i;

	json_array_foreach(json_object_get(duplicate, "devices"), i, device)
	{
		if (json_is_string(device))
			nf_strbuf_printf(out, "%s%s", i ? ", " : "", json_string_value(device));
	}
}
