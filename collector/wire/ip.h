// SPDX-License-Identifier: GPL-3.0-or-later
/* ip: the header of an IPv4 or IPv6 packet, and the ports behind it.
 * Shape:   IPv4 with options; IPv6 with extension headers, of which eight are read. What was captured may
 *          be less than the packet: `whole` says that it is all there.
 * Errors:  NF_EFORMAT cut in a header, lengths that lie, a wrong IPv4 header checksum, a group as sender;
 *          of the transport also a wrong checksum.
 * Memory:  payload borrows the bytes.
 * Source:  RFC 791, 8200, 768, 9293.
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"

#include <stdbool.h>

struct nf_ip {
	struct nf_addr from, to;  /* family 0: the unspecified address */
	uint8_t protocol;	  /* behind the last extension header */
	uint8_t hops;		  /* TTL, hop limit */
	bool fragment;		  /* not the first: no header of another protocol follows */
	bool whole;		  /* neither a fragment nor cut by the capture */
	struct nf_cursor payload; /* without padding */
};

/* By the version in its first byte. */
enum nf_err nf_ip_decode(struct nf_cursor packet, struct nf_ip *out);

struct nf_transport {
	uint16_t from_port, to_port;
	bool syn;		  /* TCP: asks for a connection */
	struct nf_cursor payload; /* UDP only */
};

/* Of a UDP or TCP packet that is no later fragment; NF_ENOENT: another protocol. A checksum of UDP is looked
 * at where the packet is whole; the half-made one of a virtual machine on this host passes. */
enum nf_err nf_transport_decode(const struct nf_ip *ip, struct nf_transport *out);

/* Reads an address; all zeros gives family 0. */
void nf_ip_read_addr(struct nf_cursor *c, enum nf_family family, struct nf_addr *out);
/* An address of IPv6 that no router passes on. */
bool nf_ip_is_link_local(const struct nf_addr *addr);
/* An address that many listen to; also the limited broadcast. */
bool nf_ip_is_group(const struct nf_addr *addr);
