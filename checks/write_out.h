// SPDX-License-Identifier: GPL-3.0-or-later
/* write_out: what a gatherer owes to state.db and its journal, written once a second and before it ends. Troubles
 * are logged: verdicts and samples stay in memory, and the next second tries again.
 * Memory:  borrows both; journal NULL: the program has none.
 */
#pragma once

#include "checks/judge.h"
#include "store/journal.h"

void nf_write_out(struct nf_judge *judge, struct nf_journal *journal, struct nf_now now);
/* Waits for a busy store, up to 5 s. judge NULL: nothing is owed. */
void nf_write_out_last(struct nf_judge *judge, struct nf_journal *journal);
