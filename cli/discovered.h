// SPDX-License-Identifier: GPL-3.0-or-later
/* discovered: what a sweep found, as rows of devices.csv on standard output, each joined with what the ledger
 * of sightings knows; and on standard error what has no address, what seems to be one machine with several, and
 * what of the inventory is silent. No two rows have the same name.
 * Memory:  nf_discovered_begin gives, nf_discovered_end takes.
 */
#pragma once

#include "cli/identify.h"
#include "cli/printed.h"
#include "cli/sweep.h"
#include "cli/witness.h"

struct nf_discovered {
	const struct nf_site *site;
	const struct nf_network *network;
	const struct nf_sweep *sweep;
	bool only_new;	/* no rows for what the inventory has */
	bool *answered; /* devices, by index */
	struct nf_witnesses witnesses;
	bool *told;		   /* witnesses whose address has its row, by index */
	struct nf_printed printed; /* what the inventory and the rows so far are known by */
};

/* site, network, sweep and only_new are set, the rest is 0. */
void nf_discovered_begin(struct nf_discovered *d);
/* A device of the inventory answered. */
void nf_discovered_known(
	struct nf_discovered *d, const struct nf_device *device, const struct nf_addr *address);
void nf_discovered_new(struct nf_discovered *d, const struct nf_identified *identity);
/* The sweep is over: what was heard though it does not answer. */
void nf_discovered_heard(struct nf_discovered *d);
/* Who of the inventory was asked, and is silent. Only after a sweep that could ask everybody. */
void nf_discovered_silent(const struct nf_discovered *d);
void nf_discovered_end(struct nf_discovered *d);
