// SPDX-License-Identifier: GPL-3.0-or-later
/* echo: the message we send, and whether an answer is to it.
 * Shape:   pure. ICMP header (8 bytes), then 20 bytes: token u64, slot u32, round u32, route u16,
 *          index u16, all big-endian. The token is SipHash-2-4 under a key of this process over the rest,
 *          the sequence number and the address asked: nobody who did not see the request can answer
 *          it, and an answer fits one echo only. Short, so that equipment that cuts payloads leaves it
 *          whole.
 * Source:  RFC 792, RFC 4443.
 */
#pragma once

#include "base/addr.h"

#include <stddef.h>
#include <stdint.h>

#define NF_ECHO_PAYLOAD 20
#define NF_ECHO_BYTES	(8 + NF_ECHO_PAYLOAD)

struct nf_echo_key {
	unsigned char bytes[16];
};

/* Which echo it is. */
struct nf_echo {
	uint32_t slot;	/* of the burst */
	uint32_t round; /* how often the slot was used before */
	uint16_t route; /* the network */
	uint16_t index; /* in the burst */
};

enum nf_echo_verdict {
	NF_ECHO_GENUINE,
	NF_ECHO_CUT, /* the payload is too short to tell */
	NF_ECHO_FORGED,
};

struct nf_echo_key nf_echo_key_new(void);

/* The sequence number: 5 bits of index, 11 of slot, so that a cut answer still finds its burst. */
uint16_t nf_echo_seq(const struct nf_echo *echo);

/* The checksum of an ICMPv6 message is left zero: the kernel writes it. */
void nf_echo_write(const struct nf_echo_key *key, uint16_t id, const struct nf_addr *to,
	const struct nf_echo *echo, uint8_t out[NF_ECHO_BYTES]);

/* asked: the address the echo went to: an answer's source, a request's destination. */
enum nf_echo_verdict nf_echo_read(const struct nf_echo_key *key, const struct nf_addr *asked,
	uint16_t seq, const uint8_t *payload, size_t len, struct nf_echo *out);
