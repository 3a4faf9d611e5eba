// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover_mail: the migration team's mails (cutover.team), owed through the incident core's ledger.
 * Shape:   looks once a minute. What was told is kept in outbox.db after the mails are: killed in between, a mail
 *          comes twice, never not at all.
 * Memory:  nf_move_mails_free ends it.
 */
#pragma once

#include "alert/core.h"

#include <jansson.h>

struct nf_move_mails {
	json_t *told; /* NULL: not read yet */
	bool unsaved;
	int64_t looked_mono_us;
};

/* Owes what is due; state may be NULL. Before the ledger is saved. */
void nf_move_mails_look(struct nf_move_mails *m, struct nf_core *core, struct nf_store *outbox,
	struct nf_store *state, struct nf_now now);
/* After it was: keeps what was told, if its mails are safe. */
void nf_move_mails_keep(
	struct nf_move_mails *m, const struct nf_ledger *ledger, struct nf_store *outbox);
void nf_move_mails_free(struct nf_move_mails *m);
