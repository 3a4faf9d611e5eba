// SPDX-License-Identifier: GPL-3.0-or-later
/* witness: what the ledger of sightings knows of the addresses and MACs of one network, joined: who answers
 * to which address, under what name, at which port, and who saw it last.
 * Shape:   a table, addresses first, in the order of addresses; then MACs without one, in the order of MACs.
 * Memory:  nf_witnesses_load gives, nf_witnesses_free takes.
 */
#pragma once

#include "base/addr.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_witness {
	struct nf_addr address; /* family 0: none known */
	bool has_mac;
	bool is_told; /* by itself, not seen */
	struct nf_mac mac;
	char name[64];	/* fit for devices.csv; "" none */
	char place[64]; /* "sw-1 Gi0/12", untrusted; "" unknown */
	char seen[48];	/* by whom: "arp fdb wire" */
	int64_t last_wall_us;
};

struct nf_witnesses {
	struct nf_witness *items;
	size_t len;
};

/* Of sightings not older than since_wall_us. A store that is not there yet knows nothing: NF_OK. */
enum nf_err nf_witnesses_load(const char *state_dir, const char *network, int64_t since_wall_us,
	struct nf_witnesses *w, struct nf_error *err);
void nf_witnesses_free(struct nf_witnesses *w);

/* NULL: nobody saw it. */
const struct nf_witness *nf_witness_at(
	const struct nf_witnesses *w, const struct nf_addr *address);
const struct nf_witness *nf_witness_with(
	const struct nf_witnesses *w, const struct nf_mac *mac);
