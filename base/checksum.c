// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checksum.h"

#include <netinet/in.h>

static uint64_t sum(const uint8_t *bytes, size_t len)
{
	uint64_t total = 0;

	for (; len > 1; bytes += 2, len -= 2)
		total += (uint64_t)bytes[0] << 8 | bytes[1];
	return len ? total + ((uint64_t)bytes[0] << 8) : total;
}

static uint16_t fold(uint64_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

uint16_t nf_checksum(const uint8_t *bytes, size_t len)
{
	return fold(sum(bytes, len));
}

uint16_t nf_checksum_ip(const struct nf_addr *from, const struct nf_addr *to, uint8_t protocol,
	const uint8_t *bytes, size_t len)
{
	return fold(
		sum(from->bytes, 16) + sum(to->bytes, 16) + len + protocol + sum(bytes, len));
}

uint16_t nf_checksum_icmp6(
	const struct nf_addr *from, const struct nf_addr *to, const uint8_t *bytes, size_t len)
{
	return nf_checksum_ip(from, to, IPPROTO_ICMPV6, bytes, len);
}
