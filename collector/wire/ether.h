// SPDX-License-Identifier: GPL-3.0-or-later
/* ether: the Ethernet header, with any VLAN tags before the EtherType.
 * Shape:   to(6) from(6) [8100|88a8|9100 tag]… type payload; below 0x600 the type is a length, and an LLC
 *          header, perhaps with SNAP, comes first (IEEE 802.3, 802.1Q, 802.1ad, RFC 1042).
 *          Two tags are kept, the outermost first; four are the most that anybody nests.
 * Errors:  NF_EFORMAT cut, a sender that cannot be one (a group address, zero), or tags without end.
 * Memory:  payload borrows the bytes.
 * Source:  as above; of the link alone: IEEE 802.1Q-2018 8.6.3, and the makers' own.
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"

#include <stdbool.h>

#define NF_ETHER_TAGS 2

struct nf_ether {
	struct nf_mac to, from;
	uint16_t vlans[NF_ETHER_TAGS]; /* VLAN ids; 0: a priority tag, which is no VLAN */
	uint8_t tags;		       /* how many were there */
	uint16_t type;		       /* EtherType; SNAP's protocol id; 0: other LLC */
	uint32_t oui;		       /* SNAP's organisation; 0: the type is an EtherType */
	struct nf_cursor payload;
};

enum nf_err nf_ether_decode(const void *bytes, size_t len, struct nf_ether *out);

/* Whether a frame is of its link alone and passed on by no bridge: spanning tree, LLDP, CDP, keepalives. The switch
 * at the other end of a cable sends them whatever its port mirrors. False where that cannot be seen. */
bool nf_ether_is_link(const void *bytes, size_t len);
