// SPDX-License-Identifier: GPL-3.0-or-later
/* agent: asks SNMP agents, thousands at once over few sockets, and never blocks.
 * Shape:   one nf_asker a process holds the sockets (one per network and family, bound to the network's
 *          source), timers and matching; one nf_agent a device holds what was learned about it: version,
 *          repetitions that work, v3 engine. At most one request is outstanding per agent; queries of one
 *          agent are answered in the order they were given.
 * Matching: random request ids; an answer counts only from the address and port asked (or the profile's
 *          accept_source), with the community or USM user asked with; everything else is counted and
 *          dropped.
 * Pacing:  base/pace.h per network, shared with nobody.
 * Units:   microseconds.  Role: netfold-snmp and the command line; main thread, one libuv loop.
 * Memory:  the asker owns its agents. A callback may give new queries; it must not free the agent.
 * Source:  RFC 3416 (operations), RFC 3412/3414 (v3, USM), RFC 3826 (AES); LIBRARIES: net-snmp is used as
 *          codec only.
 */
#pragma once

#include "base/err.h"
#include "collector/snmp/table.h"
#include "conf/site.h"

#include <uv.h>

struct nf_asker;
struct nf_agent;

enum nf_err nf_asker_new(uv_loop_t *loop, const struct nf_site *site, struct nf_asker **asker,
	struct nf_error *err);
/* Ends every query with NF_RESULT_TIMEOUT ("stopped"), closes the sockets on the loop; done(arg) is called
 * when the last handle is closed. */
void nf_asker_close(struct nf_asker *asker, void (*done)(void *arg), void *arg);

/* An agent at a leg of the device. Reads the secrets; NF_EPERM, NF_ENOENT and so on name the file. */
enum nf_err nf_agent_new(struct nf_asker *asker, const struct nf_device *device, size_t leg,
	struct nf_agent **agent, struct nf_error *err);
void nf_agent_free(struct nf_agent *agent); /* takes; not inside a callback of its own */

/* What is known of a v3 engine from an earlier run; before the first query. */
void nf_agent_know_engine(struct nf_agent *agent, const uint8_t *engine_id, size_t len);
/* The engine met, for the store; false before it was met. */
bool nf_agent_engine(const struct nf_agent *agent, const uint8_t **engine_id, size_t *len,
	uint32_t *boots, uint32_t *time_s);
/* Another agent of this asker answers with the same engineID: its device name, else NULL. */
const char *nf_agent_engine_twin(const struct nf_agent *agent);

/* Where it is asked. */
const struct nf_leg *nf_agent_leg(const struct nf_agent *agent);

/* Whether anything came back from there, answer or not: a report, an engineID, another's address. After
 * a query that ended without an answer. */
bool nf_agent_said_something(const struct nf_agent *agent);

/* How long the last answer took; 0 before the first. */
int64_t nf_agent_rtt_us(const struct nf_agent *agent);

typedef void nf_query_fn(
	struct nf_agent *agent, struct nf_result *result, void *arg); /* takes result */
/* Asks; fn is called exactly once, never before this returns. The query is borrowed until then. */
void nf_agent_ask(
	struct nf_agent *agent, const struct nf_query *query, nf_query_fn *fn, void *arg);

struct nf_asker_stats {
	uint64_t requests, answers, retries, timeouts;
	uint64_t wrong_source, wrong_community, unmatched, malformed, unauthentic;
	uint64_t values;
	uint32_t in_flight;
};
struct nf_asker_stats nf_asker_stats(const struct nf_asker *asker);
