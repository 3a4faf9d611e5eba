// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/lab/sim/context.h"
#include "tests/lab/sim/pdu.h"
#include "tests/lab/sim/v3.h"

struct nf_sim_answerer *nf_sim_answerer_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_sim_answerer));
}

void nf_sim_answerer_free(struct nf_sim_answerer *a)
{
	free(a);
}

/* The version, the community or its lie, and the PDU that stands in a->pdu. */
static size_t put_message(
	const struct nf_sim_answerer *a, size_t pdu_len, uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	const struct nf_sim_request *r = &a->request;
	const char *lie = a->agent->options.reply_community;
	const uint8_t *community = lie ? (const uint8_t *)lie : r->community.at;
	size_t community_len = lie ? strnlen(lie, 255) : nf_cursor_left(&r->community);
	size_t whole = 3 + nf_sim_ber_head_size(community_len) + community_len + pdu_len;

	if (community_len > 255 || whole + 5 > NF_SIM_MESSAGE_MAX)
		return 0;
	uint8_t *at = nf_sim_ber_put_head(reply, NF_SIM_SEQUENCE, whole);

	at = nf_sim_ber_put_integer(at, r->version);
	at = nf_sim_ber_put_head(at, NF_SIM_OCTETS, community_len);
	if (community_len > 0)
		memcpy(at, community, community_len);
	memcpy(at + community_len, a->pdu, pdu_len);
	return (size_t)(at - reply) + community_len + pdu_len;
}

static bool is_for(const struct nf_sim_agent *agent, const struct nf_sim_request *request)
{
	const char *community = agent->options.community;
	size_t len = strlen(community);

	if (agent->options.v1_only && request->version != NF_SIM_V1)
		return false;
	return nf_cursor_left(&request->community) == len &&
	       memcmp(request->community.at, community, len) == 0;
}

/* community@VLAN, of an agent that has contexts. */
static struct nf_cursor vlan_of(
	const struct nf_sim_agent *agent, const struct nf_sim_request *request)
{
	char prefix[258];

	if (!agent->options.contexts)
		return (struct nf_cursor){0};
	snprintf(prefix, sizeof prefix, "%s@", agent->options.community);
	return nf_sim_context_vlan(&request->community, prefix);
}

static size_t answer_community(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *request, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	if (!nf_sim_request_decode(request, len, &a->request, a->oids))
		return 0;
	a->request.vlan = vlan_of(agent, &a->request);
	if (nf_cursor_left(&a->request.vlan) == 0 && !is_for(agent, &a->request))
		return 0;
	size_t around = 12 + nf_cursor_left(&a->request.community);
	size_t max = agent->options.max_size;
	size_t pdu_len =
		nf_sim_pdu_answer(a, agent, forged, max > around ? max - around : 0, a->pdu);

	return pdu_len > 0 ? put_message(a, pdu_len, reply) : 0;
}

size_t nf_sim_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *request, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	a->values = 0;
	size_t reply_len = nf_sim_v3_is(request, len)
				   ? nf_sim_v3_answer(a, agent, request, len, forged, reply)
				   : answer_community(a, agent, request, len, forged, reply);

	if (reply_len > 0 && !forged) {
		agent->counts.replies++;
		agent->counts.values += a->values;
	}
	return reply_len;
}
