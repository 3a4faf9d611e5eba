// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/nd.h"

#include <netinet/in.h>
#include <string.h>

#include "base/checksum.h"

enum { HOPS = 255, OPTION_SOURCE = 1, OPTION_TARGET = 2, OPTION_UNIT = 8 };

static enum nf_err read_options(struct nf_cursor c, uint8_t wanted, struct nf_nd *nd)
{
	while (nf_cursor_left(&c)) {
		uint8_t type = nf_cursor_u8(&c);
		size_t len = (size_t)nf_cursor_u8(&c) * OPTION_UNIT;

		if (!len)
			return NF_EFORMAT;
		struct nf_cursor value = nf_cursor_sub(&c, len - 2);
		const uint8_t *mac = nf_cursor_bytes(&value, sizeof nd->mac);

		if (c.failed)
			return NF_EFORMAT;
		if (type != wanted || !mac || mac[0] & 1)
			continue;
		nd->has_mac = true;
		memcpy(&nd->mac, mac, sizeof nd->mac);
	}
	return NF_OK;
}

enum nf_err nf_nd_decode(const struct nf_ip *ip, struct nf_nd *out)
{
	struct nf_cursor c = ip->payload;
	const uint8_t *start = c.at;
	size_t len = nf_cursor_left(&c);
	uint8_t type = nf_cursor_u8(&c);
	uint8_t code = nf_cursor_u8(&c);
	struct nf_nd nd = {.type = (enum nf_nd_type)type};

	if (ip->fragment || ip->protocol != IPPROTO_ICMPV6 || type < NF_ND_RS ||
		type > NF_ND_NA)
		return NF_ENOENT;
	nf_cursor_skip(&c, 2 + 4);
	if (type == NF_ND_RA)
		nf_cursor_skip(&c, 8);
	if (type == NF_ND_NS || type == NF_ND_NA)
		nf_ip_read_addr(&c, NF_IPV6, &nd.target);
	if (c.failed || code || ip->hops != HOPS || !ip->whole)
		return NF_EFORMAT;
	if (nf_checksum_icmp6(&ip->from, &ip->to, start, len) != 0 ||
		(type >= NF_ND_NS && (!nd.target.family || nf_ip_is_group(&nd.target))))
		return NF_EFORMAT;
	enum nf_err rc = read_options(c, type == NF_ND_NA ? OPTION_TARGET : OPTION_SOURCE, &nd);

	if (!rc)
		*out = nd;
	return rc;
}
