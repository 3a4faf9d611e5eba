// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/addr.h"

#include "base/parse.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum nf_err nf_addr_parse(const char *text, struct nf_addr *out)
{
	struct nf_addr a = {0};
	if (inet_pton(AF_INET, text, a.bytes) == 1)
		a.family = NF_IPV4;
	else if (inet_pton(AF_INET6, text, a.bytes) == 1)
		a.family = NF_IPV6;
	else
		return NF_EFORMAT;
	*out = a;
	return NF_OK;
}

static unsigned family_bits(const struct nf_addr *addr)
{
	return addr->family == NF_IPV4 ? 32 : 128;
}

static bool same_bits(const struct nf_addr *a, const struct nf_addr *b, unsigned bits)
{
	if (a->family != b->family || memcmp(a->bytes, b->bytes, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	return rest == 0 || (a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (8 - rest) == 0;
}

static bool host_bits_zero(const struct nf_addr *addr, unsigned bits)
{
	for (unsigned i = bits; i < family_bits(addr); i++)
		if (addr->bytes[i / 8] >> (7 - i % 8) & 1)
			return false;
	return true;
}

enum nf_err nf_prefix_parse(const char *text, struct nf_prefix *out)
{
	char address[NF_ADDR_TEXT_MAX];
	const char *slash = strchr(text, '/');
	if (!slash || (size_t)(slash - text) >= sizeof address)
		return NF_EFORMAT;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';

	struct nf_prefix p = {0};
	if (nf_addr_parse(address, &p.addr) != NF_OK)
		return NF_EFORMAT;
	uint64_t bits = 0;
	enum nf_err e = nf_parse_u64(slash + 1, 0, family_bits(&p.addr), &bits);
	if (e != NF_OK)
		return e;
	if (!host_bits_zero(&p.addr, (unsigned)bits))
		return NF_ERANGE;
	p.bits = (uint8_t)bits;
	*out = p;
	return NF_OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum nf_err nf_mac_parse(const char *text, struct nf_mac *out)
{
	struct nf_mac mac = {0};
	size_t digits = 0, len = strlen(text);
	/* Which separators stand between how many digits: 17 = six pairs, 14 = three fours, 12 = none. */
	size_t group = len == 17 ? 2 : len == 14 ? 4 : len == 12 ? 12 : 0;
	if (!group)
		return NF_EFORMAT;
	char separator = group == 12 ? '\0' : text[group];
	if (group == 2 ? separator != ':' && separator != '-' : group == 4 && separator != '.')
		return NF_EFORMAT;

	for (size_t i = 0; i < len; i++) {
		if (group < 12 && i % (group + 1) == group) {
			if (text[i] != separator)
				return NF_EFORMAT;
			continue;
		}
		int d = hex_digit(text[i]);
		if (d < 0)
			return NF_EFORMAT;
		mac.bytes[digits / 2] = (uint8_t)(mac.bytes[digits / 2] << 4 | d);
		digits++;
	}
	*out = mac;
	return NF_OK;
}

char *nf_addr_format(const struct nf_addr *addr, char buf[NF_ADDR_TEXT_MAX])
{
	int family = addr->family == NF_IPV6 ? AF_INET6 : AF_INET;
	if (addr->family == NF_FAMILY_NONE ||
		!inet_ntop(family, addr->bytes, buf, NF_ADDR_TEXT_MAX))
		snprintf(buf, NF_ADDR_TEXT_MAX, "-");
	return buf;
}

char *nf_mac_format(const struct nf_mac *mac, char buf[NF_MAC_TEXT_MAX])
{
	const uint8_t *b = mac->bytes;
	snprintf(buf, NF_MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		b[4], b[5]);
	return buf;
}

uint64_t nf_mac_number(const struct nf_mac *mac)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof mac->bytes; i++)
		number = number << 8 | mac->bytes[i];
	return number;
}

bool nf_addr_equal(const struct nf_addr *a, const struct nf_addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool nf_prefix_contains(const struct nf_prefix *prefix, const struct nf_addr *addr)
{
	return same_bits(&prefix->addr, addr, prefix->bits);
}

bool nf_prefix_overlap(const struct nf_prefix *a, const struct nf_prefix *b)
{
	return same_bits(&a->addr, &b->addr, a->bits < b->bits ? a->bits : b->bits);
}

socklen_t nf_addr_to_sockaddr(
	const struct nf_addr *addr, uint16_t port, struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof *ss);
	if (addr->family == NF_IPV6) {
		struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
		memcpy(&in6.sin6_addr, addr->bytes, 16);
		memcpy(ss, &in6, sizeof in6);
		return sizeof in6;
	}
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	memcpy(&in.sin_addr, addr->bytes, 4);
	memcpy(ss, &in, sizeof in);
	return sizeof in;
}

static void from_in6(const struct sockaddr_in6 *in6, struct nf_addr *out)
{
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		out->family = NF_IPV4;
		memcpy(out->bytes, in6->sin6_addr.s6_addr + 12, 4);
	} else {
		out->family = NF_IPV6;
		memcpy(out->bytes, in6->sin6_addr.s6_addr, 16);
	}
}

bool nf_addr_from_sockaddr(const struct sockaddr *sa, struct nf_addr *out, uint16_t *port)
{
	struct nf_addr a = {0};
	uint16_t p = 0;
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof in);
		a.family = NF_IPV4;
		memcpy(a.bytes, &in.sin_addr, 4);
		p = ntohs(in.sin_port);
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, sa, sizeof in6);
		from_in6(&in6, &a);
		p = ntohs(in6.sin6_port);
	} else {
		return false;
	}
	*out = a;
	if (port)
		*port = p;
	return true;
}
