// SPDX-License-Identifier: GPL-3.0-or-later
/* seen: what was noted since it was last written, in a table that never grows over its cap.
 * Shape:   a hash table (SipHash with a random key: nobody can choose what collides) of at most `cap`
 *          entries, linked by last use, and a queue of those that owe the store something. What was not
 *          there yesterday is a newcomer: of them the table takes half its cap at once, and half its cap a
 *          day. A new thing in a full table takes the place of the one not seen for longest, if that owes
 *          nothing. What is refused is counted. So a flood of invented senders neither grows the memory,
 *          nor fills the ledger, nor takes the place of those known before; what is refused is a drop of
 *          the sensor, and its silence proves nothing.
 * Units:   wall microseconds.
 * Memory:  about 150 bytes an entry; texts and details of at most 64 bytes an entry in the mean.
 * Role:    netfold-wire; single thread.
 */
#pragma once

#include "collector/wire/note.h"

#include <stdbool.h>
#include <stddef.h>

struct nf_seen_entry {
	struct nf_note_key key;
	char *text;   /* a name or serial number; NULL: none */
	char *detail; /* NULL: none */
	/* Since it was last written. */
	int64_t first_wall_us, last_wall_us;
	int64_t until_wall_us, lent_wall_us; /* of the last lease */
	uint64_t count;
	uint32_t hours; /* bit h: in hour h of key.day */
	/* The table's own: places in its arrays. */
	uint32_t hash, chain, newer, older, next_owed;
	bool owes;
};

struct nf_seen_table;

struct nf_seen_table *nf_seen_new(size_t cap);
void nf_seen_free(struct nf_seen_table *table); /* NULL is fine */

/* False: refused. */
bool nf_seen_add(struct nf_seen_table *table, uint16_t wire, const struct nf_note *note,
	int64_t wall_us, int64_t mono_us);

/* Calls fn for the first `most` entries that owe something, until it returns false; returns how many calls
 * returned true. Nothing is forgotten before nf_seen_written says that so many are stored. */
typedef bool nf_seen_fn(const struct nf_seen_entry *entry, void *arg);
size_t nf_seen_each_owed(
	const struct nf_seen_table *table, size_t most, nf_seen_fn *fn, void *arg);
void nf_seen_written(struct nf_seen_table *table, size_t count);

/* Lets go of what was last seen before that day and owes nothing. Who comes on a day whose day before was let go
 * is a newcomer. */
void nf_seen_forget(struct nf_seen_table *table, uint32_t before_day);

struct nf_seen_stats {
	size_t len, cap, owed;
	uint64_t replaced, refused; /* since the start */
};
struct nf_seen_stats nf_seen_stats(const struct nf_seen_table *table);
