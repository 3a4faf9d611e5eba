// SPDX-License-Identifier: GPL-3.0-or-later
/* arp: who has, and who is, an IPv4 address.
 * Shape:   Ethernet and IPv4 only.
 * Errors:  NF_ENOENT another hardware, protocol or operation; NF_EFORMAT cut, or a sender that is a group.
 * Source:  RFC 826; probes and announcements RFC 5227.
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"

#include <stdbool.h>

struct nf_arp {
	bool reply;
	struct nf_mac sender_mac;
	struct nf_addr sender, target; /* family 0: 0.0.0.0, a probe's sender */
};

enum nf_err nf_arp_decode(struct nf_cursor payload, struct nf_arp *out);
