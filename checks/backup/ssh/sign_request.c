// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/sign_request.h"

#include <string.h>

#include "base/cursor.h"

#define SSH_MSG_USERAUTH_REQUEST 50
#define SESSION_ID_MIN		 20u /* a SHA-1 hash */
#define SESSION_ID_MAX		 64u /* a SHA-512 hash */

static bool is_bytes(struct nf_cursor *c, const void *want, size_t want_len)
{
	size_t len = nf_cursor_be32(c);
	const uint8_t *bytes = nf_cursor_bytes(c, len);
	return bytes && len == want_len && memcmp(bytes, want, len) == 0;
}

static bool is_text(struct nf_cursor *c, const char *want)
{
	return is_bytes(c, want, strlen(want));
}

/* The algorithm is the key's own kind, or one of RSA's other names. */
static bool algorithm_ok(
	struct nf_cursor *c, const uint8_t *key, size_t key_len, enum nf_sign_with *with)
{
	struct nf_cursor k = nf_cursor_of(key, key_len);
	size_t type_len = nf_cursor_be32(&k), len = nf_cursor_be32(c);
	const uint8_t *type = nf_cursor_bytes(&k, type_len), *name = nf_cursor_bytes(c, len);
	if (!type || !name)
		return false;
	bool rsa = type_len == 7 && memcmp(type, "ssh-rsa", 7) == 0;
	*with = rsa ? NF_SIGN_RSA_SHA1 : NF_SIGN_PLAIN;
	if (len == type_len && memcmp(name, type, len) == 0)
		return true;
	if (!rsa || len != 12)
		return false;
	*with = memcmp(name, "rsa-sha2-512", 12) == 0 ? NF_SIGN_RSA_SHA512 : NF_SIGN_RSA_SHA256;
	return *with == NF_SIGN_RSA_SHA512 || memcmp(name, "rsa-sha2-256", 12) == 0;
}

bool nf_sign_request_ok(const uint8_t *data, size_t len, const char *user, const uint8_t *key,
	size_t key_len, enum nf_sign_with *with)
{
	struct nf_cursor c = nf_cursor_of(data, len);
	uint32_t id = nf_cursor_be32(&c);
	if (id < SESSION_ID_MIN || id > SESSION_ID_MAX)
		return false;
	nf_cursor_skip(&c, id);
	return nf_cursor_u8(&c) == SSH_MSG_USERAUTH_REQUEST && is_text(&c, user) &&
	       is_text(&c, "ssh-connection") && is_text(&c, "publickey") &&
	       nf_cursor_u8(&c) == 1 && algorithm_ok(&c, key, key_len, with) &&
	       is_bytes(&c, key, key_len) && !c.failed && nf_cursor_left(&c) == 0;
}
