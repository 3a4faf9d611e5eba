// SPDX-License-Identifier: GPL-3.0-or-later
/* Tables that an agent shows of one VLAN at a time: asked again in the context of every VLAN. Cisco's switches
 * do so: community string indexing, and contexts vlan-N for SNMPv3. */
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/poll_own.h"

#define VLANS_MAX      512
#define ANEW_US	       (3600 * NF_US_PER_S) /* an agent without contexts is asked again */
#define VLAN_DEFAULT   1		    /* what it shows without a context */
#define STATE_OPERATES 1		    /* vtpVlanState, vtpVlanType: CISCO-VTP-MIB */
#define TYPE_ETHERNET  1

static int64_t number_in(
	const struct nf_part *part, const struct nf_record *record, const char *field)
{
	const struct nf_cell *cell = nf_report_cell(part, record, field);

	if (!cell || (cell->type != NF_CELL_INTEGER && cell->type != NF_CELL_UNSIGNED))
		return 0;
	return cell->integer;
}

static void find_vlans(struct nf_polled *polled, struct nf_poll_run *run)
{
	const struct nf_part *vlans = nf_report_part(run->report, "vtpVlanTable");
	const struct nf_part *whole = nf_report_part(run->report, "dot1qTpFdbTable");

	if (!vlans || (whole && whole->records_len > 0) ||
		(polled->no_contexts_mono_us &&
			run->now.mono_us - polled->no_contexts_mono_us < ANEW_US))
		return;
	run->vlans = nf_xcalloc(vlans->records_len + 1, sizeof *run->vlans);
	for (size_t i = 0; i < vlans->records_len && run->vlans_len < VLANS_MAX; i++) {
		const struct nf_record *r = &vlans->records[i];
		int64_t vlan = number_in(vlans, r, "vtpVlanIndex");

		if (vlan > VLAN_DEFAULT && vlan < 4095 &&
			number_in(vlans, r, "vtpVlanState") == STATE_OPERATES &&
			number_in(vlans, r, "vtpVlanType") == TYPE_ETHERNET)
			run->vlans[run->vlans_len++] = (uint16_t)vlan;
	}
}

static size_t groups_of(const struct nf_plan *plan, size_t wanted, const struct nf_group **out)
{
	size_t len = 0;

	for (size_t i = 0; i < plan->len; i++) {
		if (!plan->entries[i].group->per_vlan)
			continue;
		if (len++ == wanted)
			*out = plan->entries[i].group;
	}
	return len;
}

static void make_room(struct nf_poll_run *run, size_t more)
{
	struct nf_report_memory *memory = run->report->memory;
	size_t parts = run->report->parts_len + more + 1;
	size_t results = memory->results_len + more + 1;

	run->report->parts =
		nf_xreallocarray(run->report->parts, parts, sizeof *run->report->parts);
	memory->results = nf_xreallocarray(memory->results, results, sizeof(*memory->results));
}

/* What is under way, and what becomes of it. */
struct question {
	struct nf_polled *polled;
	const struct nf_group *group;
	void (*done)(struct nf_polled *polled);
};

static void keep(
	struct nf_poll_run *run, const struct nf_group *group, struct nf_result *result)
{
	struct nf_report_memory *memory = run->report->memory;
	struct nf_part *part = &run->report->parts[run->report->parts_len++];

	memory->results[memory->results_len++] = result;
	nf_part_make(part, group, result, &run->asked, NULL, memory->arena);
	part->vlan = run->query.vlan;
	run->in_context = true;
}

static void on_answer(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct question *q = arg;
	struct nf_polled *polled = q->polled;
	struct nf_poll_run *run = polled->run;
	void (*done)(struct nf_polled *) = q->done;
	bool silent = result->state == NF_RESULT_TIMEOUT;

	(void)agent;
	run->now = nf_clock_now();
	if (result->state == NF_RESULT_REFUSED || (silent && !run->in_context)) {
		/* It has no such context; an agent that knows none at all says nothing. */
		nf_result_free(result);
		if (silent) {
			polled->no_contexts_mono_us = run->now.mono_us;
			run->vlans_len = 0;
		}
	} else {
		keep(run, q->group, result);
		run->silent = silent ? run->silent + 1 : 0;
	}
	free(q);
	if (!nf_poll_vlan_next(polled, done))
		done(polled);
}

bool nf_poll_vlan_next(struct nf_polled *polled, void (*done)(struct nf_polled *polled))
{
	struct nf_poll_run *run = polled->run;
	const struct nf_group *group = NULL;
	size_t groups = groups_of(&polled->plan, 0, &group);

	if (run->depth != NF_POLL_TOPOLOGY || groups == 0)
		return false;
	if (!run->vlans_known) {
		run->vlans_known = true;
		find_vlans(polled, run);
		make_room(run, run->vlans_len * groups);
	}
	if (run->vlan_at >= run->vlans_len * groups || run->silent >= NF_POLL_SILENT_MAX)
		return false;
	groups_of(&polled->plan, run->vlan_at % groups, &group);
	const struct nf_plan_entry full = {.group = group, .refresh = true};
	size_t len = nf_plan_columns(&full, run->depth, run->columns, &run->asked);
	struct question *q = nf_xmalloc(sizeof *q);
	*q = (struct question){polled, group, done};
	run->query = (struct nf_query){.columns = run->columns,
		.columns_len = len,
		.max_rows = group->max_rows,
		.vlan = run->vlans[run->vlan_at / groups]};
	run->vlan_at++;
	nf_agent_ask(polled->agent, &run->query, on_answer, q);
	return true;
}
