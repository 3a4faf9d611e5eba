// SPDX-License-Identifier: GPL-3.0-or-later
/* openssh_key: the format in which ssh-keygen writes private keys, unpacked and decrypted.
 * Shape:   pure. "openssh-key-v1", cipher, kdf, options, public keys, one encrypted blob.
 * Errors:  NF_EFORMAT damaged; NF_EPERM wrong or no passphrase; NF_EINVAL a cipher that is not known.
 * Source:  openssh-portable PROTOCOL.key.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

/* text: the whole file. */
enum nf_err nf_openssh_key_read(const char *text, size_t len, const char *passphrase,
	EVP_PKEY **key, struct nf_error *err);
