// SPDX-License-Identifier: GPL-3.0-or-later
/* outbox: outbox.db, the mails that are owed, and the incidents they are about (store/incidents.h).
 * Shape:   a file of its own beside state.db, with synchronous = FULL. It holds the position in state.db's
 *          events, the incidents, who was told what, and the mails: the one transaction that consumes an
 *          event writes all that follows from it. state.db, which a disk may damage and gatherers fill
 *          every second without waiting for the disk, then holds nothing that alerting cannot do without.
 *          A damaged outbox.db is moved aside and begun anew like state.db; what is bad is then told again.
 *          The handle is a struct nf_store: begin, commit, rollback, error and close are store/store.h's.
 * Order:   the mails of one incident to one person leave in the order of their ids; nf_outbox_due gives
 *          only the first that is waiting of each. Different incidents and people do not wait for each other,
 *          nor do digests, tests and news of the move.
 * Delivery:a row is changed only by nf_outbox_tried, before and after each attempt as delivery sees fit:
 *          a mail may leave twice (same Message-ID), never not at all.
 * Errors:  as store/store.h.
 */
#pragma once

#include "store/store.h"

/* As nf_store_open, of outbox.db. NF_STORE_READ: NF_ENOENT while netfold-notify never ran. */
enum nf_err nf_outbox_open(const char *state_dir, enum nf_store_mode mode, int busy_ms,
	struct nf_store **outbox, struct nf_error *err);

enum nf_outbox_state {
	NF_OUTBOX_WAITING,
	NF_OUTBOX_SENT,	   /* the server took it: 250 after the final dot */
	NF_OUTBOX_REFUSED, /* for good: 5xx */
	NF_OUTBOX_DROPPED, /* given up: its incident ended long ago, or nobody is there to send it to */
};
const char *nf_outbox_state_text(enum nf_outbox_state state); /* "waiting", "sent", … */

struct nf_outbox_row {
	int64_t id;		/* rising, given by the store */
	int64_t number;		/* of the incident; 0: digest, test */
	const char *kind;	/* nf_notice_kind_text */
	const char *contact;	/* id in the site */
	const char *address;	/* as it was when it was decided */
	const char *message_id; /* unique in the outbox */
	const char *notice;	/* nf_notice_encode */
	int64_t made_wall_us;
	enum nf_outbox_state state;
	uint32_t attempts;
	int64_t next_wall_us;  /* not before; 0: at once */
	int64_t first_wall_us; /* of the first attempt; 0: none yet */
	int64_t ended_wall_us; /* sent or given up; 0: waiting */
	const char *error;     /* of the last attempt, one line; "" none */
};

/* Adds a waiting mail. A message_id that is there already adds nothing and is no error. */
enum nf_err nf_outbox_add(
	struct nf_store *outbox, const struct nf_outbox_row *row, int64_t *id);

typedef void nf_outbox_fn(const struct nf_outbox_row *row, void *arg);
/* Up to `limit` mails that may be sent now, oldest first, of each order the first that waits. A
 * wall clock that was set back by more than an hour makes all of them due. */
enum nf_err nf_outbox_due(struct nf_store *outbox, int64_t now_wall_us, size_t limit,
	nf_outbox_fn *fn, void *arg);
/* When the next becomes due (maybe in the past); 0: nothing waits. */
enum nf_err nf_outbox_next(struct nf_store *outbox, int64_t *next_wall_us);
/* All of one incident, by id; number 0: digests and tests. */
enum nf_err nf_outbox_of(struct nf_store *outbox, int64_t number, nf_outbox_fn *fn, void *arg);
/* What became of an attempt. attempts is counted up by one unless `error` is NULL. */
enum nf_err nf_outbox_tried(struct nf_store *outbox, int64_t id, enum nf_outbox_state state,
	int64_t now_wall_us, int64_t next_wall_us, const char *error);

struct nf_outbox_figures {
	uint64_t waiting, sent, refused, dropped; /* rows that are kept */
	int64_t oldest_wall_us; /* the oldest that waits was made; 0: none waits */
	int64_t tried_wall_us;	/* the first attempt of those that wait; 0: none was tried */
	int64_t last_sent_wall_us;
	int64_t last_lag_us; /* from made to sent, of the last one sent */
};
enum nf_err nf_outbox_figures(struct nf_store *outbox, struct nf_outbox_figures *figures);
/* Of each address the last mail that ended, where it was refused for good. */
enum nf_err nf_outbox_refused(struct nf_store *outbox, nf_outbox_fn *fn, void *arg);
/* Removes mails that ended before that instant. */
enum nf_err nf_outbox_trim(struct nf_store *outbox, int64_t before_wall_us);
