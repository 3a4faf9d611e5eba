// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "collector/snmp/asker.h"
#include "collector/snmp/oid.h"

#define RESYNCS_MAX 2 /* in one query: an agent whose clock runs away is refused, not chased */

enum report {
	REPORT_OTHER,
	REPORT_LEVEL,
	REPORT_TIME,
	REPORT_USER,
	REPORT_ENGINE,
	REPORT_DIGEST,
	REPORT_DECRYPTION,
	REPORT_CONTEXT,
};

/* RFC 3414 5 (usmStats), RFC 3413 4.1.2 (snmpUnavailableContexts, snmpUnknownContexts) */
static enum report kind_of(const struct nf_message *report)
{
	static const uint32_t usm_stats[] = {1, 3, 6, 1, 6, 3, 15, 1, 1};
	static const uint32_t contexts[] = {1, 3, 6, 1, 6, 3, 12, 1};
	static const enum report by_stat[] = {REPORT_OTHER, REPORT_LEVEL, REPORT_TIME,
		REPORT_USER, REPORT_ENGINE, REPORT_DIGEST, REPORT_DECRYPTION};
	if (!report->len)
		return REPORT_OTHER;
	const struct nf_oid *oid = &report->varbinds[0].oid;
	struct nf_oid stats_root = {usm_stats, 9}, contexts_root = {contexts, 8};
	if (nf_oid_under(oid, &stats_root) && oid->len > 9 && oid->ids[9] < 7)
		return by_stat[oid->ids[9]];
	if (nf_oid_under(oid, &contexts_root) && oid->len > 8)
		return REPORT_CONTEXT;
	return REPORT_OTHER;
}

static const char *level_text(enum nf_snmp_level level)
{
	static const char *const texts[] = {"noAuthNoPriv", "authNoPriv", "authPriv"};
	return texts[level];
}

static void write_hint(struct nf_agent *agent, enum report kind)
{
	struct nf_v3 *v3 = agent->v3;
	const struct nf_snmp *snmp = agent->snmp;
	char *buf = v3->hint;
	size_t size = sizeof v3->hint;
	switch (kind) {
	case REPORT_LEVEL:
		snprintf(buf, size,
			"the agent does not accept level %s for user %s (unsupportedSecLevel)",
			level_text(snmp->level), snmp->user);
		break;
	case REPORT_TIME:
		snprintf(buf, size,
			"the agent calls every question too old (notInTimeWindow): "
			"its engine boots or time do not stay");
		break;
	case REPORT_USER:
		snprintf(buf, size, "the agent does not know user %s (unknownUserName)",
			snmp->user);
		break;
	case REPORT_ENGINE:
		snprintf(buf, size, "the agent disowns the engineID it gave (unknownEngineID)");
		break;
	case REPORT_DIGEST:
		snprintf(buf, size,
			"wrong key for user %s (wrongDigest): check the auth protocol and passphrase",
			snmp->user);
		break;
	case REPORT_DECRYPTION:
		snprintf(buf, size,
			"the agent cannot decrypt (decryptionError): "
			"check the priv protocol and passphrase of user %s",
			snmp->user);
		break;
	case REPORT_CONTEXT:
		snprintf(buf, size, "the agent has no context \"%s\"",
			snmp->context ? snmp->context : "");
		break;
	default:
		snprintf(buf, size, "the agent refuses with a report that says nothing known");
	}
}

/* Nobody signed it, so it cannot end the request; it becomes the reason when nothing better comes. */
static bool hint(struct nf_agent *agent, enum report kind)
{
	write_hint(agent, kind);
	agent->v3->hinted = true;
	return false;
}

static bool refuse(struct nf_agent *agent, enum report kind)
{
	char why[sizeof agent->v3->hint];
	write_hint(agent, kind);
	memcpy(why, agent->v3->hint, sizeof why);
	nf_agent_finish(agent, NF_RESULT_REFUSED, why);
	return true;
}

