// SPDX-License-Identifier: GPL-3.0-or-later
/* evidence: from the ledger to the observations for and against a device's move, one set a leg.
 * Shape:   what was seen of its identities in an old network is the old side, in the common network the
 *          new side. An entry of a router's ARP table proves nothing on the old side: it outlives who it is
 *          of. An address that answers proves nothing alone, and is another machine's when that holds the address.
 *          What a switch in both networks shows of its ports proves nothing, and delays (nf_move_is_mixed).
 *          Sums over all days are enough unless both sides overlap; then the days are read, of the old address's answers, too.
 * Memory:  all in the arena given; borrows book and identities.
 */
#pragma once

#include "checks/cutover/identity.h"
#include "checks/cutover/stage.h"

/* Reads the days of an identity, for those few devices that were seen on both sides. */
typedef void nf_days_fn(
	const char *kind, const char *value, nf_sighting_fn *fn, void *fn_arg, void *arg);

struct nf_evidence_parts {
	const struct nf_book *book;
	const struct nf_identities *ids;
	const struct nf_site *site;
	const struct nf_stage_rules *rules;
	nf_days_fn *days; /* NULL: sums have to do */
	void *days_arg;
	struct nf_arena *arena;
};

/* Networks that the device leaves: its own, and other old ones in which its identity was seen. */
size_t nf_evidence_networks(const struct nf_evidence_parts *parts,
	const struct nf_device *device, const struct nf_network **out, size_t max);

/* Fills items and len. */
void nf_evidence_collect(const struct nf_evidence_parts *parts, const struct nf_device *device,
	const struct nf_network *old, struct nf_evidence *out);
