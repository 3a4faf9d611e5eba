// SPDX-License-Identifier: GPL-3.0-or-later
/* follow: the events of state.db into the ledger, and the ledger into outbox.db.
 * Shape:   state.db is opened again and again until it is there. Where outbox.db is new, old events are
 *          not told: what is bad now is.
 * Errors:  a store that is busy, full or damaged stops nothing: what was decided waits in memory and is
 *          saved by a later step; after 10 s it is logged.
 * Memory:  borrows site until nf_follower_reload or free.
 */
#pragma once

#include "alert/core.h"

struct nf_follower {
	const struct nf_site *site;
	struct nf_store *state, *outbox; /* state NULL: not there yet */
	struct nf_ledger *ledger;
	struct nf_core core;
	bool compare; /* soon */
	int64_t compared_mono_us, trimmed_mono_us, trimmed_events_mono_us, failing_mono_us,
		number_kept;
	uint64_t generation; /* of state.db */
	uint64_t events;     /* that were taken */
	int64_t lag_us;	     /* from an event to its being saved here, of the last one */
};

/* once: nothing waits for a picture to settle. */
enum nf_err nf_follower_open(
	struct nf_follower *f, const struct nf_site *site, bool once, struct nf_error *err);
void nf_follower_close(struct nf_follower *f);
void nf_follower_reload(struct nf_follower *f, const struct nf_site *site, int64_t now_wall_us);
/* Takes what is new, decides, saves. NF_OK also while a store is busy. */
enum nf_err nf_follower_step(struct nf_follower *f, struct nf_now now, struct nf_error *err);
