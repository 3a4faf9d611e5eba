// SPDX-License-Identifier: GPL-3.0-or-later
/* bcrypt_pbkdf: the key derivation of encrypted OpenSSH keys; no library of Debian offers it.
 * Shape:   pure; rounds × 1 ms or so.
 * Source:  OpenBSD bcrypt_pbkdf(3); B. Schneier, "Description of a New Variable-Length Key, 64-Bit Block
 *          Cipher (Blowfish)", whose tables are the digits of pi and are computed here.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* rounds 1 to 10,000, out_len 1 to 1,024, salt_len 1 to 1,024, else NF_ERANGE. */
enum nf_err nf_bcrypt_pbkdf(const char *passphrase, size_t passphrase_len, const uint8_t *salt,
	size_t salt_len, uint32_t rounds, uint8_t *out, size_t out_len);
