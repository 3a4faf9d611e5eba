// SPDX-License-Identifier: GPL-3.0-or-later
/* key_file: a private key from its file, and signatures with it, as SSH writes them.
 * Shape:   OpenSSH's own format (also encrypted) and PEM, PKCS#8 included; Ed25519, ECDSA on the NIST
 *          curves, RSA of at least 2048 bits.
 * Role:    the signer only.
 * Memory:  free takes and wipes.
 * Source:  openssh-portable PROTOCOL.key; RFC 4253 6.6, RFC 5656 3.1, RFC 8332, RFC 8709.
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "checks/backup/ssh/sign_request.h"

#include <stddef.h>
#include <stdint.h>

struct nf_private_key;

/* passphrase: NULL or "" for a key that is not encrypted. The error says what to do. */
enum nf_err nf_private_key_read(const char *text, size_t len, const char *passphrase,
	struct nf_private_key **key, struct nf_error *err);
void nf_private_key_free(struct nf_private_key *key);

/* The public key's blob, borrowed. */
const uint8_t *nf_private_key_blob(const struct nf_private_key *key, size_t *len);

/* Appends the signature's inner bytes, without the algorithm's name. */
enum nf_err nf_private_key_sign(const struct nf_private_key *key, enum nf_sign_with with,
	const uint8_t *data, size_t len, struct nf_strbuf *signature);
