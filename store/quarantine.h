// SPDX-License-Identifier: GPL-3.0-or-later
/* quarantine: what happens to a damaged state.db: it is kept beside, a new one is begun, and that is said
 * loudly: an error in the log, and an event of kind "finding" on ("", "", "state.db").
 * Shape:   state.db.corrupt-20110203T040506Z, with -wal behind the name for its write-ahead log.
 * Role:    inside store/ only.
 */
#pragma once

#include "base/err.h"
#include "store/store.h"

/* One opener at a time, so that two programs that find the same damage do not both move the file.
 * Waits up to 10 s, then NF_EBUSY. Gives a descriptor: close it to let go. */
enum nf_err nf_quarantine_lock(const char *state_dir, int *fd, struct nf_error *err);

/* Moves state.db and its -wal aside, deletes its -shm. Gives the new name; the caller frees. */
enum nf_err nf_quarantine(const char *db_path, char **moved_to, struct nf_error *err);

/* Says so in the log, and notes the event that the store owes once the new file is open. */
void nf_quarantine_note(
	struct nf_store *store, const struct nf_error *damage, const char *moved_to);
