// SPDX-License-Identifier: GPL-3.0-or-later
/* dhcp: what a DHCPv4 message says about its client.
 * Shape:   BOOTP header, magic cookie, options; options may go on in the file and sname fields
 *          (overload). A message that the capture cut is read as far as it goes.
 * Errors:  NF_ENOENT BOOTP without options, or a hardware address that is no Ethernet's; NF_EFORMAT cut in
 *          the header, or no message type.
 * Memory:  texts borrow the bytes; at most 255 bytes each, of any value.
 * Source:  RFC 2131, RFC 2132, RFC 3396 (parts of an option: only the first is kept).
 */
#pragma once

#include "base/addr.h"
#include "collector/wire/bytes.h"

enum nf_dhcp_type {
	NF_DHCP_DISCOVER = 1,
	NF_DHCP_OFFER,
	NF_DHCP_REQUEST,
	NF_DHCP_DECLINE,
	NF_DHCP_ACK,
	NF_DHCP_NAK,
	NF_DHCP_RELEASE,
	NF_DHCP_INFORM,
};

struct nf_dhcp {
	uint8_t type; /* enum nf_dhcp_type, or a later one */
	struct nf_mac client;
	struct nf_addr address;	  /* ciaddr: the client has it; family 0: none */
	struct nf_addr given;	  /* yiaddr */
	struct nf_addr relay;	  /* giaddr */
	struct nf_addr requested; /* option 50 */
	uint32_t lease_s;	  /* option 51; 0: not said; UINT32_MAX: for ever */
	struct nf_bytes host_name, vendor_class, client_id;
};

/* payload: of UDP between ports 67 and 68. */
enum nf_err nf_dhcp_decode(struct nf_cursor payload, struct nf_dhcp *out);
