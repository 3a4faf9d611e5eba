// SPDX-License-Identifier: GPL-3.0-or-later
/* ber: the few bytes of ASN.1 that SNMP v1 and v2c need, read and written by the simulator itself, so
 * that it shares no mistake with the library netfold reads with.
 * Shape:   tag, length (definite, up to four bytes), content. Writers append at `at` and return the end;
 *          the caller has made room.
 * Errors:  readers return false and leave the cursor failed or in an undefined place.
 * Source:  X.690; RFC 2578 7.1 (application tags), RFC 3416 3 (PDUs, exceptions).
 */
#pragma once

#include "base/cursor.h"
#include "tests/lab/sim/oid.h"

enum nf_sim_tag {
	NF_SIM_INTEGER = 0x02,
	NF_SIM_OCTETS = 0x04,
	NF_SIM_NULL = 0x05,
	NF_SIM_OBJECT = 0x06,
	NF_SIM_SEQUENCE = 0x30,
	NF_SIM_ADDRESS = 0x40,
	NF_SIM_COUNTER32 = 0x41,
	NF_SIM_GAUGE32 = 0x42,
	NF_SIM_TICKS = 0x43,
	NF_SIM_OPAQUE = 0x44,
	NF_SIM_COUNTER64 = 0x46,
	NF_SIM_NO_OBJECT = 0x80,
	NF_SIM_NO_INSTANCE = 0x81,
	NF_SIM_END_OF_VIEW = 0x82,
	NF_SIM_GET = 0xa0,
	NF_SIM_GETNEXT = 0xa1,
	NF_SIM_RESPONSE = 0xa2,
	NF_SIM_SET = 0xa3,
	NF_SIM_GETBULK = 0xa5,
};

/* One element; its content as a cursor of its own. */
bool nf_sim_ber_read(struct nf_cursor *c, uint8_t *tag, struct nf_cursor *content);
/* An INTEGER of at most eight bytes, one to four of them significant for everything in a PDU's head. */
bool nf_sim_ber_read_integer(struct nf_cursor *c, int64_t *out);
/* The content of an OBJECT IDENTIFIER. */
bool nf_sim_ber_decode_oid(struct nf_cursor content, struct nf_sim_oid *out);

/* Bytes of tag and length in front of `len` bytes of content: 2 to 5. */
size_t nf_sim_ber_head_size(size_t len);
uint8_t *nf_sim_ber_put_head(uint8_t *at, uint8_t tag, size_t len);

/* Room for any integer's content, for any OID's element. */
#define NF_SIM_BER_INTEGER_MAX 9
#define NF_SIM_BER_OID_MAX     (NF_SIM_OID_MAX * 5 + 4)

/* The shortest content of a signed or an unsigned number; returns its length. */
size_t nf_sim_ber_signed(uint8_t content[NF_SIM_BER_INTEGER_MAX], int64_t number);
size_t nf_sim_ber_unsigned(uint8_t content[NF_SIM_BER_INTEGER_MAX], uint64_t number);
/* A whole INTEGER element. */
uint8_t *nf_sim_ber_put_integer(uint8_t *at, int64_t number);
/* The content of an OID, without tag and length; returns its length. */
size_t nf_sim_ber_oid(uint8_t content[NF_SIM_BER_OID_MAX], const uint32_t *ids, size_t len);
