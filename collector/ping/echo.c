// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/echo.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include <sodium.h>

#include "base/checksum.h"
#include "base/cursor.h"

enum { INDEX_BITS = 5, TOKEN_BYTES = 8, BODY_BYTES = NF_ECHO_PAYLOAD - TOKEN_BYTES };

_Static_assert(sizeof(struct nf_echo_key) == crypto_shorthash_KEYBYTES, "SipHash key");
_Static_assert(crypto_shorthash_BYTES == TOKEN_BYTES, "SipHash value");

struct nf_echo_key nf_echo_key_new(void)
{
	struct nf_echo_key key;

	randombytes_buf(key.bytes, sizeof key.bytes);
	return key;
}

uint16_t nf_echo_seq(const struct nf_echo *echo)
{
	return (uint16_t)(echo->slot << INDEX_BITS | (echo->index & ((1U << INDEX_BITS) - 1)));
}

static void put16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, (uint16_t)(v >> 16));
	put16(at + 2, (uint16_t)v);
}

static void token(const struct nf_echo_key *key, const struct nf_addr *asked, uint16_t seq,
	const uint8_t body[BODY_BYTES], uint8_t out[TOKEN_BYTES])
{
	uint8_t text[BODY_BYTES + 2 + 1 + sizeof asked->bytes];
	uint8_t *at = text;

	memcpy(at, body, BODY_BYTES);
	at += BODY_BYTES;
	put16(at, seq);
	at += 2;
	*at++ = asked->family;
	memcpy(at, asked->bytes, sizeof asked->bytes);
	crypto_shorthash(out, text, sizeof text, key->bytes);
}

void nf_echo_write(const struct nf_echo_key *key, uint16_t id, const struct nf_addr *to,
	const struct nf_echo *echo, uint8_t out[NF_ECHO_BYTES])
{
	uint16_t seq = nf_echo_seq(echo);
	uint8_t *body = out + 8 + TOKEN_BYTES;

	memset(out, 0, 8);
	out[0] = to->family == NF_IPV4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	put16(out + 4, id);
	put16(out + 6, seq);
	put32(body, echo->slot);
	put32(body + 4, echo->round);
	put16(body + 8, echo->route);
	put16(body + 10, echo->index);
	token(key, to, seq, body, out + 8);
	if (to->family == NF_IPV4)
		put16(out + 2, nf_checksum(out, NF_ECHO_BYTES));
}

enum nf_echo_verdict nf_echo_read(const struct nf_echo_key *key, const struct nf_addr *asked,
	uint16_t seq, const uint8_t *payload, size_t len, struct nf_echo *out)
{
	uint8_t want[TOKEN_BYTES];

	if (len < NF_ECHO_PAYLOAD)
		return NF_ECHO_CUT;
	token(key, asked, seq, payload + TOKEN_BYTES, want);
	if (sodium_memcmp(want, payload, TOKEN_BYTES) != 0)
		return NF_ECHO_FORGED;
	struct nf_cursor c = nf_cursor_of(payload + TOKEN_BYTES, BODY_BYTES);

	out->slot = nf_cursor_be32(&c);
	out->round = nf_cursor_be32(&c);
	out->route = nf_cursor_be16(&c);
	out->index = nf_cursor_be16(&c);
	return NF_ECHO_GENUINE;
}
