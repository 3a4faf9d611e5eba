// SPDX-License-Identifier: GPL-3.0-or-later
/* gather: from the facts that other programs keep to sightings: forwarding tables, ARP, neighbours, serial
 * numbers, engines, names, answers to ping (host keys become sightings where they are met); and to coverage: the
 * time between two complete forwarding tables of a switch is time in which it could see.
 * Shape:   incremental by the facts' time; how far it came is kept in state.db, in the transaction that
 *          writes. After a kill the facts of ten minutes may be taken again: they merge, but for the count of
 *          sightings, which nothing is computed from. Only complete tables become facts: a partial walk
 *          is no evidence. Times are those at which we asked; no device's clock is believed.
 * Errors:  as the store's; what was not written is taken again by the next run.
 * Memory:  borrows the store and, in a run, the site.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

struct nf_gather;

struct nf_gather *nf_gather_new(struct nf_store *store);
void nf_gather_free(struct nf_gather *gather); /* takes; NULL is fine */
/* newest_us: facts dated later are not believed, and taken when their time comes. *sightings counts. */
enum nf_err nf_gather_run(struct nf_gather *gather, const struct nf_site *site,
	int64_t newest_us, uint64_t *sightings);
