// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/agent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/parse.h"
#include "collector/snmp/asker.h"

#define WALK_MAX_US (300 * NF_US_PER_S) /* an agent that trickles for ever is ended */
#define WHY_MAX	    400
#define SMALL	    8 /* values in an answer: fewer would not make it faster */

enum nf_err nf_agent_new(struct nf_asker *asker, const struct nf_device *device, size_t leg,
	struct nf_agent **agent, struct nf_error *err)
{
	const struct nf_credentials *credentials;
	enum nf_err e = nf_asker_credentials(asker, device->snmp, &credentials, err);
	if (e != NF_OK)
		return e;
	struct nf_agent *a = nf_xcalloc(1, sizeof *a);
	a->asker = asker;
	a->device = device;
	a->leg = &device->legs[leg];
	a->snmp = device->snmp;
	a->credentials = credentials;
	a->way = &asker->ways[a->leg->network->index];
	nf_manners_init(&a->manners, a->snmp->max_repetitions);
	if (a->snmp->version == NF_SNMP_V3)
		a->v3 = nf_xcalloc(1, sizeof *a->v3);
	a->next_agent = asker->agents;
	if (asker->agents)
		asker->agents->prev_agent = a;
	asker->agents = a;
	*agent = a;
	return NF_OK;
}

void nf_agent_free(struct nf_agent *agent)
{
	if (!agent)
		return;
	while (agent->first_query)
		nf_agent_stop(agent, "stopped");
	nf_asker_forget(agent);
	if (agent->prev_agent)
		agent->prev_agent->next_agent = agent->next_agent;
	else
		agent->asker->agents = agent->next_agent;
	if (agent->next_agent)
		agent->next_agent->prev_agent = agent->prev_agent;
	if (agent->v3) {
		nf_v3_leave(agent);
		nf_usm_engine_clear(&agent->v3->engine);
	}
	free(agent->v3);
	free(agent);
}

void nf_agent_know_engine(struct nf_agent *agent, const uint8_t *engine_id, size_t len)
{
	if (agent->v3)
		nf_usm_engine_set(
			&agent->v3->engine, agent->credentials->login.secret, engine_id, len);
}

bool nf_agent_engine(const struct nf_agent *agent, const uint8_t **engine_id, size_t *len,
	uint32_t *boots, uint32_t *time_s)
{
	if (!agent->v3 || !agent->v3->met || !agent->v3->engine.id_len)
		return false;
	const struct nf_usm_engine *engine = &agent->v3->engine;
	*engine_id = engine->id;
	*len = engine->id_len;
	*boots = engine->boots;
	*time_s = nf_usm_engine_time(engine, nf_clock_now().mono_us);
	return true;
}

const char *nf_agent_engine_twin(const struct nf_agent *agent)
{
	return agent->v3 && agent->v3->twin ? agent->v3->twin->device->name : NULL;
}

const struct nf_leg *nf_agent_leg(const struct nf_agent *agent)
{
	return agent->leg;
}

bool nf_agent_said_something(const struct nf_agent *agent)
{
	const struct nf_v3 *v3 = agent->v3;
	return agent->stranger.family || (v3 && (v3->hinted || (v3->met && !v3->discovering)));
}

int64_t nf_agent_rtt_us(const struct nf_agent *agent)
{
	return agent->rtt_us;
}

struct nf_snmp_login nf_agent_login(const struct nf_agent *agent, char text[NF_AGENT_LOGIN_MAX])
{
	struct nf_snmp_login login = agent->credentials->login;
	unsigned vlan = agent->first_query ? agent->first_query->query->vlan : 0;

	if (vlan && login.version == NF_SNMP_V3) {
		snprintf(text, NF_AGENT_LOGIN_MAX, "vlan-%u", vlan);
		login.context = text;
	} else if (vlan) {
		login.community_len = (size_t)snprintf(text, NF_AGENT_LOGIN_MAX, "%.*s@%u",
			(int)login.community_len, (const char *)login.community, vlan);
		login.community = (const uint8_t *)text;
	}
	return login;
}

static void begin_request(struct nf_agent *agent)
{
	agent->tries = 0;
	agent->stranger.family = NF_FAMILY_NONE;
	if (agent->v3) {
		agent->v3->hints = 0;
		agent->v3->hinted = false;
	}
	nf_asker_send(agent, false);
}

static void begin_query(struct nf_agent *agent)
{
	agent->answered_wall_us = agent->walk_began_mono_us = 0;
	if (agent->v3)
		nf_v3_begin(agent->v3);
	begin_request(agent);
}

