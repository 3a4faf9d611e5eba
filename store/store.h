// SPDX-License-Identifier: GPL-3.0-or-later
/* store: state.db, what netfold remembers besides series: check states, events, facts, engines, programs.
 * Shape:   SQLite in <state_dir>/state.db, WAL, tables STRICT; store/sql.c holds every statement,
 *          store/migrate.c every version. Times are wall microseconds, states are the contract's words.
 * Subject: (network, device, check). An empty device is the network itself, an empty network, too, is
 *          the monitor itself ("", "", "series journal").
 * Errors:  NF_EBUSY another process writes (after busy_ms): nothing happened, try again; NF_EFULL disk
 *          full; NF_ECORRUPT damaged; NF_ENEWER written by a newer netfold.
 * Healing: a file that was replaced, or turns out damaged, is opened anew by itself at the next call outside
 *          a transaction; a callback may write, but not call the query it is called from.
 * Memory:  rows handed to a callback are borrowed for the call. Texts passed in are copied by SQLite.
 * Threads: one handle, one thread; never carried over fork().
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_store;

enum nf_store_mode {
	NF_STORE_READ, /* the file must exist; never writes */
	NF_STORE_WRITE, /* made, migrated, or, when damaged, moved aside to state.db.corrupt-TIME and
			   made anew; then an event says so */
};

/* busy_ms: how long a call may wait for another writer. A gatherer takes 50, a command 5000; opening waits
 * up to 5 s. NF_ENOENT (READ): there is none yet, or no program has set it up. */
enum nf_err nf_store_open(const char *state_dir, enum nf_store_mode mode, int busy_ms,
	struct nf_store **store, struct nf_error *err);
void nf_store_close(struct nf_store *store); /* takes; NULL is fine */
/* The text of the last failure on this handle; never NULL. */
const char *nf_store_error(const struct nf_store *store);

/* Rises whenever the handle had to be opened anew because state.db was replaced (damage, an
 * administrator's hand): rows written before may be gone, a program that keeps state writes it again. */
uint64_t nf_store_generation(const struct nf_store *store);

/* Makes the reserve of 16 MiB again once there is room; for a long-running program, now and then. */
void nf_store_keep_ballast(struct nf_store *store);

/* A write transaction (BEGIN IMMEDIATE). Writes outside of one are each their own. After a failure inside
 * of one: roll back, then do all of it again. A commit that fails has written nothing. */
enum nf_err nf_store_begin(struct nf_store *store);
enum nf_err nf_store_commit(struct nf_store *store);
void nf_store_rollback(struct nf_store *store);

/* One row of check_state: where a check stands now. */
struct nf_check_row {
	const char *network, *device, *check;
	const char *program;   /* which writes it */
	enum nf_state state;   /* hard */
	int64_t since_wall_us; /* the hard state began */
	enum nf_state soft;    /* the last answer */
	uint32_t soft_count;   /* answers in a row that differ from the hard state */
	int64_t soft_since_wall_us;
	uint32_t flap_history; /* the last 21 hard changes as bits, newest lowest */
	bool flapping;
	const char *output;  /* one line for people */
	const char *cause;   /* unreachable: the device that is down; else "" */
	int64_t interval_us; /* asked every; stale after three of them */
	int64_t looked_wall_us; /* when this check alone was asked last; 0: as nf_store_asked_put says */
};

typedef void nf_check_row_fn(const struct nf_check_row *row, int64_t asked_wall_us, void *arg);

enum nf_err nf_store_check_put(struct nf_store *store, const struct nf_check_row *row);
enum nf_err nf_store_check_drop(
	struct nf_store *store, const char *network, const char *device, const char *check);
/* Ordered by network, device, check. program NULL: of all. asked_wall_us is the row's own looked_wall_us or from nf_store_asked_put for
 * (program, network, device); 0: never. */
enum nf_err nf_store_checks(
	struct nf_store *store, const char *program, nf_check_row_fn *fn, void *arg);
/* Only the checks of this name ("ping"), for the program that judges by them. */
enum nf_err nf_store_checks_named(
	struct nf_store *store, const char *check, nf_check_row_fn *fn, void *arg);

