// SPDX-License-Identifier: GPL-3.0-or-later
/* db: the handle behind struct nf_store: opening, repair, and running statements of store/sql.h.
 * Shape:   every statement is prepared at its first use and kept. Before a statement outside of a
 *          transaction the files' inodes are looked at: when state.db was replaced or its -wal deleted
 *          by someone else, or the last call met damage, the handle is opened anew.
 * Role:    inside store/ only; with sqlite3.h.
 */
#pragma once

#include "store/db_file.h"
#include "store/sql.h"
#include "store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

struct nf_store {
	sqlite3 *db; /* NULL: could not be opened again; tried at each call */
	sqlite3_stmt *statements[NF_SQL_LEN];
	enum nf_db_file file;
	char *state_dir;
	char *path; /* of the file */
	char *wal_path;
	char *ballast_path;
	enum nf_store_mode mode;
	int busy_ms;
	dev_t dev;
	ino_t ino;
	ino_t wal_ino;
	uint64_t generation;
	bool in_transaction;
	unsigned int iterating; /* queries whose rows are being handed out: the handle stays */
	int64_t busy_since_mono_us; /* another process holds the lock; 0: it does not */
	enum nf_err
		transaction_lost; /* why SQLite rolled it back by itself; NF_OK: it did not */
	bool suspect;		  /* met damage: check the file before the next statement */
	char *owed; /* output of an event about the store itself, still to be written */
	struct nf_error error; /* the last failure */
};

/* Runs a statement without rows. `types` has a letter a parameter: t const char * (NULL becomes ""),
 * n const char * (NULL stays NULL), i int64_t, b const void * and size_t. */
enum nf_err nf_db_run(struct nf_store *store, enum nf_sql id, const char *types, ...);

typedef void nf_db_row_fn(sqlite3_stmt *row, void *arg);
/* Runs a query; fn sees each row. A callback must not run the statement it is called from. */
enum nf_err nf_db_each(struct nf_store *store, nf_db_row_fn *fn, void *arg, enum nf_sql id,
	const char *types, ...);

/* A text column, never NULL, borrowed until the next row. */
const char *nf_db_text(sqlite3_stmt *row, int column);

/* A column that holds a state's word; NF_STATE_UNKNOWN for any other text. */
enum nf_state nf_db_state(sqlite3_stmt *row, int column);

/* As nf_store_open, of either file. */
enum nf_err nf_db_open_file(const char *state_dir, enum nf_db_file file,
	enum nf_store_mode mode, int busy_ms, struct nf_store **store, struct nf_error *err);
/* Opens (again) and fills the handle; store->error says why not. */
enum nf_err nf_db_open(struct nf_store *store);
void nf_db_close(struct nf_store *store);
/* Writes the event that is owed, if one is; a failure leaves it owed. */
void nf_db_tell(struct nf_store *store);
/* The disk is full: gives up the ballast. False when there was none. */
bool nf_db_make_room(struct nf_store *store);
/* To be called outside of transactions: opens anew where the head of this file says so. */
enum nf_err nf_db_revive(struct nf_store *store);
