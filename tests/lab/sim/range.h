// SPDX-License-Identifier: GPL-3.0-or-later
/* range: consecutive addresses, as the simulator's lines and commands name them.
 * Shape:   "10.1.0.7", "10.1.0.0/24", "10.1.0.1+2000", "fd00::1+20"; "all" is every address.
 */
#pragma once

#include "base/addr.h"

struct nf_sim_range {
	struct nf_addr first;
	uint32_t len; /* 0: all addresses */
};

enum nf_err nf_sim_range_parse(
	const char *text, struct nf_sim_range *out, struct nf_error *err);

/* Whether addr is in it; *offset from its first address. */
bool nf_sim_range_holds(
	const struct nf_sim_range *range, const struct nf_addr *addr, uint32_t *offset);

/* The address so many behind the first. */
struct nf_addr nf_sim_range_at(const struct nf_sim_range *range, uint32_t offset);
