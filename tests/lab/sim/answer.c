// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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

/* community@VLAN */
static bool is_in_context(
	const struct nf_sim_agent *agent, const struct nf_sim_request *request)
{
	size_t len = strlen(agent->options.community);

	return agent->options.contexts && nf_cursor_left(&request->community) > len &&
	       memcmp(request->community.at, agent->options.community, len) == 0 &&
	       request->community.at[len] == '@';
}

static size_t answer_community(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *request, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	if (!nf_sim_request_decode(request, len, &a->request, a->oids) ||
		(!is_for(agent, &a->request) && !is_in_context(agent, &a->request)))
		return 0;
	struct nf_sim_rules hide = agent->options.hide;
	if (is_in_context(agent, &a->request))
		agent->options.hide = (struct nf_sim_rules){0};
	size_t around = 12 + nf_cursor_left(&a->request.community);
	size_t max = agent->options.max_size;
	size_t pdu_len =
		nf_sim_pdu_answer(a, agent, forged, max > around ? max - around : 0, a->pdu);

	agent->options.hide = hide;
	return put_message(a, pdu_len, reply);
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
