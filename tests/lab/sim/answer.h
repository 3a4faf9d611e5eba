// SPDX-License-Identifier: GPL-3.0-or-later
/* answer: one request in, one reply out, for SNMP v1, v2c and v3.
 * Errors:  what an agent would not answer (wrong community, wrong version, bytes that are no request)
 *          gives no reply.
 * Source:  RFC 1157, RFC 1901; v3: see v3.h.
 */
#pragma once

#include "tests/lab/sim/pdu.h"

struct nf_sim_answerer *nf_sim_answerer_new(void);
void nf_sim_answerer_free(struct nf_sim_answerer *a); /* takes; NULL is fine */

/* Writes the reply and returns its length, 0 for none. forged: as another would answer in its name.
 * Counts in agent->counts. */
size_t nf_sim_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *request, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX]);
