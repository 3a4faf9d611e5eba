// SPDX-License-Identifier: GPL-3.0-or-later
/* own: this machine's own MACs and addresses, so that netfold does not take itself for a talker.
 * Shape:   a short list, read again now and then; what is not there is a stranger.
 */
#pragma once

#include "conf/site.h"

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#define NF_OWN_MOST 128

struct nf_own {
	size_t macs_len, addresses_len;
	struct nf_mac macs[NF_OWN_MOST];
	struct nf_addr addresses[NF_OWN_MOST];
	char interfaces[NF_OWN_MOST][IF_NAMESIZE]; /* of the addresses */
};

/* Keeps what it has where the interfaces cannot be listed. */
void nf_own_read(struct nf_own *own);
bool nf_own_has_mac(const struct nf_own *own, const struct nf_mac *mac);
/* Whether it is ours in this network: networks have the same addresses. */
bool nf_own_has_address(const struct nf_own *own, const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *address);
