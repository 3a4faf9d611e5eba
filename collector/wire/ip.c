// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/ip.h"

#include <netinet/in.h>
#include <string.h>

#include "base/checksum.h"

enum { IP4_LEAST = 20, IP6_HEADERS_MOST = 8, MORE_OR_OFFSET = 0x3fff, OFFSET = 0x1fff };
enum { IP6_OFFSET = 0xfff8, IP6_MORE = 1 };

void nf_ip_read_addr(struct nf_cursor *c, enum nf_family family, struct nf_addr *out)
{
	static const uint8_t none[16];
	size_t len = family == NF_IPV4 ? 4 : 16;
	const uint8_t *bytes = nf_cursor_bytes(c, len);

	*out = (struct nf_addr){0};
	if (!bytes || memcmp(bytes, none, len) == 0)
		return;
	out->family = (uint8_t)family;
	memcpy(out->bytes, bytes, len);
}

bool nf_ip_is_link_local(const struct nf_addr *addr)
{
	return addr->family == NF_IPV6 && addr->bytes[0] == 0xfe &&
	       (addr->bytes[1] & 0xc0) == 0x80;
}

bool nf_ip_is_group(const struct nf_addr *addr)
{
	if (addr->family == NF_IPV6)
		return addr->bytes[0] == 0xff;
	return addr->family == NF_IPV4 && addr->bytes[0] >= 224;
}

/* The packet's own length, cut where the capture was. */
static struct nf_cursor limit(struct nf_cursor *c, size_t len, bool *whole)
{
	*whole = nf_cursor_left(c) >= len;
	return *whole ? nf_cursor_sub(c, len) : *c;
}

static enum nf_err read_ip4(struct nf_cursor c, struct nf_ip *ip)
{
	const uint8_t *start = c.at;
	size_t header = (size_t)(nf_cursor_u8(&c) & 0xf) * 4;

	nf_cursor_skip(&c, 1);
	size_t total = nf_cursor_be16(&c);

	nf_cursor_skip(&c, 2);
	uint16_t fragment = nf_cursor_be16(&c);

	ip->hops = nf_cursor_u8(&c);
	ip->protocol = nf_cursor_u8(&c);
	nf_cursor_skip(&c, 2);
	nf_ip_read_addr(&c, NF_IPV4, &ip->from);
	nf_ip_read_addr(&c, NF_IPV4, &ip->to);
	if (c.failed || header < IP4_LEAST || total < header)
		return NF_EFORMAT;
	nf_cursor_skip(&c, header - IP4_LEAST);
	if (c.failed || nf_checksum(start, header) != 0)
		return NF_EFORMAT;
	ip->payload = limit(&c, total - header, &ip->whole);
	ip->fragment = fragment & OFFSET;
	ip->whole = ip->whole && !(fragment & MORE_OR_OFFSET);
	return NF_OK;
}

/* Ends at the first header that is no extension, or behind the header of a later fragment. */
static void skip_headers(struct nf_cursor *c, struct nf_ip *ip)
{
	for (int i = 0; i < IP6_HEADERS_MOST && !c->failed && !ip->fragment; i++) {
		bool fragment = ip->protocol == IPPROTO_FRAGMENT;

		if (!fragment && ip->protocol != IPPROTO_HOPOPTS &&
			ip->protocol != IPPROTO_ROUTING && ip->protocol != IPPROTO_DSTOPTS)
			return;
		ip->protocol = nf_cursor_u8(c);
		size_t len = nf_cursor_u8(c);

		if (!fragment) {
			nf_cursor_skip(c, 6 + len * 8);
			continue;
		}
		uint16_t offset = nf_cursor_be16(c);

		nf_cursor_skip(c, 4);
		ip->fragment = offset & IP6_OFFSET;
		ip->whole = ip->whole && !(offset & (IP6_OFFSET | IP6_MORE));
	}
	/* More headers than anybody sends: what follows is not looked at. */
	if (!ip->fragment &&
		(ip->protocol == IPPROTO_FRAGMENT || ip->protocol == IPPROTO_HOPOPTS ||
			ip->protocol == IPPROTO_ROUTING || ip->protocol == IPPROTO_DSTOPTS))
		c->failed = true;
}