void nf_agent_ask(
	struct nf_agent *agent, const struct nf_query *query, nf_query_fn *fn, void *arg)
{
	struct nf_waiting_query *waiting = nf_xcalloc(1, sizeof *waiting);
	*waiting = (struct nf_waiting_query){.query = query, .fn = fn, .arg = arg};
	if (agent->last_query)
		agent->last_query->next = waiting;
	else
		agent->first_query = waiting;
	agent->last_query = waiting;
	if (agent->first_query == waiting)
		begin_query(agent);
}

/* The result of a query; its walk, if it has one, is taken. */
static struct nf_result *result_of(struct nf_agent *agent,
	const struct nf_waiting_query *waiting, struct nf_walk *walk,
	enum nf_result_state state, const char *why)
{
	if (!walk)
		walk = nf_walk_new(waiting->query, agent->snmp->version, &agent->manners);
	return nf_walk_finish(walk, state, why, agent->answered_wall_us);
}

void nf_agent_finish(struct nf_agent *agent, enum nf_result_state state, const char *why)
{
	struct nf_waiting_query *ended = agent->first_query;
	struct nf_walk *walk = agent->walk;
	agent->walk = NULL;
	nf_asker_forget(agent);
	if (state == NF_RESULT_TIMEOUT) {
		agent->first_query = NULL;
	} else {
		agent->first_query = ended->next;
		ended->next = NULL;
	}
	if (!agent->first_query)
		agent->last_query = NULL;
	while (ended) {
		struct nf_waiting_query *next = ended->next;
		struct nf_result *result = result_of(agent, ended, walk, state, why);
		walk = NULL;
		agent->answered_wall_us = 0;
		/* the next request goes out before this one's meaning is worked out */
		if (!next && agent->first_query && agent->state == NF_AGENT_IDLE)
			begin_query(agent);
		ended->fn(agent, result, ended->arg);
		free(ended);
		ended = next;
	}
}

void nf_agent_stop(struct nf_agent *agent, const char *why)
{
	if (agent->first_query)
		nf_agent_finish(agent, NF_RESULT_TIMEOUT, why);
}

bool nf_agent_compose(struct nf_agent *agent, struct nf_ask *ask)
{
	struct nf_v3 *v3 = agent->v3;
	if (v3)
		v3->discovering = !v3->engine.id_len;
	if (v3 && v3->discovering) {
		ask->len = 0;
		return true;
	}
	if (!agent->walk)
		agent->walk = nf_walk_new(
			agent->first_query->query, agent->snmp->version, &agent->manners);
	if (nf_walk_next(agent->walk, ask))
		return true;
	nf_agent_finish(agent, NF_RESULT_COMPLETE, "");
	return false;
}

static void take_answer(
	struct nf_agent *agent, const struct nf_message *answer, struct nf_now now)
{
	agent->rtt_us = now.mono_us - agent->sent_mono_us;
	if (!agent->answered_wall_us)
		agent->answered_wall_us = now.wall_us;
	if (!agent->walk_began_mono_us)
		agent->walk_began_mono_us = now.mono_us;
	size_t before = nf_walk_values(agent->walk);
	nf_walk_answer(agent->walk, answer);
	agent->asker->stats.values += nf_walk_values(agent->walk) - before;
	if (agent->rtt_us > agent->snmp->timeout_us / 2 && answer->len > SMALL)
		nf_walk_smaller(agent->walk);
	if (!nf_walk_next(agent->walk, &agent->asker->ask))
		nf_agent_finish(agent, NF_RESULT_COMPLETE, "");
	else if (now.mono_us - agent->walk_began_mono_us > WALK_MAX_US)
		nf_agent_finish(
			agent, NF_RESULT_INCOMPLETE, "not through after 5 minutes: ended");
	else
		begin_request(agent);
}

/* What nobody signed is decoded beside the engine we know, so that it cannot touch its clock. */
static enum nf_decoded decode(struct nf_agent *agent, const struct nf_peek *peek,
	uint8_t *bytes, size_t len, struct nf_now now, struct nf_message *message)
{
	struct nf_asker *asker = agent->asker;
	struct nf_usm_engine stranger = {0}, *engine = agent->v3 ? &agent->v3->engine : NULL;
	if (agent->v3 && !(peek->flags & NF_PEEK_AUTH)) {
		if (peek->engine_id_len > sizeof stranger.id)
			return NF_DECODE_MALFORMED;
		stranger.id_len = peek->engine_id_len;
		if (stranger.id_len)
			memcpy(stranger.id, peek->engine_id, stranger.id_len);
		engine = &stranger;
	}
	return nf_codec_decode(asker->codec, &agent->credentials->login, engine, bytes, len,
		now.mono_us, message);
}

