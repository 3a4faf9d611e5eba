// SPDX-License-Identifier: GPL-3.0-or-later
/* frame: from captured bytes to an ICMP or ICMPv6 echo, or to nothing.
 * Shape:   pure, no allocation. Link layer (Ethernet, Linux cooked v1 and v2, raw IP), any nesting of VLAN
 *          tags, IPv4 with options, IPv6 with extension headers. Fragments are refused: an echo of ours
 *          is too short to be one.
 * Errors:  NF_ENOENT a good packet that is no echo; NF_EFORMAT cut, lengths that lie, a bad checksum.
 * Memory:  out->payload borrows the bytes.
 * Source:  RFC 791, 792, 4443, 8200; LINKTYPE_LINUX_SLL and SLL2 of tcpdump.org.
 */
#pragma once

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_frame_link { NF_LINK_ETHERNET, NF_LINK_SLL, NF_LINK_SLL2, NF_LINK_RAW };

struct nf_frame {
	bool reply;    /* echo reply; else echo request */
	bool outgoing; /* leaves this machine; cooked links only */
	bool loopback; /* seen on lo: each packet once, as arriving; cooked links only */
	bool foreign;  /* for another machine: a mirrored copy; cooked links only */
	struct nf_addr from, to;
	uint16_t id, seq;
	const uint8_t *payload;
	size_t payload_len;
};

enum nf_err nf_frame_decode(
	enum nf_frame_link link, const void *bytes, size_t len, struct nf_frame *out);
