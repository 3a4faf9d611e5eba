// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/ber.h"

#include <string.h>

bool nf_sim_ber_read(struct nf_cursor *c, uint8_t *tag, struct nf_cursor *content)
{
	*tag = nf_cursor_u8(c);
	size_t len = nf_cursor_u8(c);

	if (len > 0x84 || len == 0x80)
		return false;
	if (len > 0x80) {
		size_t bytes = len - 0x80;

		for (len = 0; bytes > 0; bytes--)
			len = len << 8 | nf_cursor_u8(c);
	}
	*content = nf_cursor_sub(c, len);
	return !c->failed;
}

bool nf_sim_ber_read_integer(struct nf_cursor *c, int64_t *out)
{
	struct nf_cursor content;
	uint8_t tag;

	if (!nf_sim_ber_read(c, &tag, &content) || tag != NF_SIM_INTEGER)
		return false;
	size_t len = nf_cursor_left(&content);

	if (len == 0 || len > 8)
		return false;
	uint64_t bits = *content.at & 0x80 ? UINT64_MAX : 0;

	while (len-- > 0)
		bits = bits << 8 | nf_cursor_u8(&content);
	*out = (int64_t)bits;
	return true;
}

static bool decode_id(struct nf_cursor *content, uint32_t *out)
{
	uint64_t id = 0;
	uint8_t byte;

	do {
		byte = nf_cursor_u8(content);
		id = id << 7 | (byte & 0x7f);
		if (content->failed || id > UINT32_MAX)
			return false;
	} while (byte & 0x80);
	*out = (uint32_t)id;
	return true;
}

bool nf_sim_ber_decode_oid(struct nf_cursor content, struct nf_sim_oid *out)
{
	uint32_t first;

	out->len = 0;
	if (!decode_id(&content, &first))
		return false;
	nf_sim_oid_append(out, first < 80 ? first / 40 : 2);
	nf_sim_oid_append(out, first < 80 ? first % 40 : first - 80);
	while (nf_cursor_left(&content) > 0) {
		if (out->len == NF_SIM_OID_MAX || !decode_id(&content, &out->ids[out->len]))
			return false;
		out->len++;
	}
	return true;
}

size_t nf_sim_ber_head_size(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}

uint8_t *nf_sim_ber_put_head(uint8_t *at, uint8_t tag, size_t len)
{
	size_t size = nf_sim_ber_head_size(len);

	*at++ = tag;
	if (size == 2) {
		*at++ = (uint8_t)len;
		return at;
	}
	*at++ = (uint8_t)(0x80 + size - 2);
	for (size_t left = size - 2; left > 0; left--)
		*at++ = (uint8_t)(len >> 8 * (left - 1));
	return at;
}

/* All nine bytes first, most significant first; then the leading ones that say nothing go. */
static size_t shorten(uint8_t content[NF_SIM_BER_INTEGER_MAX], uint64_t bits, uint8_t sign)
{
	uint8_t whole[NF_SIM_BER_INTEGER_MAX] = {sign};
	size_t skip = 0;

	for (size_t i = 0; i < 8; i++)
		whole[1 + i] = (uint8_t)(bits >> (56 - 8 * i));
	while (skip < 8 && whole[skip] == sign && (whole[skip + 1] & 0x80) == (sign & 0x80))
		skip++;
	memcpy(content, whole + skip, sizeof whole - skip);
	return sizeof whole - skip;
}

size_t nf_sim_ber_signed(uint8_t content[NF_SIM_BER_INTEGER_MAX], int64_t number)
{
	return shorten(content, (uint64_t)number, number < 0 ? 0xff : 0);
}

size_t nf_sim_ber_unsigned(uint8_t content[NF_SIM_BER_INTEGER_MAX], uint64_t number)
{
	return shorten(content, number, 0);
}

uint8_t *nf_sim_ber_put_integer(uint8_t *at, int64_t number)
{
	uint8_t content[NF_SIM_BER_INTEGER_MAX];
	size_t len = nf_sim_ber_signed(content, number);

	at = nf_sim_ber_put_head(at, NF_SIM_INTEGER, len);
	memcpy(at, content, len);
	return at + len;
}

static uint8_t *put_id(uint8_t *at, uint32_t id)
{
	for (unsigned shift = 28; shift > 0; shift -= 7) {
		if (id >> shift != 0)
			*at++ = (uint8_t)(0x80 | (id >> shift & 0x7f));
	}
	*at++ = id & 0x7f;
	return at;
}

size_t nf_sim_ber_oid(uint8_t content[NF_SIM_BER_OID_MAX], const uint32_t *ids, size_t len)
{
	uint32_t second = len > 1 ? ids[1] : 0;
	uint8_t *at = put_id(content, len > 0 ? ids[0] * 40 + second : 0);

	for (size_t i = 2; i < len; i++)
		at = put_id(at, ids[i]);
	return (size_t)(at - content);
}
