// SPDX-License-Identifier: GPL-3.0-or-later
/* rp_filter: the kernel's reverse path filter, which keeps networks with the same addresses from
 * answering: a strict one drops what comes in on another interface than its own routes would take.
 * Source:  RFC 3704; Documentation/networking/ip-sysctl.rst: the larger of "all" and the interface's own
 *          value counts; 0 none, 1 strict, 2 loose. IPv6 has none.
 */
#pragma once

#include "conf/load.h"

#define NF_RP_FILTER_FOLDER "/proc/sys/net/ipv4/conf"

/* `folder` is NF_RP_FILTER_FOLDER but for tests. False also where the interface is not there. */
bool nf_rp_filter_is_strict(const char *folder, const char *interface);
/* Another network that has IPv4 addresses of this one, though they are not the common one and its lab;
 * NULL: none. */
const struct nf_network *nf_rp_filter_twin(
	const struct nf_site *site, const struct nf_network *network);
/* A warning for each interface with a strict one that leads to a network whose IPv4 addresses another
 * network has, too. */
void nf_rp_filter_warn(const char *folder, const struct nf_site *site, struct nf_diags *diags);