static bool same_engine(const struct nf_agent *a, const struct nf_agent *b)
{
	const struct nf_usm_engine *x = &a->v3->engine, *y = &b->v3->engine;
	return x->id_len && x->id_len == y->id_len && memcmp(x->id, y->id, x->id_len) == 0;
}

/* Two legs of one device are one engine, rightly. */
static void find_twin(struct nf_agent *agent)
{
	agent->v3->twin = NULL;
	for (struct nf_agent *a = agent->asker->agents; a; a = a->next_agent) {
		if (!a->v3 || !a->v3->met || a == agent || !same_engine(a, agent) ||
			strcmp(a->device->name, agent->device->name) == 0)
			continue;
		agent->v3->twin = a;
		if (!a->v3->twin)
			a->v3->twin = agent;
	}
}

void nf_v3_met(struct nf_agent *agent)
{
	if (agent->v3->met)
		return;
	agent->v3->met = true;
	find_twin(agent);
}

void nf_v3_leave(struct nf_agent *agent)
{
	agent->v3->met = false;
	agent->v3->twin = NULL;
	for (struct nf_agent *a = agent->asker->agents; a; a = a->next_agent)
		if (a->v3 && a->v3->twin == agent)
			find_twin(a);
}

void nf_v3_begin(struct nf_v3 *v3)
{
	v3->rediscoveries = v3->resyncs = 0;
}

static bool send_again(struct nf_agent *agent)
{
	nf_asker_send(agent, false);
	return true;
}

/* Once a query: the engine is asked who it is and what time it has. */
static bool rediscover(struct nf_agent *agent, enum report kind)
{
	if (agent->v3->rediscoveries++)
		return hint(agent, kind);
	nf_v3_leave(agent);
	nf_usm_engine_clear(&agent->v3->engine);
	return send_again(agent);
}

static bool meet(struct nf_agent *agent, const struct nf_peek *peek, struct nf_now now)
{
	struct nf_v3 *v3 = agent->v3;
	if (!nf_usm_engine_set(&v3->engine, agent->credentials->login.secret, peek->engine_id,
		    peek->engine_id_len)) {
		snprintf(v3->hint, sizeof v3->hint,
			"the agent gives no engineID of 5 to 32 octets: not a right SNMPv3 engine");
		v3->hinted = true;
		return false;
	}
	v3->engine.boots = peek->boots;
	v3->engine.time_s = peek->time_s;
	v3->engine.at_mono_us = now.mono_us;
	agent->tries = 0;
	nf_v3_met(agent);
	return send_again(agent);
}

bool nf_v3_report(struct nf_agent *agent, const struct nf_peek *peek,
	const struct nf_message *report, struct nf_now now)
{
	struct nf_v3 *v3 = agent->v3;
	bool authentic = peek->flags & NF_PEEK_AUTH;
	enum report kind = kind_of(report);
	if (v3->discovering)
		return meet(agent, peek, now);
	if (!authentic)
		agent->asker->stats.unauthentic++;
	if (kind == REPORT_ENGINE)
		return rediscover(agent, kind);
	if (kind == REPORT_TIME && !authentic)
		return rediscover(agent, kind);
	if (!authentic)
		return hint(agent, kind);
	if (kind != REPORT_TIME || v3->resyncs++ >= RESYNCS_MAX)
		return refuse(agent, kind);
	nf_v3_met(agent);
	return send_again(agent);
}

bool nf_v3_doubt(struct nf_agent *agent, enum nf_decoded decoded)
{
	char address[NF_ADDR_TEXT_MAX];
	if (decoded == NF_DECODE_UNDECIPHERED)
		return hint(agent, REPORT_DECRYPTION);
	if (decoded != NF_DECODE_TIME)
		return false;
	/* Signed with the right key and our id, so no replay: the engine was reset or cloned. */
	nf_addr_format(&agent->leg->address, address);
	nf_log_limited(agent->device->name, NF_LOG_INFO, "snmp",
		"engine boots went backwards, discovering it anew device=%s address=%s",
		agent->device->name, address);
	return rediscover(agent, REPORT_TIME);
}
