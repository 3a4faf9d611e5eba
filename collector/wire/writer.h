// SPDX-License-Identifier: GPL-3.0-or-later
/* writer: from the table in memory to the ledger in state.db.
 * Shape:   a batch is what is owed when it begins. It goes out in slices of 500 rows, a transaction each, so
 *          that no other program waits long; the last slice carries the coverage up to the batch's begin. A
 *          slice that fails has written nothing and is tried again.
 * Errors:  those of store/store.h.
 * Memory:  borrows all parts.
 */
#pragma once

#include "collector/wire/cover.h"
#include "collector/wire/seen.h"
#include "store/store.h"

/* A wire as the ledger knows it; place in the list is key.wire. */
struct nf_writer_wire {
	const char *network; /* id; may change with a reload */
	char *by;	     /* "wire:span10" */
	struct nf_cover cover;
};

struct nf_writer {
	struct nf_store *store;
	struct nf_seen_table *table;
	struct nf_writer_wire *wires;
	size_t wires_len;
	size_t left;	/* rows of the batch under way */
	bool under_way; /* its coverage is not written yet */
	uint64_t rows, batches, failures;
};

/* Begins a batch where none is under way. */
void nf_writer_begin(struct nf_writer *writer, int64_t wall_us);
/* One slice; nothing where no batch is under way. */
enum nf_err nf_writer_slice(struct nf_writer *writer);
