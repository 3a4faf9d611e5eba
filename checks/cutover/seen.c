// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/seen.h"

#include <stdlib.h>
#include <string.h>

#include "checks/cutover/passed.h"

struct word {
	const char *text;
	struct word *next;
};

#define WORDS 1024 /* networks, sources, observers: few */

struct nf_book {
	struct nf_arena *arena;
	struct word *words[WORDS];
	struct nf_seen *rows;
	size_t len, cap;
	const struct nf_seen **same, **address;
	size_t mask;
};

/* FNV-1a over two texts and the gap between them. */
static uint64_t hash(const char *a, const char *b)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *a; a++)
		h = (h ^ (uint8_t)*a) * UINT64_C(0x100000001b3);
	h = (h ^ 0xff) * UINT64_C(0x100000001b3);
	for (; *b; b++)
		h = (h ^ (uint8_t)*b) * UINT64_C(0x100000001b3);
	return h;
}

struct nf_book *nf_book_new(void)
{
	struct nf_book *book = nf_xcalloc(1, sizeof *book);

	book->arena = nf_arena_new();
	return book;
}

void nf_book_free(struct nf_book *book)
{
	if (!book)
		return;
	nf_arena_free(book->arena);
	free(book->rows);
	free(book->same);
	free(book->address);
	free(book);
}

static const char *keep(struct nf_book *book, const char *text)
{
	return text && *text ? nf_arena_strdup(book->arena, text) : "";
}

static const char *keep_word(struct nf_book *book, const char *text)
{
	struct word **slot = &book->words[hash(text, "") % WORDS], *word;

	for (word = *slot; word; word = word->next) {
		if (strcmp(word->text, text) == 0)
			return word->text;
	}
	word = nf_arena_alloc(book->arena, sizeof *word);
	*word = (struct word){keep(book, text), *slot};
	*slot = word;
	return word->text;
}

void nf_book_add(struct nf_book *book, const struct nf_sighting *s)
{
	book->rows = nf_grow(book->rows, book->len, &book->cap, sizeof *book->rows);
	book->rows[book->len++] = (struct nf_seen){
		.network = keep_word(book, s->network),
		.source = keep_word(book, s->source),
		.by = keep_word(book, s->by),
		.kind = keep_word(book, s->kind),
		.value = keep(book, s->value),
		.address = keep(book, s->address),
		.place = keep(book, s->place),
		.detail = keep(book, s->detail),
		.first_us = s->first_wall_us,
		.last_us = s->last_wall_us,
		.until_us = s->until_wall_us,
		.lent_us = s->lent_wall_us,
	};
}

static void take(const struct nf_sighting *sum, void *arg)
{
	nf_book_add(arg, sum);
}

enum nf_err nf_book_load(
	struct nf_book *book, struct nf_store *store, const struct nf_site *site)
{
	const struct nf_ledger_filter all = {0};
	enum nf_err e = nf_sighting_sums(store, &all, take, book);

	nf_book_index(book, site);
	return e;
}

static void mark_passed(struct nf_book *book, const struct nf_site *site)
{
	struct nf_passed *passed = nf_passed_new(site);

	for (size_t i = 0; i < book->len; i++)
		book->rows[i].passed_on = nf_passed_is(passed, book, &book->rows[i]);
	nf_passed_free(passed);
}

void nf_book_index(struct nf_book *book, const struct nf_site *site)
{
	size_t buckets = 64;

	while (buckets < book->len)
		buckets *= 2;
	free(book->same);
	free(book->address);
	book->mask = buckets - 1;
	book->same = nf_xcalloc(buckets, sizeof *book->same);
	book->address = nf_xcalloc(buckets, sizeof *book->address);
	for (size_t i = 0; i < book->len; i++) {
		struct nf_seen *row = &book->rows[i];
		size_t same = hash(row->kind, row->value) & book->mask;
		size_t address = hash(row->network, row->address) & book->mask;

		row->next_same = book->same[same];
		book->same[same] = row;
		row->next_address = book->address[address];
		book->address[address] = row;
	}
	if (site)
		mark_passed(book, site);
}

static bool is_same(const struct nf_seen *row, const char *kind, const char *value)
{
	return strcmp(row->value, value) == 0 && strcmp(row->kind, kind) == 0;
}

static bool is_at(const struct nf_seen *row, const char *network, const char *address)
{
	return strcmp(row->address, address) == 0 && strcmp(row->network, network) == 0;
}

const struct nf_seen *nf_book_of(
	const struct nf_book *book, const char *kind, const char *value)
{
	const struct nf_seen *row = book->same[hash(kind, value) & book->mask];

	while (row && !is_same(row, kind, value))
		row = row->next_same;
	return row;
}

const struct nf_seen *nf_seen_next(const struct nf_seen *row)
{
	const struct nf_seen *next = row->next_same;

	while (next && !is_same(next, row->kind, row->value))
		next = next->next_same;
	return next;
}

const struct nf_seen *nf_book_at(
	const struct nf_book *book, const char *network, const char *address)
{
	const struct nf_seen *row = book->address[hash(network, address) & book->mask];

	while (row && !is_at(row, network, address))
		row = row->next_address;
	return row;
}

const struct nf_seen *nf_seen_next_at(const struct nf_seen *row)
{
	const struct nf_seen *next = row->next_address;

	while (next && !is_at(next, row->network, row->address))
		next = next->next_address;
	return next;
}

int64_t nf_seen_lease_us(const struct nf_book *book, const struct nf_seen *row)
{
	if (row->until_us == 0)
		return 0;
	for (const struct nf_seen *r = nf_book_at(book, row->network, row->address); r;
		r = nf_seen_next_at(r)) {
		bool is_same = strcmp(r->value, row->value) == 0;

		if (is_same && strcmp(r->source, "release") == 0 && r->last_us >= row->lent_us)
			return 0;
		if (r->until_us && r->lent_us > row->lent_us)
			return 0;
	}
	return row->until_us;
}

bool nf_seen_is_cached(const char *source, const char *by)
{
	return strcmp(source, "arp") == 0 && strncmp(by, "wire:", 5) != 0;
}

const char *nf_seen_port(const struct nf_seen *row)
{
	size_t len = strlen(row->by);
	const char *place = row->place;

	return strncmp(place, row->by, len) == 0 && place[len] == ' ' && place[len + 1] != '\0'
		       ? place + len + 1
		       : NULL;
}

const struct nf_seen *nf_book_rows(const struct nf_book *book, size_t *len)
{
	*len = book->len;
	return book->rows;
}
