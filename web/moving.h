// SPDX-License-Identifier: GPL-3.0-or-later
/* moving: how far the move has come, kept by the publisher from cycle to cycle and read anew when somebody
 * computed or said something new, or what was read grows old.
 * Memory:  borrows the site; nf_moving_free ends it.
 */
#pragma once

#include "checks/cutover/moves.h"

struct nf_moving;

struct nf_moving *nf_moving_new(const struct nf_site *site);
void nf_moving_free(struct nf_moving *moving); /* takes; NULL is fine */
/* store NULL: nothing was ever recorded. After a failure what was read last stays. */
enum nf_err nf_moving_follow(
	struct nf_moving *moving, struct nf_store *store, struct nf_now now);
/* NULL before the first. */
const struct nf_moves *nf_moving_moves(const struct nf_moving *moving);
/* What the cutover's pages depend on, as one number. */
uint64_t nf_moving_hash(const struct nf_moving *moving);
