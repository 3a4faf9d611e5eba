// SPDX-License-Identifier: GPL-3.0-or-later
/* usm: the keys of an agent's one user, and what is done with them; the ciphers are net-snmp's.
 * Shape:   a signature is a keyed hash over the whole message with the signature's own place zeroed.
 * Source:  RFC 3414 (USM, DES), RFC 3826 (AES), RFC 7860 (SHA-2).
 */
#pragma once

#include "tests/lab/sim/options.h"

#define NF_SIM_ENGINE_MAX 32
#define NF_SIM_MAC_MAX	  48
#define NF_SIM_SALT_LEN	  8

struct nf_sim_usm;

/* A passphrase's million octets are hashed once, not for every agent. */
#define NF_SIM_USER_KEYS 8
struct nf_sim_user_keys {
	struct nf_sim_user_key {
		uint32_t auth;
		char passphrase[64];
		uint8_t key[64];
		size_t len;
	} keys[NF_SIM_USER_KEYS];
	size_t next;
};

/* From the options user, auth, auth-key, priv, priv-key and engine (without it the engineID is the
 * address). NULL: the agent has no user, or a key is unfit (under 8 characters, or 64 and more). */
struct nf_sim_usm *nf_sim_usm_new(struct nf_sim_user_keys *keys,
	const struct nf_sim_options *options, const struct nf_addr *addr);
void nf_sim_usm_free(struct nf_sim_usm *usm); /* takes; NULL is fine */

const uint8_t *nf_sim_usm_engine(const struct nf_sim_usm *usm, size_t *len);
bool nf_sim_usm_has_auth(const struct nf_sim_usm *usm);
bool nf_sim_usm_has_priv(const struct nf_sim_usm *usm);
size_t nf_sim_usm_mac_len(const struct nf_sim_usm *usm);

/* message[mac_at…] must be zero; the signature of the whole. */
bool nf_sim_usm_sign(const struct nf_sim_usm *usm, const uint8_t *message, size_t len,
	uint8_t mac[NF_SIM_MAC_MAX]);

/* Both return the length written to out, which has room for len + 8; 0 on failure. */
size_t nf_sim_usm_encrypt(struct nf_sim_usm *usm, uint32_t boots, uint32_t time_s,
	uint8_t salt[NF_SIM_SALT_LEN], const uint8_t *plain, size_t len, uint8_t *out);
size_t nf_sim_usm_decrypt(const struct nf_sim_usm *usm, uint32_t boots, uint32_t time_s,
	const uint8_t salt[NF_SIM_SALT_LEN], const uint8_t *sealed, size_t len, uint8_t *out);
