// SPDX-License-Identifier: GPL-3.0-or-later
/* seen: the sums of the ledger in memory, found by identity and by address.
 * Shape:   fill (from the store, or row by row), index, ask. Chains are in no particular order.
 * Memory:  owns copies of all texts until free; about 200 bytes a row.
 */
#pragma once

#include "base/mem.h"
#include "conf/site.h"
#include "store/sightings.h"

struct nf_seen {
	const char *network, *source, *by, *kind, *value, *address, *place, *detail;
	int64_t first_us, last_us, until_us, lent_us;
	bool passed_on; /* the MAC is not the address's own: checks/cutover/passed.h */
	const struct nf_seen *next_same,
		*next_address; /* the book's own: chains of its tables */
};

struct nf_book;

struct nf_book *nf_book_new(void);
void nf_book_free(struct nf_book *book); /* takes; NULL is fine */
void nf_book_add(struct nf_book *book, const struct nf_sighting *sum);
/* All sums of the store. Indexes. */
enum nf_err nf_book_load(
	struct nf_book *book, struct nf_store *store, const struct nf_site *site);
/* site NULL: no MAC is one that only passed packets on. */
void nf_book_index(struct nf_book *book, const struct nf_site *site);

/* The first of this identity, or of this address, and what comes after; NULL: none. */
const struct nf_seen *nf_book_of(
	const struct nf_book *book, const char *kind, const char *value);
const struct nf_seen *nf_seen_next(const struct nf_seen *row);
const struct nf_seen *nf_book_at(
	const struct nf_book *book, const char *network, const char *address);
const struct nf_seen *nf_seen_next_at(const struct nf_seen *row);
/* Until when the lease of this row runs. 0: it has none, it was given back or lent anew since, or another machine
 * was lent the address since. */
int64_t nf_seen_lease_us(const struct nf_book *book, const struct nf_seen *row);
/* Whether a router's table remembers it, which outlives who it is of; not what was heard on a wire. */
bool nf_seen_is_cached(const char *source, const char *by);
/* The port of a switch at which it was seen, by its name there: of "sw-1 Gi0/12" by sw-1 it is Gi0/12. NULL: none. */
const char *nf_seen_port(const struct nf_seen *row);
/* All rows. */
const struct nf_seen *nf_book_rows(const struct nf_book *book, size_t *len);