/* Those that are neither ok nor warning. */
enum nf_err nf_store_checks_bad(struct nf_store *store, nf_check_row_fn *fn, void *arg);

/* When a program last completed a look at a device: one row a device, however many checks. */
enum nf_err nf_store_asked_put(struct nf_store *store, const char *program, const char *network,
	const char *device, int64_t wall_us);

/* An event: a change that was. Written in the transaction that changes the state. Never altered. */
struct nf_event {
	int64_t id; /* rising, given by the store */
	int64_t at_wall_us;
	const char *network, *device, *check;
	const char *kind; /* "state", "flapping", "steady", "removed", "reload", "finding" */
	enum nf_state before, after;
	const char *output, *cause;
	const char *maintenance; /* id of the window it fell into, "" for none */
	bool held;		 /* before the first full cycle after a start */
	const char *data;	 /* output as JSON; "", or to add NULL: none */
};

typedef void nf_event_fn(const struct nf_event *event, void *arg);

enum nf_err nf_store_event_add(
	struct nf_store *store, const struct nf_event *event, int64_t *id);
struct nf_event_filter {
	int64_t after_id;	      /* 0: from the first */
	int64_t since_wall_us;	      /* 0: any */
	const char *network, *device; /* NULL: any */
	size_t limit;		      /* 0: all */
	bool newest_first;
};
enum nf_err nf_store_events(struct nf_store *store, const struct nf_event_filter *filter,
	nf_event_fn *fn, void *arg);
/* Removes the oldest events, those of before that instant and with ids below before_id, at most `step` of
 * them: a short transaction, to be called now and then. */
enum nf_err nf_store_events_trim(
	struct nf_store *store, int64_t before_wall_us, int64_t before_id, int64_t step);

/* A fact: what was last seen on a device, one JSON value a name ("system", "interfaces"). Only complete
 * observations are put. */
enum nf_err nf_store_fact_put(struct nf_store *store, const char *network, const char *device,
	const char *name, const char *json, int64_t at_wall_us);
typedef void nf_fact_fn(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg);
enum nf_err nf_store_facts(struct nf_store *store, const char *network, const char *device,
	nf_fact_fn *fn, void *arg); /* network, device NULL: all */
/* The one of this name of every device. */
enum nf_err nf_store_facts_named(
	struct nf_store *store, const char *name, nf_fact_fn *fn, void *arg);
/* Those of all devices that are dated after this; by device. */
enum nf_err nf_store_facts_since(
	struct nf_store *store, int64_t after_wall_us, nf_fact_fn *fn, void *arg);

/* An SNMPv3 engine as last met at (network, address). */
struct nf_engine_row {
	const char *network, *address;
	const uint8_t *engine_id; /* 5…32 bytes */
	size_t engine_id_len;
	uint32_t boots, time_s;
	int64_t at_wall_us;
};
typedef void nf_engine_fn(const struct nf_engine_row *row, void *arg);
enum nf_err nf_store_engine_put(struct nf_store *store, const struct nf_engine_row *row);
enum nf_err nf_store_engines(struct nf_store *store, nf_engine_fn *fn, void *arg);

/* How a program is: its figures as one flat JSON object of numbers and texts. */
struct nf_program_row {
	const char *name;
	int64_t pid;
	int64_t started_wall_us;
	int64_t beat_wall_us;  /* it was alive */
	int64_t cycle_wall_us; /* the last full cycle ended; 0: none yet */
	const char *json;
};
typedef void nf_program_fn(const struct nf_program_row *row, void *arg);
enum nf_err nf_store_program_put(struct nf_store *store, const struct nf_program_row *row);
enum nf_err nf_store_programs(struct nf_store *store, nf_program_fn *fn, void *arg);

/* Small values of single programs, by name: "events.position". */
enum nf_err nf_store_value_put(struct nf_store *store, const char *name, const char *value);
/* Gives a copy (caller frees) or NF_ENOENT. */
enum nf_err nf_store_value_get(struct nf_store *store, const char *name, char **value);