static bool is_our_answer(const struct nf_agent *agent, const struct nf_peek *peek,
	const struct nf_message *message)
{
	if (message->pdu != NF_PDU_RESPONSE || message->id != agent->id)
		return false;
	if (!agent->v3)
		return true;
	const struct nf_usm_engine *engine = &agent->v3->engine;
	return !agent->v3->discovering && message->authentic &&
	       peek->engine_id_len == engine->id_len &&
	       memcmp(peek->engine_id, engine->id, engine->id_len) == 0;
}

bool nf_agent_take(struct nf_agent *agent, const struct nf_peek *peek, uint8_t *bytes,
	size_t len, struct nf_now now)
{
	struct nf_asker_stats *stats = &agent->asker->stats;
	struct nf_message message;
	enum nf_decoded decoded = decode(agent, peek, bytes, len, now, &message);
	if (decoded == NF_DECODE_FORGED || decoded == NF_DECODE_STRANGER)
		stats->unauthentic++;
	else if (decoded == NF_DECODE_MALFORMED)
		stats->malformed++;
	if (decoded != NF_DECODED)
		return agent->v3 && nf_v3_doubt(agent, decoded);
	if (agent->v3 && message.pdu == NF_PDU_REPORT)
		return nf_v3_report(agent, peek, &message, now);
	if (!is_our_answer(agent, peek, &message)) {
		if (agent->v3 && !message.authentic)
			stats->unauthentic++;
		else
			stats->unmatched++;
		return false;
	}
	if (agent->v3)
		nf_v3_met(agent);
	take_answer(agent, &message, now);
	return true;
}

static const char *silence(const struct nf_agent *agent, char *buf, size_t size)
{
	char address[NF_ADDR_TEXT_MAX], stranger[NF_ADDR_TEXT_MAX], waited[NF_QUANTITY_MAX];
	const struct nf_v3 *v3 = agent->v3;
	nf_addr_format(&agent->leg->address, address);
	int64_t us = 0, patience = agent->snmp->timeout_us;
	for (uint32_t i = 0; i < agent->tries; i++, patience += patience / 2)
		us += patience;
	nf_format_age(us, waited);
	if (agent->send_errno)
		snprintf(buf, size, "nothing could be sent to %s: %s", address,
			strerror(agent->send_errno));
	else if (agent->answered_wall_us)
		snprintf(buf, size, "%s stopped answering after %zu values", address,
			agent->walk ? nf_walk_values(agent->walk) : 0);
	else if (agent->stranger.family)
		snprintf(buf, size,
			"%s was asked, but %s answered: if that is the same device, allow it with accept_source",
			address, nf_addr_format(&agent->stranger, stranger));
	else if (v3 && v3->met && !v3->discovering && agent->snmp->level == NF_SNMP_AUTH_PRIV)
		snprintf(buf, size,
			"no answer from %s port %u in %s to user %s: down, or check the priv protocol and passphrase",
			address, agent->snmp->port, waited, agent->snmp->user);
	else if (v3)
		snprintf(buf, size,
			"no answer from %s port %u in %s: down, SNMPv3 not served there, or not to us",
			address, agent->snmp->port, waited);
	else
		snprintf(buf, size,
			"no answer from %s port %u in %s: down, not allowed to ask, or another community",
			address, agent->snmp->port, waited);
	return buf;
}

void nf_agent_time_out(struct nf_agent *agent, struct nf_now now)
{
	char why[WHY_MAX];
	struct nf_asker_stats *stats = &agent->asker->stats;
	struct nf_v3 *v3 = agent->v3;
	(void)now;
	stats->timeouts++;
	bool last = agent->tries > agent->snmp->retries;
	if (v3 && v3->hinted) {
		/* one such report may be forged; two tries in a row with nothing better are believed */
		v3->hinted = false;
		if (++v3->hints >= 2 || last) {
			snprintf(why, sizeof why, "%s", v3->hint);
			nf_agent_finish(agent, NF_RESULT_REFUSED, why);
			return;
		}
	}
	if (last) {
		nf_agent_finish(agent, NF_RESULT_TIMEOUT, silence(agent, why, sizeof why));
		return;
	}
	stats->retries++;
	bool discovering = v3 && v3->discovering;
	bool smaller = agent->tries >= 2 && !discovering && agent->walk &&
		       nf_walk_smaller(agent->walk);
	nf_asker_send(agent, !smaller);
}
