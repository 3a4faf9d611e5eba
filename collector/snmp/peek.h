// SPDX-License-Identifier: GPL-3.0-or-later
/* peek: the head of a received message, enough to know whose answer it claims to be, before anything
 *          else looks at it. What does not answer a request of ours never reaches the library.
 * Shape:   pure. v1, v2c: version, community, PDU type, request-id. v3: version, msgID, msgFlags, and
 *          the USM parameters engineID, boots, time, user.
 * Memory:  borrows the bytes.
 * Source:  RFC 1157, RFC 1901, RFC 3412 6, RFC 3414 2.4; BER as in X.690 with definite lengths.
 */
#pragma once

#include "collector/snmp/table.h"

enum { NF_PEEK_AUTH = 1, NF_PEEK_PRIV = 2 }; /* msgFlags */

struct nf_peek {
	uint8_t version;  /* on the wire: 0 v1, 1 v2c, 3 v3 */
	uint8_t pdu_type; /* v1, v2c */
	uint8_t flags;	  /* v3: 1 auth, 2 priv, 4 reportable */
	int32_t id;	  /* request-id or msgID */
	const uint8_t *community;
	size_t community_len;
	const uint8_t *engine_id;
	size_t engine_id_len;
	uint32_t boots, time_s;
	const uint8_t *user;
	size_t user_len;
};

/* False: not the head of an SNMP message. */
bool nf_peek(const uint8_t *bytes, size_t len, struct nf_peek *out);

/* The PDU of a v1 or v2c message (not a v1 trap): what stands before its varbinds, and they themselves. */
struct nf_peek_pdu {
	uint8_t type;
	int32_t id;
	int64_t error_status, error_index; /* non-repeaters and max-repetitions of a GETBULK */
	const uint8_t *varbinds;
	size_t len;
};

bool nf_peek_pdu(const uint8_t *bytes, size_t len, struct nf_peek_pdu *out);
