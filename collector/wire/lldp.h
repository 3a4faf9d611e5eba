// SPDX-License-Identifier: GPL-3.0-or-later
/* lldp: what a switch, a phone or a server says of itself to its neighbour.
 * Shape:   TLVs: chassis, port and lifetime first, in that order; then any.
 * Errors:  NF_EFORMAT no LLDP, or one of the three is missing. A frame the capture cut gives what came
 *          before.
 * Memory:  texts borrow the bytes.
 * Source:  IEEE 802.1AB; the serial number is LLDP-MED's (ANSI/TIA-1057).
 */
#pragma once

#include "base/addr.h"
#include "collector/wire/bytes.h"

#include <stdbool.h>

struct nf_lldp {
	bool has_chassis_mac;
	struct nf_mac chassis_mac;
	struct nf_bytes chassis; /* where it is no MAC: any identifier, without its subtype */
	struct nf_bytes port;	 /* a name; empty where it is a MAC or an address */
	uint16_t lifetime_s;	 /* 0: it goes */
	struct nf_bytes system_name, system_description, serial;
	struct nf_addr management; /* the first; family 0: none */
};

enum nf_err nf_lldp_decode(struct nf_cursor payload, struct nf_lldp *out);
