// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/usm.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/netsnmp.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

static const int auth_types[] = {
	[NF_AUTH_MD5] = USM_CREATE_USER_AUTH_MD5,
	[NF_AUTH_SHA] = USM_CREATE_USER_AUTH_SHA1,
	[NF_AUTH_SHA224] = USM_CREATE_USER_AUTH_SHA224,
	[NF_AUTH_SHA256] = USM_CREATE_USER_AUTH_SHA256,
	[NF_AUTH_SHA384] = USM_CREATE_USER_AUTH_SHA384,
	[NF_AUTH_SHA512] = USM_CREATE_USER_AUTH_SHA512,
};

static const struct {
	int type;
	uint32_t key_len; /* what the cipher and its salt take from the key */
} priv_types[] = {
	[NF_PRIV_DES] = {USM_CREATE_USER_PRIV_DES,	   16},
	[NF_PRIV_AES] = {USM_CREATE_USER_PRIV_AES,	   16},
	[NF_PRIV_AES192] = {USM_CREATE_USER_PRIV_AES192, 24},
	[NF_PRIV_AES256] = {USM_CREATE_USER_PRIV_AES256, 32},
};

static enum nf_err load_key(const struct nf_snmp *snmp, const char *file,
	struct nf_usm_key *key, struct nf_error *err)
{
	char *text = NULL;
	size_t len = 0, hash_len = 0;
	enum nf_err e = nf_file_read_secret(file, &text, &len, err);
	if (e != NF_OK)
		return e;
	const oid *hash = sc_get_auth_oid(auth_types[snmp->auth.protocol], &hash_len);
	key->len = sizeof key->bytes;
	if (len < USM_LENGTH_P_MIN)
		e = nf_error_set(err, NF_EINVAL, "%s: a passphrase has at least %d characters",
			file, USM_LENGTH_P_MIN);
	else if (!hash || generate_Ku(hash, (u_int)hash_len, (const u_char *)text, len,
				  key->bytes, &key->len) != SNMPERR_SUCCESS)
		e = nf_error_set(err, NF_EINVAL,
			"snmp %s: the library lacks this auth protocol", snmp->id);
	sodium_memzero(text, len);
	free(text);
	return e;
}

enum nf_err nf_usm_secret_load(
	const struct nf_snmp *snmp, struct nf_usm_secret *secret, struct nf_error *err)
{
	enum nf_err e = NF_OK;
	*secret = (struct nf_usm_secret){.snmp = snmp};
	if (snmp->level >= NF_SNMP_AUTH_NOPRIV)
		e = load_key(snmp, snmp->auth.passphrase_file, &secret->auth_ku, err);
	if (e == NF_OK && snmp->level == NF_SNMP_AUTH_PRIV)
		e = load_key(snmp, snmp->priv.passphrase_file, &secret->priv_ku, err);
	if (e != NF_OK)
		nf_usm_secret_clear(secret);
	return e;
}

void nf_usm_secret_clear(struct nf_usm_secret *secret)
{
	sodium_memzero(secret, sizeof *secret);
}

static void localize(const struct nf_usm_engine *engine, const oid *hash, size_t hash_len,
	const struct nf_usm_key *ku, struct nf_usm_key *kul)
{
	kul->len = sizeof kul->bytes;
	if (generate_kul(hash, (u_int)hash_len, engine->id, engine->id_len, ku->bytes, ku->len,
		    kul->bytes, &kul->len) != SNMPERR_SUCCESS)
		kul->len = 0;
}

/* A hash shorter than the cipher's key is drawn out (draft-blumenthal-aes-usm-04 3.1.2.1). */
static void extend(struct nf_usm_engine *engine, enum nf_priv_protocol protocol,
	const oid *hash, size_t hash_len)
{
	oid hash_copy[16];
	uint32_t want = priv_types[protocol].key_len;
	u_char *buf = nf_xmalloc(NF_USM_KEY_MAX);
	size_t len = engine->priv.len;
	memcpy(buf, engine->priv.bytes, len);
	memcpy(hash_copy, hash, hash_len * sizeof *hash);
	if (netsnmp_extend_kul(want, hash_copy, (u_int)hash_len, priv_types[protocol].type,
		    engine->id, (u_int)engine->id_len, &buf, &len,
		    NF_USM_KEY_MAX) != SNMPERR_SUCCESS ||
		len < want || len > NF_USM_KEY_MAX)
		len = 0;
	memcpy(engine->priv.bytes, buf, len);
	engine->priv.len = len < want ? len : want;
	sodium_memzero(buf, len);
	free(buf);
}

