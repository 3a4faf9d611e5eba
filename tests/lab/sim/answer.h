// SPDX-License-Identifier: GPL-3.0-or-later
/* answer: one request in, one reply out, for SNMP v1 and v2c.
 * Shape:   GET, GETNEXT, GETBULK as RFC 3416 and (for v1) RFC 1157 want them, with v1's noSuchName and
 *          without Counter64 there; GETBULK is cut to what fits. SET is refused and counted.
 * Errors:  what an agent would not answer (wrong community, wrong version, bytes that are no request)
 *          gives no reply.
 * Source:  RFC 1157, RFC 3416, RFC 3584 4.2 (Counter64 and v1).
 */
#pragma once

#include "tests/lab/sim/view.h"

#define NF_SIM_MESSAGE_MAX 65507

struct nf_sim_answerer; /* scratch memory, one a process */

struct nf_sim_answerer *nf_sim_answerer_new(void);
void nf_sim_answerer_free(struct nf_sim_answerer *a); /* takes; NULL is fine */

/* Writes the reply and returns its length, 0 for none. forged: as another would answer in its name.
 * Counts in agent->counts. */
size_t nf_sim_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *request, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX]);
