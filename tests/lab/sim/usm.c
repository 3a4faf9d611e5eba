// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/usm.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/snmp/netsnmp.h"

#define KEY_MAX 64

struct nf_sim_usm {
	uint8_t engine[NF_SIM_ENGINE_MAX];
	size_t engine_len;
	const oid *auth; /* NULL: none */
	size_t auth_len;
	const oid *priv; /* NULL: none */
	size_t priv_len;
	bool des;
	size_t mac_len;
	uint8_t auth_key[KEY_MAX];
	size_t auth_key_len;
	uint8_t priv_key[KEY_MAX];
	size_t priv_key_len;
	uint64_t salt;
};

static const char *const auth_names[] = {
	NULL, "MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};

/* "80001f88…", or enterprise 8072 and the address (RFC 3411 SnmpEngineID). */
static void set_engine(struct nf_sim_usm *usm, const char *hex, const struct nf_addr *addr)
{
	size_t len = addr->family == NF_IPV6 ? 16 : 4;

	if (hex) {
		for (size_t i = 0;
			hex[2 * i] != '\0' && hex[2 * i + 1] != '\0' && i < NF_SIM_ENGINE_MAX;
			i++) {
			const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

			usm->engine[i] = (uint8_t)strtoul(digits, NULL, 16);
			usm->engine_len = i + 1;
		}
		return;
	}
	const uint8_t head[5] = {0x80, 0x00, 0x1f, 0x88, addr->family == NF_IPV6 ? 2 : 1};

	memcpy(usm->engine, head, sizeof head);
	memcpy(usm->engine + sizeof head, addr->bytes, len);
	usm->engine_len = sizeof head + len;
}

/* Ku of RFC 3414 A.2, from the cache or into it; NULL: unfit. */
static const struct nf_sim_user_key *user_key(struct nf_sim_user_keys *keys,
	const struct nf_sim_usm *usm, uint32_t auth, const char *passphrase)
{
	for (size_t i = 0; i < NF_SIM_USER_KEYS; i++) {
		if (keys->keys[i].auth == auth &&
			strcmp(keys->keys[i].passphrase, passphrase) == 0)
			return &keys->keys[i];
	}
	struct nf_sim_user_key made = {.auth = auth, .len = sizeof made.key};

	if (strlen(passphrase) >= sizeof made.passphrase)
		return NULL;
	strcpy(made.passphrase, passphrase);
	if (generate_Ku(usm->auth, (u_int)usm->auth_len, (const u_char *)passphrase,
		    strlen(passphrase), made.key, &made.len) != SNMPERR_SUCCESS)
		return NULL;
	struct nf_sim_user_key *place = &keys->keys[keys->next++ % NF_SIM_USER_KEYS];

	*place = made;
	return place;
}

static bool make_key(struct nf_sim_user_keys *keys, const struct nf_sim_usm *usm, uint32_t auth,
	const char *passphrase, uint8_t key[KEY_MAX], size_t *key_len)
{
	const struct nf_sim_user_key *user =
		passphrase ? user_key(keys, usm, auth, passphrase) : NULL;

	*key_len = KEY_MAX;
	return user &&
	       generate_kul(usm->auth, (u_int)usm->auth_len, usm->engine, usm->engine_len,
		       user->key, user->len, key, key_len) == SNMPERR_SUCCESS;
}

static bool set_auth(
	struct nf_sim_user_keys *keys, struct nf_sim_usm *usm, const struct nf_sim_options *o)
{
	if (o->auth == 0)
		return true;
	int type = usm_lookup_auth_type(auth_names[o->auth]);

	usm->auth = sc_get_auth_oid(type, &usm->auth_len);
	usm->mac_len = (size_t)sc_get_auth_maclen(type);
	return usm->auth &&
	       make_key(keys, usm, o->auth, o->auth_key, usm->auth_key, &usm->auth_key_len);
}

static bool set_priv(
	struct nf_sim_user_keys *keys, struct nf_sim_usm *usm, const struct nf_sim_options *o)
{
	if (o->priv == 0)
		return true;
	usm->des = o->priv == 1;
	usm->priv =
		sc_get_priv_oid(usm_lookup_priv_type(usm->des ? "DES" : "AES"), &usm->priv_len);
	return usm->priv && usm->auth &&
	       make_key(keys, usm, o->auth, o->priv_key, usm->priv_key, &usm->priv_key_len);
}

struct nf_sim_usm *nf_sim_usm_new(struct nf_sim_user_keys *keys,
	const struct nf_sim_options *options, const struct nf_addr *addr)
{
	struct nf_sim_usm *usm;

	if (!options->user)
		return NULL;
	usm = nf_xcalloc(1, sizeof *usm);
	set_engine(usm, options->engine, addr);
	if (!set_auth(keys, usm, options) || !set_priv(keys, usm, options)) {
		nf_sim_usm_free(usm);
		return NULL;
	}
	return usm;
}

void nf_sim_usm_free(struct nf_sim_usm *usm)
{
	free(usm);
}

const uint8_t *nf_sim_usm_engine(const struct nf_sim_usm *usm, size_t *len)
{
	*len = usm->engine_len;
	return usm->engine;
}

bool nf_sim_usm_has_auth(const struct nf_sim_usm *usm)
{
	return usm->auth != NULL;
}

bool nf_sim_usm_has_priv(const struct nf_sim_usm *usm)
{
	return usm->priv != NULL;
}

size_t nf_sim_usm_mac_len(const struct nf_sim_usm *usm)
{
	return usm->mac_len;
}

bool nf_sim_usm_sign(const struct nf_sim_usm *usm, const uint8_t *message, size_t len,
	uint8_t mac[NF_SIM_MAC_MAX])
{
	uint8_t whole[KEY_MAX];
	size_t whole_len = sizeof whole;

	if (sc_generate_keyed_hash(usm->auth, usm->auth_len, usm->auth_key,
		    (u_int)usm->auth_key_len, message, (u_int)len, whole,
		    &whole_len) != SNMPERR_SUCCESS ||
		whole_len < usm->mac_len)
		return false;
	memcpy(mac, whole, usm->mac_len);
	return true;
}

static void put_be32(uint8_t *at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* AES: boots, time, salt. DES: the salt over the key's second half (RFC 3414 8.1.1.1). */
static u_int make_iv(const struct nf_sim_usm *usm, uint32_t boots, uint32_t time_s,
	const uint8_t salt[NF_SIM_SALT_LEN], uint8_t iv[16])
{
	if (usm->des) {
		for (size_t i = 0; i < NF_SIM_SALT_LEN; i++)
			iv[i] = salt[i] ^ usm->priv_key[8 + i];
		return 8;
	}
	put_be32(iv, boots);
	put_be32(iv + 4, time_s);
	memcpy(iv + 8, salt, NF_SIM_SALT_LEN);
	return 16;
}

size_t nf_sim_usm_encrypt(struct nf_sim_usm *usm, uint32_t boots, uint32_t time_s,
	uint8_t salt[NF_SIM_SALT_LEN], const uint8_t *plain, size_t len, uint8_t *out)
{
	uint8_t key[16];
	uint8_t iv[16];
	size_t out_len = len + 8;
	uint64_t number =
		usm->des ? (uint64_t)boots << 32 | (uint32_t)++usm->salt : ++usm->salt;

	put_be32(salt, (uint32_t)(number >> 32));
	put_be32(salt + 4, (uint32_t)number);
	memcpy(key, usm->priv_key, sizeof key);
	if (sc_encrypt(usm->priv, usm->priv_len, key, usm->des ? 8 : 16, iv,
		    make_iv(usm, boots, time_s, salt, iv), plain, (u_int)len, out,
		    &out_len) != SNMPERR_SUCCESS)
		return 0;
	return out_len;
}

size_t nf_sim_usm_decrypt(const struct nf_sim_usm *usm, uint32_t boots, uint32_t time_s,
	const uint8_t salt[NF_SIM_SALT_LEN], const uint8_t *sealed, size_t len, uint8_t *out)
{
	uint8_t key[16];
	uint8_t iv[16];
	size_t out_len = len + 8;
	u_int iv_len = make_iv(usm, boots, time_s, salt, iv);

	memcpy(key, usm->priv_key, sizeof key);
	if (sc_decrypt(usm->priv, usm->priv_len, key, usm->des ? 8 : 16, iv, iv_len,
		    (u_char *)(uintptr_t)sealed, (u_int)len, out, &out_len) != SNMPERR_SUCCESS)
		return 0;
	return out_len;
}
