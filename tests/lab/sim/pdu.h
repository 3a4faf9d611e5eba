// SPDX-License-Identifier: GPL-3.0-or-later
/* pdu: what an agent answers to a PDU, whatever message it came in.
 * Shape:   GET, GETNEXT, GETBULK as RFC 3416 and (for v1) RFC 1157 want them, with v1's noSuchName and
 *          without Counter64 there; GETBULK is cut to what fits. SET is refused and counted.
 * Source:  RFC 1157, RFC 3416, RFC 3584 4.2 (Counter64 and v1).
 */
#pragma once

#include "tests/lab/sim/request.h"
#include "tests/lab/sim/view.h"

#define NF_SIM_MESSAGE_MAX 65507

/* The scratch memory of one answer; its parts are borrowed by the messages around it. */
struct nf_sim_answerer {
	struct nf_sim_request request;
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX];
	struct nf_sim_cursor cursors[NF_SIM_VARBINDS_MAX];
	struct nf_sim_agent *agent;
	bool forged;
	size_t list_len;
	size_t list_max; /* bytes of varbinds that fit into one message */
	size_t values;
	unsigned status;		  /* error-status */
	size_t index;			  /* of the varbind at fault, from 1 */
	uint8_t list[NF_SIM_MESSAGE_MAX]; /* the varbinds' bytes */
	uint8_t pdu[NF_SIM_MESSAGE_MAX];  /* for the message's use */
	uint8_t sealed[NF_SIM_MESSAGE_MAX + 16];
};

/* Answers a->request, which has been decoded. Writes the whole RESPONSE element, at most max bytes, and
 * returns its length; 0: it does not answer in the context asked for. forged: as another would answer in the
 * agent's name. */
size_t nf_sim_pdu_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent, bool forged,
	size_t max, uint8_t *out);