static enum nf_err read_ip6(struct nf_cursor c, struct nf_ip *ip)
{
	nf_cursor_skip(&c, 4);
	size_t len = nf_cursor_be16(&c);

	ip->protocol = nf_cursor_u8(&c);
	ip->hops = nf_cursor_u8(&c);
	nf_ip_read_addr(&c, NF_IPV6, &ip->from);
	nf_ip_read_addr(&c, NF_IPV6, &ip->to);
	if (c.failed)
		return NF_EFORMAT;
	ip->payload = limit(&c, len, &ip->whole);
	skip_headers(&ip->payload, ip);
	return ip->payload.failed ? NF_EFORMAT : NF_OK;
}

enum nf_err nf_ip_decode(struct nf_cursor packet, struct nf_ip *out)
{
	struct nf_ip ip = {0};
	unsigned version = nf_cursor_left(&packet) ? packet.at[0] >> 4 : 0;
	enum nf_err rc = NF_EFORMAT;

	if (version == 4)
		rc = read_ip4(packet, &ip);
	else if (version == 6)
		rc = read_ip6(packet, &ip);
	if (!rc && nf_ip_is_group(&ip.from))
		rc = NF_EFORMAT;
	if (!rc)
		*out = ip;
	return rc;
}

/* The kernel leaves a checksum to the card: until then the field holds the pseudo header's sum alone. */
static bool is_half_made(const struct nf_ip *ip, size_t len, uint16_t field)
{
	static const uint8_t nothing[1];
	uint16_t pseudo = nf_checksum_ip(&ip->from, &ip->to, ip->protocol, nothing, 0);

	/* The length is part of the pseudo header. */
	uint32_t sum = (uint32_t)(uint16_t)~pseudo + (uint32_t)len;

	return field == (uint16_t)((sum & 0xffff) + (sum >> 16));
}

static enum nf_err read_udp(const struct nf_ip *ip, struct nf_cursor c, struct nf_transport *t)
{
	const uint8_t *start = c.at;

	t->from_port = nf_cursor_be16(&c);
	t->to_port = nf_cursor_be16(&c);
	size_t len = nf_cursor_be16(&c);
	uint16_t sum = nf_cursor_be16(&c);

	if (c.failed || len < 8 || (ip->whole && len - 8 > nf_cursor_left(&c)))
		return NF_EFORMAT;
	if (ip->whole && sum && !is_half_made(ip, len, sum) &&
		nf_checksum_ip(&ip->from, &ip->to, ip->protocol, start, len) != 0)
		return NF_EFORMAT;
	t->payload = nf_cursor_left(&c) > len - 8 ? nf_cursor_sub(&c, len - 8) : c;
	return NF_OK;
}

static enum nf_err read_tcp(struct nf_cursor c, struct nf_transport *t)
{
	t->from_port = nf_cursor_be16(&c);
	t->to_port = nf_cursor_be16(&c);
	nf_cursor_skip(&c, 8);
	uint16_t flags = nf_cursor_be16(&c);

	t->syn = (flags & 0x12) == 0x02; /* SYN, no ACK */
	return c.failed || flags >> 12 < 5 ? NF_EFORMAT : NF_OK;
}

enum nf_err nf_transport_decode(const struct nf_ip *ip, struct nf_transport *out)
{
	struct nf_transport t = {0};
	enum nf_err rc = NF_ENOENT;

	if (ip->fragment)
		return NF_ENOENT;
	if (ip->protocol == IPPROTO_UDP)
		rc = read_udp(ip, ip->payload, &t);
	else if (ip->protocol == IPPROTO_TCP)
		rc = read_tcp(ip->payload, &t);
	if (!rc)
		*out = t;
	return rc;
}
