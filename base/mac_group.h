// SPDX-License-Identifier: GPL-3.0-or-later
/* mac_group: MACs that belong to many and not to a device: groups of routers, and what is sent to many.
 * Source:  RFC 9568 7.3 (VRRP; CARP uses the same), RFC 2281 (HSRP); HSRP version 2 and GLBP are Cisco's. Of the
 *          maker's own numbers no more than the groups have: the rest are machines.
 */
#pragma once

#include "base/addr.h"

#include <stddef.h>

/* "VRRP group 5" into buf, which it returns; NULL: no group of routers. */
const char *nf_mac_group_text(const struct nf_mac *mac, char *buf, size_t size);
/* A group of routers, a multicast address, or nobody (all zero): never a device. */
bool nf_mac_is_group(const struct nf_mac *mac);
