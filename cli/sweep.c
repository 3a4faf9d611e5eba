// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep.h"

static unsigned host_bits(const struct nf_prefix *p)
{
	return (p->addr.family == NF_IPV4 ? 32U : 128U) - p->bits;
}

static bool has_ends(const struct nf_prefix *p)
{
	return p->addr.family == NF_IPV4 && host_bits(p) >= 2;
}

static uint64_t size_of(const struct nf_prefix *p)
{
	unsigned bits = host_bits(p);
	if (bits > 20)
		return NF_SWEEP_MAX + 1;
	uint64_t size = UINT64_C(1) << bits;
	return has_ends(p) ? size - 2 : size;
}

uint64_t nf_sweep_count(const struct nf_prefix *prefixes, size_t len)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < len; i++)
		sum += size_of(&prefixes[i]);
	return sum > NF_SWEEP_MAX ? NF_SWEEP_MAX + 1 : sum;
}

static void add(struct nf_addr *address, uint64_t number)
{
	unsigned carry = 0;
	for (int i = address->family == NF_IPV4 ? 3 : 15; i >= 0; i--) {
		carry += address->bytes[i] + (unsigned)(number & 0xff);
		address->bytes[i] = (uint8_t)carry;
		carry >>= 8;
		number >>= 8;
	}
}

bool nf_sweep_next(struct nf_sweep *sweep, struct nf_addr *address)
{
	while (sweep->prefix < sweep->len) {
		const struct nf_prefix *p = &sweep->prefixes[sweep->prefix];
		if (sweep->offset < size_of(p)) {
			struct nf_addr next = p->addr;
			add(&next, sweep->offset++ + (has_ends(p) ? 1 : 0));
			*address = next;
			return true;
		}
		sweep->prefix++;
		sweep->offset = 0;
	}
	return false;
}
