// SPDX-License-Identifier: GPL-3.0-or-later
/* cdp: Cisco's discovery protocol, the older sister of LLDP.
 * Shape:   version, lifetime, checksum; then TLVs (type, length with its own four bytes, value).
 * Errors:  NF_EFORMAT another version, cut in a header, a TLV shorter than its header, a wrong checksum
 *          where all of it was captured.
 * Memory:  texts borrow the bytes.
 * Source:  Cisco's own; lengths and the checksum of an odd number of bytes as its equipment sends them.
 */
#pragma once

#include "base/addr.h"
#include "collector/wire/bytes.h"

#include <stdbool.h>

struct nf_cdp {
	struct nf_bytes device, port, platform;
	struct nf_addr address; /* the first IPv4 one; family 0: none */
};

/* payload: behind SNAP. cut: the capture has not all of it. */
enum nf_err nf_cdp_decode(struct nf_cursor payload, bool cut, struct nf_cdp *out);
