// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/seen.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/pace.h"

#define NONE	     UINT32_MAX
#define DAY_US	     (86400 * NF_US_PER_S)
#define HOUR_US	     (3600 * NF_US_PER_S)
#define DAY_S	     86400
#define LEASE_MOST_S INT64_C(31622400)
#define TEXT_BYTES   64 /* an entry, in the mean */
#define NEW_PART     2	/* of the cap, at once and a day */

struct nf_seen_table {
	unsigned char secret[crypto_shorthash_KEYBYTES];
	struct nf_seen_entry *entries;
	size_t used, room, cap; /* entries that were ever used; allocated; allowed */
	uint32_t *buckets;
	size_t buckets_len; /* a power of two */
	uint32_t free;	    /* chain of entries given back */
	uint32_t newest, oldest;
	uint32_t owed_first, owed_last;
	size_t len, owed, text_bytes;
	struct nf_pace newcomers;
	bool paced;
	uint64_t replaced, refused;
};

struct nf_seen_table *nf_seen_new(size_t cap)
{
	struct nf_seen_table *t = nf_xcalloc(1, sizeof *t);

	randombytes_buf(t->secret, sizeof t->secret);
	t->cap = cap;
	t->free = t->newest = t->oldest = t->owed_first = t->owed_last = NONE;
	t->buckets_len = 64;
	t->buckets = nf_xcalloc(t->buckets_len, sizeof *t->buckets);
	memset(t->buckets, 0xff, t->buckets_len * sizeof *t->buckets);
	return t;
}

void nf_seen_free(struct nf_seen_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->used; i++) {
		free(t->entries[i].text);
		free(t->entries[i].detail);
	}
	free(t->entries);
	free(t->buckets);
	free(t);
}

