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
	struct nf_poll_run *run; /* NULL: none under way */
};

/* Samples, answers, facts. Returns what the judge wants next. */
enum nf_judge_next nf_poll_end(struct nf_polled *polled, struct nf_poll_run *run);
