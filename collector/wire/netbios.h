// SPDX-License-Identifier: GPL-3.0-or-later
/* netbios: the name a machine registers for itself, or sends a datagram under.
 * Shape:   the name service (port 137): registrations and refreshes, with the address they are for; the
 *          datagram service (port 138): the source of a direct datagram.
 * Errors:  NF_ENOENT another message; NF_EFORMAT cut, or a name that is not encoded as one.
 * Memory:  constant.
 * Source:  RFC 1001, RFC 1002.
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"

#include <stdbool.h>

#define NF_NETBIOS_NAME_MAX 16

struct nf_netbios {
	char name[NF_NETBIOS_NAME_MAX]; /* lower case, without padding */
	uint8_t suffix;			/* what it is the name of: 0 workstation, 0x20 server */
	bool group;			/* a domain or workgroup: nobody's own */
	struct nf_addr address;
};

enum nf_err nf_netbios_name_decode(struct nf_cursor payload, struct nf_netbios *out);
enum nf_err nf_netbios_datagram_decode(struct nf_cursor payload, struct nf_netbios *out);
