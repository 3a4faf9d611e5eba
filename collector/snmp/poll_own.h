// SPDX-License-Identifier: GPL-3.0-or-later
/* poll_own: what the files of a poll share; nobody else includes it.
 * Shape:   poll.c asks, poll_end.c makes samples, answers and facts of the report.
 */
#pragma once

#include "collector/snmp/plan.h"
#include "collector/snmp/poll.h"
#include "collector/snmp/report_own.h"

struct nf_poller {
	struct nf_poller_options options;
};

#define NF_POLL_SILENT_MAX 2   /* groups in a row without an answer end the poll */
#define NF_POLL_VLANS_MAX  512 /* asked for in one poll */

/* The VLANs whose contexts are asked, after all else; poll_vlan.c. */
struct nf_poll_vlans {
	uint16_t *ids;
	size_t len, at, group; /* the next question: which VLAN, which of the groups */
	size_t lost, silent;   /* VLANs that did not show themselves; of these without a word */
	uint16_t first_lost;   /* VLAN */
	const char *unlisted;  /* why it is not known which VLANs there are; NULL: it is */
	bool known;	       /* ids are */
	bool spared;	       /* it had no contexts lately */
	bool asked, in_context; /* in_context: some context answered */
};

struct nf_poll_run {
	enum nf_poll_depth depth;
	nf_poll_fn *fn;
	void *arg;
	struct nf_report *report;
	size_t next;   /* entry of the plan */
	size_t silent; /* groups in a row that were not answered */
	struct nf_column columns[NF_FIELDS_MAX];
	struct nf_query query;
	struct nf_asked asked;
	struct nf_now now; /* of the last answer */
	struct nf_poll_vlans vlans;
};

struct nf_polled {
	struct nf_poller *poller;
	const struct nf_device *device;
	struct nf_agent *agent;
	const struct nf_profiles *profiles; /* the plan is made of these */
	bool planned;			    /* and for object_id */
	struct nf_plan plan;
	uint32_t *object_id; /* the plan is made for this one */
	size_t object_id_len;
	bool has_up_time;
	uint64_t up_time; /* hundredths, as last read */
	int64_t up_time_mono_us;
	/* Why it did not answer where something was said at least ("wrong key for user …"), NULL: nothing.
	 * The silence of its other address explains less. */
	char *refusal;
	struct nf_addr refused_at;
	int64_t no_contexts_mono_us; /* it answers in no VLAN's context; 0: not known */
	struct nf_poll_run *run;     /* NULL: none under way */
};

/* Asks the next table in the next VLAN's context, unless the agent fell silent; false: there is none (left), and what
 * is missing has its part. done(polled) when all are through. */
bool nf_poll_vlan_next(struct nf_polled *polled, void (*done)(struct nf_polled *polled));

/* Whether a forwarding table that is asked for VLAN by VLAN has rows. */
bool nf_poll_bridges(const struct nf_report *report);
/* Its end: the part of what is missing, and what was learned of the agent. */
void nf_poll_vlan_end(struct nf_polled *polled);

/* Samples, answers, facts. Returns what the judge wants next. */
enum nf_judge_next nf_poll_end(struct nf_polled *polled, struct nf_poll_run *run);
