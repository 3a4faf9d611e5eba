// SPDX-License-Identifier: GPL-3.0-or-later
/* request: an SNMP request, taken apart.
 * Memory:  borrows the bytes; the OIDs go into the caller's array.
 * Errors:  false for anything else: other versions, other PDUs, more varbinds than fit, broken BER.
 */
#pragma once

#include "tests/lab/sim/ber.h"

#define NF_SIM_VARBINDS_MAX 256

enum { NF_SIM_V1 = 0, NF_SIM_V2C = 1, NF_SIM_V3 = 3 };

struct nf_sim_request {
	int64_t version;	    /* NF_SIM_V1, NF_SIM_V2C or NF_SIM_V3 */
	struct nf_cursor community; /* v1, v2c */
	struct nf_cursor vlan;	    /* in whose context it asks; empty: in none */
	uint8_t pdu; /* NF_SIM_GET, NF_SIM_GETNEXT, NF_SIM_GETBULK or NF_SIM_SET */
	int32_t reqid;
	int64_t non_repeaters;
	int64_t max_repetitions;
	struct nf_cursor list; /* the varbinds as they came, for an error that echoes them */
	size_t len;
};

/* The PDU that comes next in `message`; out->version is set. */
bool nf_sim_request_decode_pdu(struct nf_cursor *message, struct nf_sim_request *out,
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX]);

/* A whole v1 or v2c message. */
bool nf_sim_request_decode(const uint8_t *bytes, size_t len, struct nf_sim_request *out,
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX]);
