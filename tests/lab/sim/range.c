// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/range.h"

#include <string.h>

#include "base/parse.h"

#define LEN_MAX (1u << 24)

static uint32_t low_bits(const struct nf_addr *addr)
{
	const uint8_t *at = addr->bytes + (addr->family == NF_IPV6 ? 12 : 0);

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum nf_err parse_counted(char *text, char *plus, struct nf_sim_range *out)
{
	uint64_t len;

	*plus = '\0';
	if (nf_addr_parse(text, &out->first) != NF_OK ||
		nf_parse_u64(plus + 1, 1, LEN_MAX, &len) != NF_OK)
		return NF_EFORMAT;
	out->len = (uint32_t)len;
	return NF_OK;
}

static enum nf_err parse_prefix(const char *text, struct nf_sim_range *out)
{
	struct nf_prefix prefix;

	if (nf_prefix_parse(text, &prefix) != NF_OK)
		return NF_EFORMAT;
	unsigned host_bits = (prefix.addr.family == NF_IPV6 ? 128u : 32u) - prefix.bits;

	out->first = prefix.addr;
	out->len = host_bits > 24 ? LEN_MAX : 1u << host_bits;
	return NF_OK;
}

enum nf_err nf_sim_range_parse(const char *text, struct nf_sim_range *out, struct nf_error *err)
{
	struct nf_sim_range range = {.len = 1};
	char copy[NF_ADDR_TEXT_MAX + 16];
	enum nf_err code;

	if (strcmp(text, "all") == 0) {
		*out = (struct nf_sim_range){0};
		return NF_OK;
	}
	if (strlen(text) >= sizeof copy)
		return nf_error_set(err, NF_EINVAL, "%.60s…: not an address", text);
	strcpy(copy, text);
	char *plus = strchr(copy, '+');

	if (plus)
		code = parse_counted(copy, plus, &range);
	else if (strchr(copy, '/'))
		code = parse_prefix(copy, &range);
	else
		code = nf_addr_parse(copy, &range.first);
	if (code != NF_OK)
		return nf_error_set(
			err, NF_EINVAL, "%s: not ADDRESS, ADDRESS/BITS or ADDRESS+COUNT", text);
	*out = range;
	return NF_OK;
}

bool nf_sim_range_holds(
	const struct nf_sim_range *range, const struct nf_addr *addr, uint32_t *offset)
{
	size_t same = addr->family == NF_IPV6 ? 12 : 0;

	*offset = low_bits(addr);
	if (range->len == 0)
		return true;
	if (range->first.family != addr->family ||
		memcmp(range->first.bytes, addr->bytes, same) != 0)
		return false;
	*offset -= low_bits(&range->first);
	return *offset < range->len;
}

struct nf_addr nf_sim_range_at(const struct nf_sim_range *range, uint32_t offset)
{
	struct nf_addr addr = range->first;
	uint8_t *at = addr.bytes + (addr.family == NF_IPV6 ? 12 : 0);
	uint32_t low = low_bits(&addr) + offset;

	for (size_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(low >> (24 - 8 * i));
	return addr;
}
