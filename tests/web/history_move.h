// SPDX-License-Identifier: GPL-3.0-or-later
/* history_move: a plausible past of the move, through the real store: stages with what speaks for and against
 * them, ninety days of burn-up, blockers of every kind, an exemption and a wave that was looked at.
 * Memory:  borrows all.
 */
#pragma once

#include "base/err.h"
#include "conf/site.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* hostile: texts from the network carry markup. */
enum nf_err history_move(
	const struct nf_site *site, struct nf_store *store, int64_t now_wall_us, bool hostile);