static uint32_t hash_of(
	const struct nf_seen_table *t, const struct nf_note_key *key, const char *text)
{
	unsigned char out[crypto_shorthash_BYTES], more[crypto_shorthash_BYTES];
	uint32_t hash, of_text;

	crypto_shorthash(out, (const unsigned char *)key, sizeof *key, t->secret);
	memcpy(&hash, out, sizeof hash);
	if (!text)
		return hash;
	crypto_shorthash(more, (const unsigned char *)text, strlen(text), t->secret);
	memcpy(&of_text, more, sizeof of_text);
	return hash ^ of_text;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static uint32_t find(const struct nf_seen_table *t, uint32_t hash,
	const struct nf_note_key *key, const char *text)
{
	uint32_t at = t->buckets[hash & (t->buckets_len - 1)];

	for (; at != NONE; at = t->entries[at].chain) {
		const struct nf_seen_entry *e = &t->entries[at];

		if (e->hash == hash && memcmp(&e->key, key, sizeof *key) == 0 &&
			same_text(e->text, text))
			break;
	}
	return at;
}

static void unlink_use(struct nf_seen_table *t, uint32_t at)
{
	struct nf_seen_entry *e = &t->entries[at];

	if (e->newer != NONE)
		t->entries[e->newer].older = e->older;
	else
		t->newest = e->older;
	if (e->older != NONE)
		t->entries[e->older].newer = e->newer;
	else
		t->oldest = e->newer;
}

static void link_newest(struct nf_seen_table *t, uint32_t at)
{
	struct nf_seen_entry *e = &t->entries[at];

	e->newer = NONE;
	e->older = t->newest;
	if (t->newest != NONE)
		t->entries[t->newest].newer = at;
	else
		t->oldest = at;
	t->newest = at;
}

static void set_text(struct nf_seen_table *t, char **to, const char *text)
{
	if (*to)
		t->text_bytes -= strlen(*to) + 1;
	free(*to);
	*to = text ? nf_xstrdup(text) : NULL;
	if (text)
		t->text_bytes += strlen(text) + 1;
}

static void grow_buckets(struct nf_seen_table *t)
{
	if (t->len < t->buckets_len)
		return;
	t->buckets_len *= 2;
	t->buckets = nf_xreallocarray(t->buckets, t->buckets_len, sizeof *t->buckets);
	memset(t->buckets, 0xff, t->buckets_len * sizeof *t->buckets);
	for (uint32_t at = t->newest; at != NONE; at = t->entries[at].older) {
		uint32_t *bucket = &t->buckets[t->entries[at].hash & (t->buckets_len - 1)];

		t->entries[at].chain = *bucket;
		*bucket = at;
	}
}

/* Takes the entry out; its place is the caller's or goes to the chain of free ones. */
static void take_out(struct nf_seen_table *t, uint32_t at)
{
	struct nf_seen_entry *e = &t->entries[at];
	uint32_t *link = &t->buckets[e->hash & (t->buckets_len - 1)];

	while (*link != at)
		link = &t->entries[*link].chain;
	*link = e->chain;
	unlink_use(t, at);
	set_text(t, &e->text, NULL);
	set_text(t, &e->detail, NULL);
	e->chain = t->free;
	t->free = at;
	t->len--;
}

/* Of those that are new every day, whether there is room or not: the ledger keeps them for months. */
static bool may_come(struct nf_seen_table *t, int64_t mono_us)
{
	double part = (double)t->cap / NEW_PART;

	if (!t->paced)
		nf_pace_init(&t->newcomers, part / DAY_S, part < 1 ? 1 : part, mono_us);
	t->paced = true;
	return nf_pace_take(&t->newcomers, 1, mono_us) == 1;
}

static bool has_room(const struct nf_seen_table *t)
{
	return t->len < t->cap || !t->entries[t->oldest].owes;
}

/* A place for a new entry. */
static uint32_t make_room(struct nf_seen_table *t)
{
	if (t->len >= t->cap) {
		take_out(t, t->oldest);
		t->replaced++;
	}
	if (t->free != NONE) {
		uint32_t at = t->free;

		t->free = t->entries[at].chain;
		return at;
	}
	t->entries = nf_grow(t->entries, t->used, &t->room, sizeof *t->entries);
	return (uint32_t)t->used++;
}

static bool was_there_yesterday(
	const struct nf_seen_table *t, struct nf_note_key key, const char *text)
{
	key.day--;
	return find(t, hash_of(t, &key, text), &key, text) != NONE;
}

/* NONE: refused. */
static uint32_t add_new(struct nf_seen_table *t, uint32_t hash, const struct nf_note_key *key,
	const char *text, int64_t mono_us)
{
	if (text && t->text_bytes + strlen(text) > t->cap * TEXT_BYTES)
		return NONE;
	if (!has_room(t) || (!was_there_yesterday(t, *key, text) && !may_come(t, mono_us)))
		return NONE;
	uint32_t at = make_room(t);

	t->entries[at] = (struct nf_seen_entry){.key = *key, .hash = hash};
	set_text(t, &t->entries[at].text, text);
	link_newest(t, at);
	t->len++;
	uint32_t *bucket = &t->buckets[hash & (t->buckets_len - 1)];

	t->entries[at].chain = *bucket;
	*bucket = at;
	grow_buckets(t);
	return at;
}

static void owe(struct nf_seen_table *t, uint32_t at, int64_t wall_us)
{
	struct nf_seen_entry *e = &t->entries[at];

	if (e->owes)
		return;
	e->owes = true;
	e->first_wall_us = wall_us;
	e->last_wall_us = wall_us;
	e->until_wall_us = e->lent_wall_us = 0;
	e->count = 0;
	e->hours = 0;
	e->next_owed = NONE;
	if (t->owed_last != NONE)
		t->entries[t->owed_last].next_owed = at;
	else
		t->owed_first = at;
	t->owed_last = at;
	t->owed++;
}

/* A lease for ever, or for a lifetime, says no more than one for a year. */
static int64_t lease_us(uint32_t lease_s)
{
	return (lease_s < LEASE_MOST_S ? lease_s : LEASE_MOST_S) * NF_US_PER_S;
}

bool nf_seen_add(struct nf_seen_table *t, uint16_t wire, const struct nf_note *note,
	int64_t wall_us, int64_t mono_us)
{
	struct nf_note_key key = note->key;

	key.wire = wire;
	key.day = (uint32_t)(wall_us / DAY_US);
	uint32_t hash = hash_of(t, &key, note->text);
	uint32_t at = find(t, hash, &key, note->text);

	if (at == NONE)
		at = add_new(t, hash, &key, note->text, mono_us);
	if (at == NONE) {
		t->refused++;
		return false;
	}
	if (at != t->newest) {
		unlink_use(t, at);
		link_newest(t, at);
	}
	owe(t, at, wall_us);
	struct nf_seen_entry *e = &t->entries[at];

	if (note->detail && !same_text(e->detail, note->detail) &&
		t->text_bytes + strlen(note->detail) <= t->cap * TEXT_BYTES)
		set_text(t, &e->detail, note->detail);
	if (wall_us < e->first_wall_us)
		e->first_wall_us = wall_us;
	if (wall_us > e->last_wall_us)
		e->last_wall_us = wall_us;
	if (note->lease_s) {
		e->until_wall_us = wall_us + lease_us(note->lease_s);
		e->lent_wall_us = wall_us;
	}
	e->hours |= UINT32_C(1) << (wall_us % DAY_US / HOUR_US);
	e->count++;
	return true;
}

size_t nf_seen_each_owed(const struct nf_seen_table *t, size_t most, nf_seen_fn *fn, void *arg)
{
	size_t count = 0;

	for (uint32_t at = t->owed_first; at != NONE && count < most; count++) {
		uint32_t next = t->entries[at].next_owed;

		if (!fn(&t->entries[at], arg))
			break;
		at = next;
	}
	return count;
}

void nf_seen_written(struct nf_seen_table *t, size_t count)
{
	for (; count && t->owed_first != NONE; count--) {
		struct nf_seen_entry *e = &t->entries[t->owed_first];

		e->owes = false;
		t->owed_first = e->next_owed;
		t->owed--;
	}
	if (t->owed_first == NONE)
		t->owed_last = NONE;
}

void nf_seen_forget(struct nf_seen_table *t, uint32_t before_day)
{
	while (t->oldest != NONE && t->entries[t->oldest].key.day < before_day &&
		!t->entries[t->oldest].owes)
		take_out(t, t->oldest);
}

struct nf_seen_stats nf_seen_stats(const struct nf_seen_table *t)
{
	return (struct nf_seen_stats){.len = t->len,
		.cap = t->cap,
		.owed = t->owed,
		.replaced = t->replaced,
		.refused = t->refused};
}
