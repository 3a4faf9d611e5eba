// SPDX-License-Identifier: GPL-3.0-or-later
/* nd: IPv6 neighbour discovery: who asks for whom, who answers, who is a router.
 * Shape:   ICMPv6 133 to 136, with the link-layer address option of the sender or the target.
 * Errors:  NF_ENOENT another ICMPv6 message; NF_EFORMAT a hop limit under 255 (it came through a router), a
 *          wrong checksum, cut, an option of length 0.
 * Source:  RFC 4861; duplicate address detection RFC 4862.
 */
#pragma once

#include "collector/wire/ip.h"

enum nf_nd_type { NF_ND_RS = 133, NF_ND_RA, NF_ND_NS, NF_ND_NA };

struct nf_nd {
	enum nf_nd_type type;
	struct nf_addr target; /* of NS and NA */
	bool has_mac;
	struct nf_mac mac; /* of NA the target's, else the sender's */
};

enum nf_err nf_nd_decode(const struct nf_ip *ip, struct nf_nd *out);
