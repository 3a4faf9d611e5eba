// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/vacated.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "checks/cutover/kept.h"

/* Where a device was last seen on an old switch. */
struct stand {
	const char *switch_name, *port;
	const struct nf_device *device;
	int64_t last_us;
	bool is_used; /* it was seen there since, on the new side: another VLAN, and the same cable */
};

struct stands {
	const struct nf_vacating *in;
	struct stand *items;
	size_t len, cap;
};

static bool is_old(const struct nf_site *site, const char *network)
{
	const struct nf_network *n = nf_site_network(site, network);

	return n && n->role == NF_ROLE_LEGACY;
}

typedef void row_fn(
	struct stand *newest, const struct nf_vacating *in, const struct nf_seen *r);

static void note(struct stand *newest, const struct nf_vacating *in, const struct nf_seen *r)
{
	const char *port = nf_seen_port(r);

	if (!port || strcmp(r->source, "fdb") != 0 || !is_old(in->site, r->network) ||
		r->last_us <= newest->last_us)
		return;
	newest->switch_name = r->by;
	newest->port = port;
	newest->last_us = r->last_us;
}

static void note_use(
	struct stand *newest, const struct nf_vacating *in, const struct nf_seen *r)
{
	const char *port = nf_seen_port(r);

	(void)in;
	newest->is_used = newest->is_used || (port && r->last_us > newest->last_us &&
						     strcmp(port, newest->port) == 0 &&
						     strcmp(r->by, newest->switch_name) == 0);
}

static void each_row(struct stand *newest, const struct nf_vacating *in, row_fn *fn)
{
	const struct nf_identity_list *list = nf_identities_of(in->ids, newest->device);

	for (size_t i = 0; i < list->len; i++) {
		const struct nf_identity *id = &list->items[i];

		for (const struct nf_seen *r =
				id->strong ? nf_book_of(in->book, id->kind, id->value) : NULL;
			r; r = nf_seen_next(r))
			fn(newest, in, r);
	}
}

static void add_stand(struct stands *s, const struct nf_device *device)
{
	struct stand newest = {.device = device};

	each_row(&newest, s->in, note);
	if (!newest.last_us)
		return;
	each_row(&newest, s->in, note_use);
	s->items = nf_grow(s->items, s->len, &s->cap, sizeof *s->items);
	s->items[s->len++] = newest;
}

static bool is_moved(const struct nf_vacating *in, const struct nf_device *device)
{
	enum nf_stage stage = in->stages[device->index];

	return stage == NF_STAGE_MOVED || stage == NF_STAGE_CONFIRMED ||
	       stage == NF_STAGE_RELEASED;
}

static bool is_leaving(const struct nf_vacating *in, const struct nf_device *device)
{
	return device->wave && device->wave->from_wall_us <= in->now_us &&
	       in->now_us < device->wave->to_wall_us;
}

static bool goes(const struct nf_vacating *in, const struct stand *stand)
{
	return (is_moved(in, stand->device) && !stand->is_used) ||
	       is_leaving(in, stand->device);
}

static int by_port(const void *a, const void *b)
{
	const struct stand *x = a, *y = b;
	int order = strcmp(x->switch_name, y->switch_name);

	if (order == 0)
		order = strcmp(x->port, y->port);
	return order != 0 ? order : strcmp(x->device->name, y->device->name);
}

static bool is_same_port(const struct stand *a, const struct stand *b)
{
	return strcmp(a->switch_name, b->switch_name) == 0 && strcmp(a->port, b->port) == 0;
}

/* How many stand at the port of the first, and whether all of them go. */
static size_t look_at_port(const struct stands *s, size_t first, bool *vacated)
{
	size_t end = first;

	*vacated = true;
	for (; end < s->len && is_same_port(&s->items[first], &s->items[end]); end++)
		*vacated = *vacated && goes(s->in, &s->items[end]);
	return end - first;
}

static void put_port(struct nf_json *j, const struct stands *s, size_t first, size_t len)
{
	const struct stand *stand = &s->items[first];
	char *why = is_moved(s->in, stand->device)
			    ? nf_xasprintf("%s has moved away", stand->device->name)
			    : nf_xasprintf("%s moves in wave %s", stand->device->name,
				      stand->device->wave->id);
	char *more = nf_xasprintf("%s, and %zu more", why, len - 1);

	nf_json_key(j, stand->port);
	nf_json_puts(j, len > 1 ? more : why);
	free(more);
	free(why);
}

void nf_vacated_encode(const struct nf_vacating *in, struct nf_strbuf *out)
{
	struct stands s = {.in = in};
	struct nf_json j = nf_json_of(out);
	const char *open = NULL; /* the switch whose ports are told */
	bool vacated;

	NF_EACH(const struct nf_device, d, in->site->devices)
	{
		if (nf_move_from(d))
			add_stand(&s, d);
	}
	if (s.len)
		qsort(s.items, s.len, sizeof *s.items, by_port);
	nf_json_object(&j);
	for (size_t i = 0, len; i < s.len; i += len) {
		len = look_at_port(&s, i, &vacated);
		if (!vacated)
			continue;
		if (!open || strcmp(open, s.items[i].switch_name) != 0) {
			if (open)
				nf_json_end(&j);
			open = s.items[i].switch_name;
			nf_json_key(&j, open);
			nf_json_object(&j);
		}
		put_port(&j, &s, i, len);
	}
	if (open)
		nf_json_end(&j);
	nf_json_end(&j);
	free(s.items);
}

enum nf_err nf_vacated_keep(struct nf_store *store, const struct nf_vacating *in)
{
	struct nf_strbuf text = {0};

	nf_vacated_encode(in, &text);
	enum nf_err e = nf_kept_put(store, NF_VACATED_KEPT, text.data);
	nf_strbuf_free(&text);
	return e;
}
