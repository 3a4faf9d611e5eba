// SPDX-License-Identifier: GPL-3.0-or-later
/* poll: one look at one device through SNMP: what to ask next, and what becomes of the answers.
 * Shape:   the system group first (sysUpTime, sysObjectID: they decide which profiles apply), then the
 *          tables of each profile that matches, one query at a time through nf_agent_ask; in the end one
 *          report, and from it series samples (journal), answers (judge) and facts (store). A table that
 *          is not complete gives none of the three; the check "snmp tables" names it.
 * VLANs:   where an agent shows forwarding tables of one VLAN at a time, all of them are asked for; without one of
 *          them the table is not complete.
 * Learns:  which tables and columns a device has not, and asks for them once an hour instead of always;
 *          everything is asked again after sysObjectID changed or sysUpTime began anew.
 * Units:   microseconds.  Role: netfold-snmp and the command line; main thread, one libuv loop.
 * Memory:  a poller borrows what its options name; nf_polled borrows poller, device and agent.
 * Source:  DESIGN.md, "Series" and principle 6; conf/profile.h says what a profile is.
 */
#pragma once

#include "base/clock.h"
#include "checks/judge.h"
#include "collector/snmp/agent.h"
#include "collector/snmp/report.h"
#include "conf/profile.h"
#include "store/journal.h"
#include "store/store.h"

#include <jansson.h>

struct nf_poller;
struct nf_polled;

/* What all devices of a process share. Any of journal, judge, store may be NULL: no samples, no
 * answers, no facts. */
struct nf_poller_options {
	const struct nf_profiles *profiles;
	struct nf_journal *journal;
	struct nf_judge *judge;
	struct nf_store *store;
	int64_t cycle_us;    /* polling.snmp: step of the series, interval of the checks */
	int64_t topology_us; /* polling.topology: the same for what is read slowly */
	int64_t settles_us;  /* polling.port_settles */
	const json_t
		*vacated; /* ports expected to be down, checks/cutover/vacated.h; may be NULL */
};

struct nf_poller *nf_poller_new(const struct nf_poller_options *options);
void nf_poller_free(struct nf_poller *poller); /* takes; after every nf_polled of it */
/* After a reload. Old profiles may be freed afterwards; what was learned of devices is forgotten, the
 * memory of counters is kept. No poll may be under way. */
void nf_poller_reload(struct nf_poller *poller, const struct nf_poller_options *options);

/* What is kept of one device between polls: its plan, its counters, its slow columns. */
struct nf_polled *nf_polled_new(
	struct nf_poller *poller, const struct nf_device *device, struct nf_agent *agent);
/* Takes. Not while a poll is under way, except after nf_asker_close ended its queries. */
void nf_polled_free(struct nf_polled *polled);
/* The device and agent of a reloaded site; not while a poll is under way. */
void nf_polled_rebind(
	struct nf_polled *polled, const struct nf_device *device, struct nf_agent *agent);

enum nf_poll_depth {
	NF_POLL_CONFIRM, /* only what a judge wanted confirmed: no samples, no facts */
	NF_POLL_CYCLE,	 /* every polling.snmp */
	NF_POLL_TOPOLOGY, /* every polling.topology and the first time: the cycle, and all that is slow */
};

/* The report is the callee's until it returns. `next` is the most urgent of what the judge said to this
 * poll's answers: after NF_ASK_CONFIRM and NF_ASK_WAIT start an NF_POLL_CONFIRM when it is due. */
typedef void nf_poll_fn(struct nf_polled *polled, const struct nf_report *report,
	enum nf_judge_next next, void *arg);

/* fn is called exactly once, never before this returns; the next poll may be started from it. A poll
 * without a plan (first, new sysObjectID, restart) is a NF_POLL_TOPOLOGY whatever was asked for. */
void nf_poll_start(
	struct nf_polled *polled, enum nf_poll_depth depth, nf_poll_fn *fn, void *arg);
bool nf_poll_under_way(const struct nf_polled *polled);
