// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/bcrypt_pbkdf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <sodium.h>

#include "base/mem.h"

#define SUBKEYS	  18u
#define BOXES	  1024u
#define WORDS	  (SUBKEYS + BOXES)
#define HASH_LEN  crypto_hash_sha512_BYTES
#define BLOCK_LEN 32u
#define COST	  64u

struct blowfish {
	uint32_t p[SUBKEYS];
	uint32_t s[BOXES]; /* four boxes of 256 */
};

/* Adds sign * factor * arctan(1/x) to sum, all times 2^bits. */
static bool add_arctan(BIGNUM *sum, int factor, BN_ULONG x, int bits)
{
	BIGNUM *term = BN_new(), *part = BN_new();
	bool minus = factor < 0;
	bool ok = term && part && BN_set_word(term, (BN_ULONG)(minus ? -factor : factor)) &&
		  BN_lshift(term, term, bits) && BN_div_word(term, x) != (BN_ULONG)-1;
	for (BN_ULONG n = 1; ok && !BN_is_zero(term); n += 2) {
		ok = BN_copy(part, term) && BN_div_word(part, n) != (BN_ULONG)-1 &&
		     (minus ? BN_sub(sum, sum, part) : BN_add(sum, sum, part)) &&
		     BN_div_word(term, x * x) != (BN_ULONG)-1;
		minus = !minus;
	}
	BN_free(term);
	BN_free(part);
	return ok;
}

