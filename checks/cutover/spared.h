// SPDX-License-Identifier: GPL-3.0-or-later
/* spared: what outlives cutover.keep, so that a move that was proved stays proved: of each device that moves
 *           by what it is known: the first sight of each identity at its first address,
 *           when it was first and last proved on the new side, and last on each old one,
 *           when its addresses answered.
 *         Of a few sums a device the first and the last day; of nobody who is not in the inventory.
 * Shape:  marks in the ledger (nf_sightings_spare), made anew before something is forgotten.
 * Errors: as in store/store.h.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

enum nf_err nf_spared_mark(struct nf_store *store, const struct nf_site *site);
