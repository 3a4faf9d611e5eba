// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/openssh_key.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include "base/cursor.h"
#include "base/mem.h"
#include "checks/backup/ssh/bcrypt_pbkdf.h"

#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END   "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1"

struct part {
	const uint8_t *bytes;
	size_t len;
};

static struct part get_part(struct nf_cursor *c)
{
	struct part p;
	p.len = nf_cursor_be32(c);
	p.bytes = nf_cursor_bytes(c, p.len);
	if (!p.bytes)
		p.len = 0;
	return p;
}

static bool is(struct part p, const char *text)
{
	return p.len == strlen(text) && memcmp(p.bytes, text, p.len) == 0;
}

static EVP_PKEY *from_params(const char *kind, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *key = NULL;
	if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *read_ed25519(struct nf_cursor *c)
{
	struct part public = get_part(c), both = get_part(c);
	if (c->failed || public.len != 32 || both.len != 64)
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, both.bytes, 32);
}

static EVP_PKEY *read_ecdsa(struct nf_cursor *c)
{
	static const struct {
		const char *curve, *group;
	} curves[] = {
		{"nistp256", "prime256v1"},
		{"nistp384", "secp384r1" },
		{"nistp521", "secp521r1" },
	};
	struct part curve = get_part(c), point = get_part(c), number = get_part(c);
	if (c->failed || number.len > 70)
		return NULL;
	EVP_PKEY *key = NULL;
	for (size_t i = 0; !key && i < sizeof curves / sizeof *curves; i++) {
		if (!is(curve, curves[i].curve))
			continue;
		BIGNUM *private = BN_bin2bn(number.bytes, (int)number.len, NULL);
		OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
		if (private && build &&
			OSSL_PARAM_BLD_push_utf8_string(
				build, OSSL_PKEY_PARAM_GROUP_NAME, curves[i].group, 0) &&
			OSSL_PARAM_BLD_push_octet_string(
				build, OSSL_PKEY_PARAM_PUB_KEY, point.bytes, point.len) &&
			OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, private))
			key = from_params("EC", build);
		OSSL_PARAM_BLD_free(build);
		BN_clear_free(private);
	}
	return key;
}

static EVP_PKEY *read_rsa(struct nf_cursor *c)
{
	/* n, e and d are enough; with the factors OpenSSL wants exponents that the file lacks. */
	static const char *const names[] = {
		OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D};
	BIGNUM *numbers[3] = {NULL};
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	bool ok = build;
	for (size_t i = 0; i < 3; i++) {
		struct part p = get_part(c);
		numbers[i] = p.len <= 4096 ? BN_bin2bn(p.bytes, (int)p.len, NULL) : NULL;
		ok = ok && numbers[i] && OSSL_PARAM_BLD_push_BN(build, names[i], numbers[i]);
	}
	EVP_PKEY *key = ok && !c->failed ? from_params("RSA", build) : NULL;
	OSSL_PARAM_BLD_free(build);
	for (size_t i = 0; i < 3; i++)
		BN_clear_free(numbers[i]);
	return key;
}

static EVP_PKEY *read_private(struct nf_cursor *c, struct nf_error *err)
{
	struct part kind = get_part(c);
	EVP_PKEY *key = NULL;
	if (is(kind, "ssh-ed25519"))
		key = read_ed25519(c);
	else if (kind.len > 11 && memcmp(kind.bytes, "ecdsa-sha2-", 11) == 0)
		key = read_ecdsa(c);
	else if (is(kind, "ssh-rsa"))
		key = read_rsa(c);
	else {
		nf_error_set(err, NF_EINVAL, "a key of a kind that netfold does not know");
		return NULL;
	}
	if (!key)
		nf_error_set(err, NF_EFORMAT, "the private key is damaged");
	return key;
}

