// SPDX-License-Identifier: GPL-3.0-or-later
/* note: what one frame says about one thing, as the table in memory keeps it.
 * Shape:   the key is what makes two notes the same; it is hashed and compared as bytes, so it has no
 *          padding and what does not apply is zero. A name or a serial number is its text beside it.
 */
#pragma once

#include "base/addr.h"

#include <stdint.h>

enum nf_note_what {
	NF_NOTE_MAC = 1,
	NF_NOTE_ADDRESS,
	NF_NOTE_NAME,
	NF_NOTE_SERIAL,
	NF_NOTE_CALL
};
enum nf_note_source {
	NF_NOTE_WIRE,
	NF_NOTE_ARP,
	NF_NOTE_NDP,
	NF_NOTE_DHCP,
	NF_NOTE_MDNS,
	NF_NOTE_LLMNR,
	NF_NOTE_NETBIOS,
	NF_NOTE_LLDP,
	NF_NOTE_CDP,
	NF_NOTE_RELEASE, /* of a DHCP lease */
};
enum nf_note_how {
	NF_HOW_ARP,
	NF_HOW_NDP,
	NF_HOW_TCP, /* port */
	NF_HOW_UDP, /* port; 0: between two high ports */
	NF_HOW_ICMP,
	NF_HOW_DNS,
	NF_HOW_OTHER, /* port: the protocol's number */
};

struct nf_note_key {
	uint32_t day;	   /* UTC, since 1970: the table's */
	uint16_t wire;	   /* the table's */
	uint16_t vlans[2]; /* 0: none */
	uint16_t port;
	uint8_t what, source, how, zero;
	struct nf_mac mac; /* whose it is; a caller's; all zero: not known */
	uint16_t zeros;
	struct nf_addr address; /* bound to it; a caller's; family 0: none */
	struct nf_addr to;	/* whom a caller calls */
};
_Static_assert(sizeof(struct nf_note_key) == 64, "a key without padding");

struct nf_note {
	struct nf_note_key key;
	const char *text;   /* a name or serial number, printable; NULL: none */
	const char *detail; /* printable; NULL: nothing to say */
	uint32_t lease_s;   /* from now; 0: none; UINT32_MAX: for ever */
};

typedef void nf_note_fn(const struct nf_note *note, void *arg);
