// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/frame.h"

#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

enum { PACKET_TYPE_OTHERHOST = 3, PACKET_TYPE_OUTGOING = 4 }; /* linux/if_packet.h */
enum { ETHERTYPE_QINQ = 0x88a8, ETHERTYPE_QINQ_OLD = 0x9100 };
enum { IP6_HEADERS_MAX = 8 };

static void read_kind(struct nf_frame *f, uint16_t type, uint16_t hardware)
{
	f->outgoing = type == PACKET_TYPE_OUTGOING;
	f->foreign = type == PACKET_TYPE_OTHERHOST;
	f->loopback = hardware == ARPHRD_LOOPBACK;
}

/* Each returns the EtherType behind the link header. */
static uint16_t read_sll(struct nf_cursor *c, struct nf_frame *f)
{
	uint16_t type = nf_cursor_be16(c);
	uint16_t hardware = nf_cursor_be16(c);

	read_kind(f, type, hardware);
	nf_cursor_skip(c, 2 + 8);
	return nf_cursor_be16(c);
}

static uint16_t read_sll2(struct nf_cursor *c, struct nf_frame *f)
{
	uint16_t protocol = nf_cursor_be16(c);

	nf_cursor_skip(c, 2 + 4);
	uint16_t hardware = nf_cursor_be16(c);
	uint8_t type = nf_cursor_u8(c);

	read_kind(f, type, hardware);
	nf_cursor_skip(c, 1 + 8);
	return protocol;
}

static uint16_t read_link(enum nf_frame_link link, struct nf_cursor *c, struct nf_frame *f)
{
	switch (link) {
	case NF_LINK_ETHERNET:
		nf_cursor_skip(c, 2 * ETHER_ADDR_LEN);
		return nf_cursor_be16(c);
	case NF_LINK_SLL:
		return read_sll(c, f);
	case NF_LINK_SLL2:
		return read_sll2(c, f);
	case NF_LINK_RAW:
		break;
	}
	if (!nf_cursor_left(c))
		return 0;
	return c->at[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP;
}

static uint16_t skip_vlans(struct nf_cursor *c, uint16_t type)
{
	while (!c->failed && (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ ||
				     type == ETHERTYPE_QINQ_OLD)) {
		nf_cursor_skip(c, 2);
		type = nf_cursor_be16(c);
	}
	return type;
}

static void read_addr(struct nf_cursor *c, enum nf_family family, struct nf_addr *out)
{
	size_t len = family == NF_IPV4 ? 4 : 16;
	const uint8_t *bytes = nf_cursor_bytes(c, len);

	*out = (struct nf_addr){.family = (uint8_t)family};
	if (bytes)
		memcpy(out->bytes, bytes, len);
}

static enum nf_err read_echo(
	struct nf_cursor c, uint8_t request, uint8_t reply, struct nf_frame *f)
{
	uint8_t type = nf_cursor_u8(&c);
	uint8_t code = nf_cursor_u8(&c);

	nf_cursor_skip(&c, 2);
	f->id = nf_cursor_be16(&c);
	f->seq = nf_cursor_be16(&c);
	if (c.failed)
		return NF_EFORMAT;
	if ((type != request && type != reply) || code)
		return NF_ENOENT;
	f->reply = type == reply;
	f->payload_len = nf_cursor_left(&c);
	f->payload = c.at;
	return NF_OK;
}

static enum nf_err read_ip4(struct nf_cursor c, struct nf_frame *f)
{
	const uint8_t *start = c.at;
	uint8_t version = nf_cursor_u8(&c);
	size_t header = (size_t)(version & 0xf) * 4;

	nf_cursor_skip(&c, 1);
	size_t total = nf_cursor_be16(&c);

	nf_cursor_skip(&c, 2);
	uint16_t fragment = nf_cursor_be16(&c);

	nf_cursor_skip(&c, 1);
	uint8_t protocol = nf_cursor_u8(&c);

	nf_cursor_skip(&c, 2);
	read_addr(&c, NF_IPV4, &f->from);
	read_addr(&c, NF_IPV4, &f->to);
	if (c.failed || version >> 4 != 4 || header < 20 || total < header)
		return NF_EFORMAT;
	if (protocol != IPPROTO_ICMP)
		return NF_ENOENT;
	nf_cursor_skip(&c, header - 20);
	struct nf_cursor message = nf_cursor_sub(&c, total - header);

	/* 0x3fff: more fragments, or an offset. */
	if (c.failed || fragment & 0x3fff || nf_checksum(start, header) != 0 ||
		nf_checksum(message.at, nf_cursor_left(&message)) != 0)
		return NF_EFORMAT;
	return read_echo(message, ICMP_ECHO, ICMP_ECHOREPLY, f);
}

/* Skips extension headers; returns the protocol behind them, IPPROTO_NONE where there is none to be
 * read, and fails the cursor on a fragment. */
static uint8_t skip_headers(struct nf_cursor *c, uint8_t next)
{
	for (int i = 0; i < IP6_HEADERS_MAX && !c->failed; i++) {
		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING &&
			next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
			return next;
		bool fragment = next == IPPROTO_FRAGMENT;

		next = nf_cursor_u8(c);
		size_t len = nf_cursor_u8(c);

		if (!fragment) {
			nf_cursor_skip(c, 6 + len * 8);
			continue;
		}
		/* RFC 6946: an atomic fragment, offset 0 and nothing to follow, is whole. */
		if (nf_cursor_be16(c) & 0xfff9)
			c->failed = true;
		nf_cursor_skip(c, 4);
	}
	return IPPROTO_NONE;
}

static enum nf_err read_ip6(struct nf_cursor c, struct nf_frame *f)
{
	uint32_t version = nf_cursor_be32(&c);
	size_t payload = nf_cursor_be16(&c);
	uint8_t next = nf_cursor_u8(&c);

	nf_cursor_skip(&c, 1);
	read_addr(&c, NF_IPV6, &f->from);
	read_addr(&c, NF_IPV6, &f->to);
	struct nf_cursor message = nf_cursor_sub(&c, payload);

	if (c.failed || version >> 28 != 6)
		return NF_EFORMAT;
	next = skip_headers(&message, next);
	if (message.failed)
		return NF_EFORMAT;
	if (next != IPPROTO_ICMPV6)
		return NF_ENOENT;
	if (nf_checksum_icmp6(&f->from, &f->to, message.at, nf_cursor_left(&message)) != 0)
		return NF_EFORMAT;
	return read_echo(message, ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY, f);
}

enum nf_err nf_frame_decode(
	enum nf_frame_link link, const void *bytes, size_t len, struct nf_frame *out)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	struct nf_frame f = {0};
	uint16_t type = skip_vlans(&c, read_link(link, &c, &f));
	enum nf_err rc = NF_ENOENT;

	if (c.failed || !nf_cursor_left(&c))
		return NF_EFORMAT;
	if (type == ETHERTYPE_IP)
		rc = read_ip4(c, &f);
	else if (type == ETHERTYPE_IPV6)
		rc = read_ip6(c, &f);
	if (rc == NF_OK)
		*out = f;
	return rc;
}
