// SPDX-License-Identifier: GPL-3.0-or-later
/* asker: what agent.c and asker.c know of each other: the request of an agent on its way through the
 *        sockets (line.h), the timers (wheel.h) and the matching. Nobody else includes this.
 * Shape:   an agent is idle, waits to be sent (in its network's row, for the pace), or waits for an
 *          answer (in `waiting` by id, and in the wheel). asker.c moves it on, agent.c says what to send
 *          and what an answer means.
 */
#pragma once

#include "base/clock.h"
#include "base/pace.h"
#include "collector/snmp/agent.h"
#include "collector/snmp/codec.h"
#include "collector/snmp/line.h"
#include "collector/snmp/peek.h"
#include "collector/snmp/walk.h"
#include "collector/snmp/wheel.h"

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

/* The credentials of one entry under snmp:, shared by its agents. */
struct nf_credentials {
	const struct nf_snmp *snmp;
	struct nf_snmp_login login;
	struct nf_usm_secret secret;
	char *community;
	struct nf_credentials *next;
};

/* One network's way out: a socket a family, one pace, the agents that wait to be sent. */
struct nf_way {
	const struct nf_network *network;
	struct nf_line *line4, *line6;
	struct nf_pace pace;
	struct nf_agent *first, *last;
};

enum nf_agent_state { NF_AGENT_IDLE, NF_AGENT_TO_SEND, NF_AGENT_WAITING };

struct nf_waiting_query {
	const struct nf_query *query;
	nf_query_fn *fn;
	void *arg;
	struct nf_waiting_query *next;
};

/* What only SNMPv3 needs; v3.c. */
struct nf_v3 {
	struct nf_usm_engine engine;
	bool discovering;	     /* the request under way is the engine's discovery */
	bool met;		     /* the engine answered in this process */
	uint8_t rediscoveries;	     /* in this query */
	uint8_t resyncs;	     /* in this query */
	bool hinted;		     /* this try got a report that nobody signed */
	uint8_t hints;		     /* tries of this request that did */
	char hint[200];		     /* what it said, for people */
	const struct nf_agent *twin; /* another device's agent with this engineID */
};

struct nf_agent {
	struct nf_asker *asker;
	const struct nf_device *device;
	const struct nf_leg *leg;
	const struct nf_snmp *snmp;
	const struct nf_credentials *credentials;
	struct nf_way *way;
	struct nf_agent *prev_agent, *next_agent; /* all of the asker */

	enum nf_agent_state state;
	int32_t id;	      /* of the request under way */
	uint32_t tries;	      /* of this request */
	int64_t sent_mono_us; /* the last try */
	int64_t rtt_us;	      /* of the last answer */
	struct nf_addr
		stranger; /* who answered in its place, and was not believed; family 0: nobody */
	int send_errno;	  /* of the last try, 0: it went out */
	struct nf_timer timer;
	struct nf_agent *next_to_send;
	UT_hash_handle hh; /* asker->waiting, by id */

	struct nf_waiting_query *first_query, *last_query;
	struct nf_walk *walk; /* of first_query, once it was sent */
	int64_t answered_wall_us;
	int64_t walk_began_mono_us;
	struct nf_manners manners;

	struct nf_v3 *v3; /* NULL unless version 3 */
};

struct nf_asker {
	uv_loop_t *loop;
	const struct nf_site *site;
	struct nf_codec *codec;
	struct nf_line_pool *pool;
	struct nf_credentials *credentials;
	struct nf_way *ways; /* one per network of the site */
	size_t ways_len;
	struct nf_agent *agents;  /* list */
	struct nf_agent *waiting; /* hash by id */
	struct nf_wheel wheel;
	uv_prepare_t flush; /* sends before the loop goes to sleep */
	uv_timer_t timer;
	struct nf_ask ask; /* scratch */
	int32_t id_pool[64];
	size_t id_pool_len;
	struct nf_asker_stats stats;
	bool closing;
	size_t open_handles;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* agent.c, called by asker.c. */

/* The credentials for the query under way; its texts are borrowed from `text`. */
#define NF_AGENT_LOGIN_MAX 300
struct nf_snmp_login nf_agent_login(
	const struct nf_agent *agent, char text[NF_AGENT_LOGIN_MAX]);

/* What to send now; false: nothing, the query has ended meanwhile. */
bool nf_agent_compose(struct nf_agent *agent, struct nf_ask *ask);
/* An answer that matched by id, source and version; bytes as nf_codec_decode wants them. True: it was
 * the answer, the request is over. */
bool nf_agent_take(struct nf_agent *agent, const struct nf_peek *peek, uint8_t *bytes,
	size_t len, struct nf_now now);
/* The request got no answer in time. */
void nf_agent_time_out(struct nf_agent *agent, struct nf_now now);
/* Ends all queries of the agent with this text. */
void nf_agent_stop(struct nf_agent *agent, const char *why);
/* Ends the first query; `why` only where state is not NF_RESULT_COMPLETE. After a time-out the others
 * that wait end the same way, unasked: a silent agent costs one sequence of tries. */
void nf_agent_finish(struct nf_agent *agent, enum nf_result_state state, const char *why);

/* v3.c, called by agent.c; each for agents with v3 only. */

/* A message that was decoded as a report. True: the request is over, or goes another way. */
bool nf_v3_report(struct nf_agent *agent, const struct nf_peek *peek,
	const struct nf_message *report, struct nf_now now);
/* A message that could not be taken as it is. True as above. */
bool nf_v3_doubt(struct nf_agent *agent, enum nf_decoded decoded);
/* The engine spoke; a device with the same engineID is found here. */
void nf_v3_met(struct nf_agent *agent);
/* A new query begins. */
void nf_v3_begin(struct nf_v3 *v3);
/* The agent goes or its engine changes: nobody is its twin any more. */
void nf_v3_leave(struct nf_agent *agent);

/* asker.c, called by agent.c. */

/* Loads what is not loaded yet. */
enum nf_err nf_asker_credentials(struct nf_asker *asker, const struct nf_snmp *snmp,
	const struct nf_credentials **out, struct nf_error *err);

/* Puts the agent into its network's row to be sent. resend: the same id again. */
void nf_asker_send(struct nf_agent *agent, bool resend);
/* The request is over: out of the row, the hash and the wheel. */
void nf_asker_forget(struct nf_agent *agent);