bool nf_usm_engine_set(struct nf_usm_engine *engine, const struct nf_usm_secret *secret,
	const uint8_t *id, size_t len)
{
	if (len < NF_ENGINE_ID_MIN || len > NF_ENGINE_ID_MAX)
		return false;
	bool same = engine->id_len == len && memcmp(engine->id, id, len) == 0;
	engine->boots = engine->time_s = 0;
	engine->authentic = false;
	if (same)
		return true;
	nf_usm_engine_clear(engine);
	memcpy(engine->id, id, len);
	engine->id_len = len;
	const struct nf_snmp *snmp = secret->snmp;
	size_t hash_len = 0;
	const oid *hash = sc_get_auth_oid(auth_types[snmp->auth.protocol], &hash_len);
	if (snmp->level >= NF_SNMP_AUTH_NOPRIV)
		localize(engine, hash, hash_len, &secret->auth_ku, &engine->auth);
	if (snmp->level == NF_SNMP_AUTH_PRIV) {
		localize(engine, hash, hash_len, &secret->priv_ku, &engine->priv);
		extend(engine, snmp->priv.protocol, hash, hash_len);
	}
	return true;
}

void nf_usm_engine_clear(struct nf_usm_engine *engine)
{
	sodium_memzero(engine, sizeof *engine);
}

uint32_t nf_usm_engine_time(const struct nf_usm_engine *engine, int64_t mono_us)
{
	return engine->time_s + (uint32_t)((mono_us - engine->at_mono_us) / NF_US_PER_S);
}

struct nf_usm_slot {
	struct usmUser *user;
};

struct nf_usm_slot *nf_usm_slot_new(void)
{
	struct nf_usm_slot *slot = nf_xcalloc(1, sizeof *slot);
	slot->user = nf_xcalloc(1, sizeof *slot->user);
	slot->user->userStatus = SNMP_ROW_ACTIVE;
	slot->user->userStorageType = SNMP_STORAGE_VOLATILE;
	return slot;
}

void nf_usm_slot_free(struct nf_usm_slot *slot)
{
	if (!slot)
		return;
	free(slot->user);
	free(slot);
}

/* net-snmp's structs are not const-correct; it only reads what a user points to. */
static u_char *unconst(const uint8_t *bytes)
{
	union {
		const uint8_t *from;
		u_char *to;
	} u = {.from = bytes};
	return u.to;
}

static char *unconst_text(const char *text)
{
	union {
		const char *from;
		char *to;
	} u = {.from = text};
	return u.to;
}

void nf_usm_attach(struct nf_usm_slot *slot, const struct nf_usm_secret *secret,
	const struct nf_usm_engine *engine, int64_t mono_us)
{
	if (!engine->id_len)
		return;
	struct usmUser *user = slot->user;
	const struct nf_snmp *snmp = secret->snmp;
	user->engineID = unconst(engine->id);
	user->engineIDLen = engine->id_len;
	user->name = user->secName = unconst_text(snmp->user);
	bool auth = snmp->level >= NF_SNMP_AUTH_NOPRIV, priv = snmp->level == NF_SNMP_AUTH_PRIV;
	user->authProtocol =
		sc_get_auth_oid(auth ? auth_types[snmp->auth.protocol] : NETSNMP_USMAUTH_NOAUTH,
			&user->authProtocolLen);
	user->privProtocol = sc_get_priv_oid(
		priv ? priv_types[snmp->priv.protocol].type : USM_CREATE_USER_PRIV_NONE,
		&user->privProtocolLen);
	user->authKey = auth ? unconst(engine->auth.bytes) : NULL;
	user->authKeyLen = engine->auth.len;
	user->privKey = priv ? unconst(engine->priv.bytes) : NULL;
	user->privKeyLen = engine->priv.len;
	usm_add_user(user);
	set_enginetime(engine->id, (u_int)engine->id_len, engine->boots,
		nf_usm_engine_time(engine, mono_us), engine->authentic);
}

void nf_usm_learn(struct nf_usm_engine *engine, bool authentic, int64_t mono_us)
{
	u_int boots, time_s;
	if (!engine->id_len || get_enginetime(engine->id, (u_int)engine->id_len, &boots,
				       &time_s, FALSE) != SNMPERR_SUCCESS)
		return;
	engine->boots = boots;
	engine->time_s = time_s;
	engine->at_mono_us = mono_us;
	engine->authentic |= authentic;
}

void nf_usm_detach(struct nf_usm_slot *slot, const struct nf_usm_engine *engine)
{
	if (!engine->id_len)
		return;
	free_enginetime(unconst(engine->id), engine->id_len);
	usm_remove_user(slot->user);
}