/* Blowfish begins with pi's fraction: pi = 16 arctan(1/5) - 4 arctan(1/239). */
static bool digits_of_pi(uint32_t words[WORDS])
{
	const int guard = 64, bits = (int)WORDS * 32 + guard;
	uint8_t *bytes = nf_xcalloc(WORDS, 4);
	BIGNUM *pi = BN_new();
	bool ok = pi && add_arctan(pi, 16, 5, bits) && add_arctan(pi, -4, 239, bits) &&
		  BN_mask_bits(pi, bits) && BN_rshift(pi, pi, guard) &&
		  BN_bn2binpad(pi, bytes, (int)WORDS * 4) == (int)WORDS * 4;
	for (size_t i = 0; ok && i < WORDS; i++)
		words[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
			   (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	BN_free(pi);
	free(bytes);
	return ok;
}

static void encipher(const struct blowfish *b, uint32_t *left, uint32_t *right)
{
	uint32_t l = *left ^ b->p[0], r = *right;
	for (unsigned i = 1; i <= 16; i += 2) {
		r ^= (((b->s[l >> 24] + b->s[256 + (l >> 16 & 255)]) ^
			      b->s[512 + (l >> 8 & 255)]) +
			     b->s[768 + (l & 255)]) ^
		     b->p[i];
		l ^= (((b->s[r >> 24] + b->s[256 + (r >> 16 & 255)]) ^
			      b->s[512 + (r >> 8 & 255)]) +
			     b->s[768 + (r & 255)]) ^
		     b->p[i + 1];
	}
	*left = r ^ b->p[17];
	*right = l;
}

/* The next big-endian word of bytes that repeat for ever. */
static uint32_t next_word(const uint8_t *bytes, size_t len, size_t *at)
{
	uint32_t word = 0;
	for (unsigned i = 0; i < 4; i++, *at = (*at + 1) % len)
		word = word << 8 | bytes[*at];
	return word;
}

/* Mixes a key, and a salt where there is one, into the state. */
static void expand(struct blowfish *b, const uint8_t *salt, const uint8_t *key)
{
	size_t at = 0;
	for (size_t i = 0; i < SUBKEYS; i++)
		b->p[i] ^= next_word(key, HASH_LEN, &at);
	uint32_t l = 0, r = 0;
	at = 0;
	for (size_t i = 0; i < WORDS; i += 2) {
		if (salt) {
			l ^= next_word(salt, HASH_LEN, &at);
			r ^= next_word(salt, HASH_LEN, &at);
		}
		encipher(b, &l, &r);
		uint32_t *to = i < SUBKEYS ? &b->p[i] : &b->s[i - SUBKEYS];
		to[0] = l;
		to[1] = r;
	}
}

static void bcrypt_hash(const struct blowfish *start, const uint8_t pass[HASH_LEN],
	const uint8_t salt[HASH_LEN], uint8_t out[BLOCK_LEN])
{
	static const uint8_t text[BLOCK_LEN + 1] = "OxychromaticBlowfishSwatDynamite";
	struct blowfish b = *start;
	expand(&b, salt, pass);
	for (unsigned i = 0; i < COST; i++) {
		expand(&b, NULL, salt);
		expand(&b, NULL, pass);
	}
	uint32_t words[BLOCK_LEN / 4];
	size_t at = 0;
	for (size_t i = 0; i < BLOCK_LEN / 4; i++)
		words[i] = next_word(text, BLOCK_LEN, &at);
	for (unsigned i = 0; i < COST; i++)
		for (size_t j = 0; j < BLOCK_LEN / 4; j += 2)
			encipher(&b, &words[j], &words[j + 1]);
	for (size_t i = 0; i < BLOCK_LEN; i++)
		out[i] = (uint8_t)(words[i / 4] >> 8 * (i % 4));
	sodium_memzero(&b, sizeof b);
}

/* One block of output: the salted hash, and rounds - 1 hashes of it folded in. */
static void block(const struct blowfish *start, const uint8_t pass[HASH_LEN],
	const uint8_t *salt, size_t salt_len, uint32_t number, uint32_t rounds,
	uint8_t out[BLOCK_LEN])
{
	uint8_t hash[HASH_LEN], next[BLOCK_LEN];
	const uint8_t be[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number};
	crypto_hash_sha512_state state;
	crypto_hash_sha512_init(&state);
	crypto_hash_sha512_update(&state, salt, salt_len);
	crypto_hash_sha512_update(&state, be, sizeof be);
	crypto_hash_sha512_final(&state, hash);
	bcrypt_hash(start, pass, hash, next);
	memcpy(out, next, BLOCK_LEN);
	for (uint32_t i = 1; i < rounds; i++) {
		crypto_hash_sha512(hash, next, sizeof next);
		bcrypt_hash(start, pass, hash, next);
		for (size_t j = 0; j < BLOCK_LEN; j++)
			out[j] ^= next[j];
	}
}

enum nf_err nf_bcrypt_pbkdf(const char *passphrase, size_t passphrase_len, const uint8_t *salt,
	size_t salt_len, uint32_t rounds, uint8_t *out, size_t out_len)
{
	if (rounds < 1 || rounds > 10000 || out_len < 1 || out_len > 1024 || salt_len < 1 ||
		salt_len > 1024)
		return NF_ERANGE;
	uint32_t words[WORDS];
	if (!digits_of_pi(words))
		return NF_ENOMEM;
	struct blowfish start;
	memcpy(start.p, words, sizeof start.p);
	memcpy(start.s, words + SUBKEYS, sizeof start.s);
	uint8_t pass[HASH_LEN], piece[BLOCK_LEN];
	crypto_hash_sha512(pass, (const uint8_t *)passphrase, passphrase_len);
	/* The output's bytes are dealt to the blocks like cards. */
	size_t stride = (out_len + BLOCK_LEN - 1) / BLOCK_LEN;
	for (size_t n = 0; n < stride; n++) {
		block(&start, pass, salt, salt_len, (uint32_t)n + 1, rounds, piece);
		for (size_t i = 0; i < BLOCK_LEN && i * stride + n < out_len; i++)
			out[i * stride + n] = piece[i];
	}
	sodium_memzero(pass, sizeof pass);
	sodium_memzero(piece, sizeof piece);
	return NF_OK;
}
