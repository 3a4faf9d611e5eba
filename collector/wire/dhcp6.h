// SPDX-License-Identifier: GPL-3.0-or-later
/* dhcp6: the little of a DHCPv6 message that tells who its client is.
 * Shape:   a message between client and server; those between relays are not read.
 * Errors:  NF_ENOENT a relay's message; NF_EFORMAT cut in the header or an option.
 * Memory:  texts borrow the bytes.
 * Source:  RFC 8415; the client's name RFC 4704.
 */
#pragma once

#include "base/addr.h"
#include "collector/wire/bytes.h"

#include <stdbool.h>

enum { NF_DHCP6_REPLY = 7 };

struct nf_dhcp6 {
	uint8_t type; /* RFC 8415, section 7.3 */
	bool has_mac;
	struct nf_mac mac; /* of the client's DUID; may be another interface's or machine's */
	struct nf_addr address; /* the first of the first IA_NA; family 0: none */
	uint32_t lease_s;	/* its valid lifetime; UINT32_MAX: for ever */
	struct nf_bytes name;	/* labels, as in DNS */
	struct nf_bytes vendor_class;
};

/* payload: of UDP between ports 546 and 547. */
enum nf_err nf_dhcp6_decode(struct nf_cursor payload, struct nf_dhcp6 *out);
