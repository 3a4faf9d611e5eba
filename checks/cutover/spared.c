// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/spared.h"

#include <stdlib.h>
#include <string.h>

#include "checks/cutover/identity.h"

struct marking {
	const struct nf_site *site;
	struct nf_book *book;
	struct nf_identities *ids;
	const struct nf_seen *rows;
	bool *spared; /* by the row's place in the book */
};

static void spare(struct marking *m, const struct nf_seen *r)
{
	if (r)
		m->spared[r - m->rows] = true;
}

static bool is_at(const struct nf_seen *r, const struct nf_leg *leg, const char *address)
{
	return strcmp(r->network, leg->network->id) == 0 && strcmp(r->address, address) == 0;
}

static bool comes_before(const struct nf_seen *a, const struct nf_seen *b)
{
	return a->first_us != b->first_us ? a->first_us < b->first_us : a < b;
}

/* Of each source that showed it there the first: by one of them it is learned. */
static void spare_identity(struct marking *m, const struct nf_identity *id,
	const struct nf_leg *leg, const char *address)
{
	for (const struct nf_seen *r = nf_book_of(m->book, id->kind, id->value); r;
		r = nf_seen_next(r)) {
		const struct nf_seen *first = r;

		if (!is_at(r, leg, address))
			continue;
		for (const struct nf_seen *o = nf_book_of(m->book, id->kind, id->value); o;
			o = nf_seen_next(o)) {
			if (is_at(o, leg, address) && strcmp(o->source, r->source) == 0 &&
				comes_before(o, first))
				first = o;
		}
		spare(m, first);
	}
}

/* The ends of a device's time on one side. */
struct ends {
	const struct nf_seen *first, *last;
};

static void note(struct ends *e, const struct nf_seen *r)
{
	if (!e->first || r->first_us < e->first->first_us)
		e->first = r;
	if (!e->last || r->last_us > e->last->last_us)
		e->last = r;
}

static void spare_sides(struct marking *m, const struct nf_identity_list *list)
{
	struct ends after = {0};
	struct ends *before = nf_xcalloc(m->site->networks.len + 1, sizeof *before);

	for (size_t i = 0; i < list->len; i++) {
		const struct nf_identity *id = &list->items[i];

		for (const struct nf_seen *r =
				id->strong ? nf_book_of(m->book, id->kind, id->value) : NULL;
			r; r = nf_seen_next(r)) {
			const struct nf_network *n = nf_site_network(m->site, r->network);

			if (n && n->role == NF_ROLE_COMMON)
				note(&after, r);
			else if (n && n->role == NF_ROLE_LEGACY &&
				 !nf_seen_is_cached(r->source, r->by))
				note(&before[n->index], r);
		}
	}
	spare(m, after.first);
	spare(m, after.last);
	for (size_t i = 0; i < m->site->networks.len; i++)
		spare(m, before[i].last);
	free(before);
}

static void spare_answers(struct marking *m, const struct nf_leg *leg, const char *address)
{
	for (const struct nf_seen *r = nf_book_of(m->book, "address", address); r;
		r = nf_seen_next(r)) {
		if (is_at(r, leg, address) && strcmp(r->source, "ping") == 0)
			spare(m, r);
	}
}

static void spare_device(struct marking *m, const struct nf_device *d)
{
	const struct nf_identity_list *list = nf_identities_of(m->ids, d);
	char address[NF_ADDR_TEXT_MAX];

	nf_addr_format(&d->legs[0].address, address);
	for (size_t i = 0; i < list->len; i++)
		spare_identity(m, &list->items[i], &d->legs[0], address);
	spare_sides(m, list);
	for (size_t i = 0; i < d->legs_len; i++)
		spare_answers(m, &d->legs[i], nf_addr_format(&d->legs[i].address, address));
}

static bool is_same(const struct nf_seen *r, const struct nf_sighting *s)
{
	return strcmp(r->network, s->network) == 0 && strcmp(r->source, s->source) == 0 &&
	       strcmp(r->by, s->by) == 0 && strcmp(r->address, s->address) == 0 &&
	       strcmp(r->place, s->place) == 0;
}

static bool is_spared(const struct nf_sighting *sum, void *arg)
{
	const struct marking *m = arg;

	for (const struct nf_seen *r = nf_book_of(m->book, sum->kind, sum->value); r;
		r = nf_seen_next(r)) {
		if (is_same(r, sum))
			return m->spared[r - m->rows];
	}
	return false;
}

enum nf_err nf_spared_mark(struct nf_store *store, const struct nf_site *site)
{
	struct marking m = {.site = site, .book = nf_book_new()};
	enum nf_err e = nf_book_load(m.book, store, site);
	size_t len;

	m.rows = nf_book_rows(m.book, &len);
	m.spared = nf_xcalloc(len + 1, sizeof *m.spared);
	m.ids = nf_identities_learn(site, m.book);
	NF_EACH(const struct nf_device, d, site->devices)
	{
		if (nf_move_from(d))
			spare_device(&m, d);
	}
	if (e == NF_OK)
		e = nf_sightings_spare(store, is_spared, &m);
	nf_identities_free(m.ids);
	nf_book_free(m.book);
	free(m.spared);
	return e;
}
