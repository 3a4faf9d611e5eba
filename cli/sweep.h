// SPDX-License-Identifier: GPL-3.0-or-later
/* sweep: the addresses of a few prefixes, one after the other.
 * Shape:   pure. Of IPv4 prefixes up to /30 the first and the last address (network, broadcast) are left
 *          out; a device may lie in two prefixes and comes twice.
 */
#pragma once

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>

#define NF_SWEEP_MAX (UINT64_C(1) << 20) /* addresses: half an hour at 500 a second */

struct nf_sweep {
	const struct nf_prefix *prefixes; /* borrowed */
	size_t len;
	size_t prefix;
	uint64_t offset; /* of the next address in the prefix */
};

/* How many addresses; NF_SWEEP_MAX + 1 for anything above. */
uint64_t nf_sweep_count(const struct nf_prefix *prefixes, size_t len);
/* False when there are no more. */
bool nf_sweep_next(struct nf_sweep *sweep, struct nf_addr *address);
