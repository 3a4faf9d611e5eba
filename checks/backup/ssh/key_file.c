// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/key_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/mem.h"
#include "checks/backup/ssh/openssh_key.h"

#define RSA_BITS_MIN 2048

struct nf_private_key {
	EVP_PKEY *key;
	struct nf_strbuf blob;
	int md; /* NID of the hash that its kind signs with; 0: by the request, or none */
};

static void put_string(struct nf_strbuf *b, const void *bytes, size_t len)
{
	const uint8_t be[4] = {
		(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len};
	nf_strbuf_add(b, be, sizeof be);
	nf_strbuf_add(b, bytes, len);
}

static void put_text(struct nf_strbuf *b, const char *text)
{
	put_string(b, text, strlen(text));
}

static void put_mpint(struct nf_strbuf *b, const BIGNUM *n)
{
	size_t len = (size_t)BN_num_bytes(n);
	uint8_t *bytes =
		nf_xcalloc(1, len + 1); /* a zero before a number that looks negative */
	BN_bn2bin(n, bytes + 1);
	bool high = len && bytes[1] & 0x80;
	put_string(b, high ? bytes : bytes + 1, high ? len + 1 : len);
	free(bytes);
}

static bool ed25519_blob(struct nf_private_key *k)
{
	uint8_t public[32];
	size_t len = sizeof public;
	if (EVP_PKEY_get_raw_public_key(k->key, public, &len) != 1 || len != sizeof public)
		return false;
	put_text(&k->blob, "ssh-ed25519");
	put_string(&k->blob, public, len);
	return true;
}

static bool ecdsa_blob(struct nf_private_key *k)
{
	static const struct {
		const char *group, *curve;
		int md;
	} curves[] = {
		{"prime256v1", "nistp256", NID_sha256},
		{"secp384r1",  "nistp384", NID_sha384},
		{"secp521r1",  "nistp521", NID_sha512},
	};
	char group[32];
	uint8_t point[256];
	size_t len;
	if (EVP_PKEY_get_group_name(k->key, group, sizeof group, NULL) != 1 ||
		EVP_PKEY_get_octet_string_param(
			k->key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) != 1)
		return false;
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
		if (strcmp(group, curves[i].group) != 0)
			continue;
		char *name = nf_xasprintf("ecdsa-sha2-%s", curves[i].curve);
		put_text(&k->blob, name);
		put_text(&k->blob, curves[i].curve);
		put_string(&k->blob, point, len);
		free(name);
		k->md = curves[i].md;
		return true;
	}
	return false;
}

static bool rsa_blob(struct nf_private_key *k)
{
	BIGNUM *n = NULL, *e = NULL;
	bool ok = EVP_PKEY_get_bits(k->key) >= RSA_BITS_MIN &&
		  EVP_PKEY_get_bn_param(k->key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		  EVP_PKEY_get_bn_param(k->key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;
	if (ok) {
		put_text(&k->blob, "ssh-rsa");
		put_mpint(&k->blob, e);
		put_mpint(&k->blob, n);
	}
	BN_free(n);
	BN_free(e);
	return ok;
}

static bool make_blob(struct nf_private_key *k)
{
	switch (EVP_PKEY_get_base_id(k->key)) {
	case EVP_PKEY_ED25519:
		return ed25519_blob(k);
	case EVP_PKEY_EC:
		return ecdsa_blob(k);
	case EVP_PKEY_RSA:
		return rsa_blob(k);
	default:
		return false;
	}
}

static int give_passphrase(char *buf, int size, int writing, void *passphrase)
{
	(void)writing;
	const char *text = passphrase;
	size_t len = text ? strlen(text) : 0;
	if (len == 0 || len > (size_t)size)
		return -1;
	memcpy(buf, text, len);
	return (int)len;
}

static enum nf_err read_pem(const char *text, size_t len, const char *passphrase,
	EVP_PKEY **key, struct nf_error *err)
{
	char *copy = passphrase ? nf_xstrdup(passphrase) : NULL;
	BIO *bio = BIO_new_mem_buf(text, (int)len);
	*key = bio ? PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, copy) : NULL;
	BIO_free(bio);
	if (copy)
		OPENSSL_cleanse(copy, strlen(copy));
	free(copy);
	if (*key)
		return NF_OK;
	ERR_clear_error();
	if (memmem(text, len, "ENCRYPTED", 9))
		return nf_error_set(err, NF_EPERM,
			passphrase ? "the passphrase is wrong"
				   : "the key is encrypted and passphrase_file is not given");
	return nf_error_set(
		err, NF_EFORMAT, "not a private key in OpenSSH's format or PEM, or damaged");
}

enum nf_err nf_private_key_read(const char *text, size_t len, const char *passphrase,
	struct nf_private_key **key, struct nf_error *err)
{
	if (len > 65536)
		return nf_error_set(err, NF_EFORMAT, "too long for a private key");
	EVP_PKEY *pkey = NULL;
	enum nf_err rc = memmem(text, len, "BEGIN OPENSSH", 13)
				 ? nf_openssh_key_read(text, len, passphrase, &pkey, err)
				 : read_pem(text, len, passphrase, &pkey, err);
	if (rc != NF_OK)
		return rc;
	struct nf_private_key *k = nf_xcalloc(1, sizeof *k);
	k->key = pkey;
	if (!make_blob(k)) {
		nf_private_key_free(k);
		return nf_error_set(err, NF_EINVAL,
			"a key of this kind or size is not used: make one with ssh-keygen -t ed25519");
	}
	*key = k;
	return NF_OK;
}

void nf_private_key_free(struct nf_private_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key);
	nf_strbuf_free(&k->blob);
	free(k);
}

const uint8_t *nf_private_key_blob(const struct nf_private_key *k, size_t *len)
{
	*len = k->blob.len;
	return (const uint8_t *)k->blob.data;
}

static const EVP_MD *hash_of(const struct nf_private_key *k, enum nf_sign_with with)
{
	switch (with) {
	case NF_SIGN_RSA_SHA1:
		return EVP_sha1();
	case NF_SIGN_RSA_SHA256:
		return EVP_sha256();
	case NF_SIGN_RSA_SHA512:
		return EVP_sha512();
	case NF_SIGN_PLAIN:
		break;
	}
	return k->md ? EVP_get_digestbynid(k->md) : NULL; /* Ed25519 hashes by itself */
}

/* OpenSSL's r and s in DER, as SSH's two numbers. */
static bool put_ecdsa(struct nf_strbuf *out, const uint8_t *der, size_t len)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	if (!sig)
		return false;
	put_mpint(out, ECDSA_SIG_get0_r(sig));
	put_mpint(out, ECDSA_SIG_get0_s(sig));
	ECDSA_SIG_free(sig);
	return true;
}

enum nf_err nf_private_key_sign(const struct nf_private_key *k, enum nf_sign_with with,
	const uint8_t *data, size_t len, struct nf_strbuf *signature)
{
	size_t size = (size_t)EVP_PKEY_get_size(k->key);
	uint8_t *sig = nf_xcalloc(1, size + 1);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestSignInit(ctx, NULL, hash_of(k, with), NULL, k->key) == 1 &&
		  EVP_DigestSign(ctx, sig, &size, data, len) == 1;
	EVP_MD_CTX_free(ctx);
	if (ok && k->md)
		ok = put_ecdsa(signature, sig, size);
	else if (ok)
		nf_strbuf_add(signature, sig, size);
	free(sig);
	if (!ok)
		ERR_clear_error();
	return ok ? NF_OK : NF_EINVAL;
}
