// SPDX-License-Identifier: GPL-3.0-or-later
/* sign_request: is this what an SSH login signs, for the right user and key, and nothing else?
 * Shape:   pure; the signer signs only what passes, so that a worker in hostile hands cannot have
 *          documents, certificates or logins of other users signed.
 * Source:  RFC 4252, 7: string session identifier, 50, string user, string "ssh-connection", string
 *          "publickey", TRUE, string algorithm, string public key.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_sign_with { NF_SIGN_PLAIN, NF_SIGN_RSA_SHA1, NF_SIGN_RSA_SHA256, NF_SIGN_RSA_SHA512 };

/* key: the blob of the only key that may sign it. */
bool nf_sign_request_ok(const uint8_t *data, size_t len, const char *user, const uint8_t *key,
	size_t key_len, enum nf_sign_with *with);