static enum nf_err decrypt(struct part sealed, struct part cipher, struct part options,
	const char *passphrase, uint8_t *open, struct nf_error *err)
{
	const EVP_CIPHER *how = is(cipher, "aes256-ctr")   ? EVP_aes_256_ctr()
				: is(cipher, "aes256-cbc") ? EVP_aes_256_cbc()
							   : NULL;
	if (!how)
		return nf_error_set(err, NF_EINVAL,
			"the key is encrypted with a cipher that netfold does not know; write it "
			"anew with: ssh-keygen -p -Z aes256-ctr");
	if (!passphrase || !*passphrase)
		return nf_error_set(
			err, NF_EPERM, "the key is encrypted and passphrase_file is not given");
	struct nf_cursor c = nf_cursor_of(options.bytes, options.len);
	struct part salt = get_part(&c);
	uint32_t rounds = nf_cursor_be32(&c);
	uint8_t secret[32 + 16];
	if (c.failed || nf_bcrypt_pbkdf(passphrase, strlen(passphrase), salt.bytes, salt.len,
				rounds, secret, sizeof secret) != NF_OK)
		return nf_error_set(err, NF_EFORMAT, "the key's encryption is damaged");
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool ok = ctx && EVP_DecryptInit_ex(ctx, how, NULL, secret, secret + 32) == 1 &&
		  EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
		  EVP_DecryptUpdate(ctx, open, &n, sealed.bytes, (int)sealed.len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	sodium_memzero(secret, sizeof secret);
	if (!ok || n != (int)sealed.len)
		return nf_error_set(err, NF_EFORMAT, "the key's encryption is damaged");
	return NF_OK;
}

static EVP_PKEY *read_blob(
	const uint8_t *blob, size_t len, const char *passphrase, struct nf_error *err)
{
	struct nf_cursor c = nf_cursor_of(blob, len);
	const uint8_t *magic = nf_cursor_bytes(&c, sizeof MAGIC);
	struct part cipher = get_part(&c), kdf = get_part(&c), options = get_part(&c);
	uint32_t count = nf_cursor_be32(&c);
	get_part(&c);
	struct part sealed = get_part(&c);
	if (c.failed || memcmp(magic, MAGIC, sizeof MAGIC) != 0 || count != 1 ||
		sealed.len > 65536) {
		nf_error_set(err, NF_EFORMAT, "the key file is damaged");
		return NULL;
	}
	bool plain = is(cipher, "none") && is(kdf, "none");
	uint8_t *open = nf_xcalloc(1, sealed.len + 1);
	EVP_PKEY *key = NULL;
	if (plain)
		memcpy(open, sealed.bytes, sealed.len);
	if (plain || decrypt(sealed, cipher, options, passphrase, open, err) == NF_OK) {
		struct nf_cursor p = nf_cursor_of(open, sealed.len);
		if (nf_cursor_be32(&p) != nf_cursor_be32(&p) || p.failed)
			nf_error_set(err, plain ? NF_EFORMAT : NF_EPERM,
				plain ? "the key file is damaged" : "the passphrase is wrong");
		else
			key = read_private(&p, err);
	}
	sodium_memzero(open, sealed.len);
	free(open);
	return key;
}

enum nf_err nf_openssh_key_read(const char *text, size_t len, const char *passphrase,
	EVP_PKEY **key, struct nf_error *err)
{
	const char *begin = memmem(text, len, BEGIN, strlen(BEGIN));
	const char *body = begin ? begin + strlen(BEGIN) : NULL;
	const char *end =
		body ? memmem(body, len - (size_t)(body - text), END, strlen(END)) : NULL;
	if (!end)
		return nf_error_set(
			err, NF_EFORMAT, "the key file has no end: it is cut off or damaged");
	uint8_t *blob = nf_xmalloc(len);
	size_t blob_len;
	if (sodium_base642bin(blob, len, body, (size_t)(end - body), "\r\n \t", &blob_len, NULL,
		    sodium_base64_VARIANT_ORIGINAL) != 0) {
		free(blob);
		return nf_error_set(err, NF_EFORMAT, "the key file is damaged: not base64");
	}
	EVP_PKEY *read = read_blob(blob, blob_len, passphrase, err);
	sodium_memzero(blob, len);
	free(blob);
	if (!read)
		return err ? err->code : NF_EFORMAT;
	*key = read;
	return NF_OK;
}
