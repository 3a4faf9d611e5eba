// SPDX-License-Identifier: GPL-3.0-or-later
/* Tables that an agent shows of one VLAN at a time: asked again in the context of every VLAN. Cisco's switches
 * do so: community string indexing, and contexts vlan-N for SNMPv3. */
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/poll_own.h"

#define SILENT_VLANS   3 /* so many contexts without an answer: the others are not waited for */
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

static bool operates(const struct nf_part *vlans, const struct nf_record *record)
{
	int64_t vlan = number_in(vlans, record, "vtpVlanIndex");

	return vlan > VLAN_DEFAULT && vlan < 4095 &&
	       number_in(vlans, record, "vtpVlanState") == STATE_OPERATES &&
	       number_in(vlans, record, "vtpVlanType") == TYPE_ETHERNET;
}

/* A table of VLANs that was looked for, now or lately, and is not there. Every switch of this make has VLAN 1. */
static bool hides_vlans(const struct nf_polled *polled)
{
	const struct nf_plan *plan = &polled->plan;

	for (size_t i = 0; polled->device->kind == NF_KIND_SWITCH && i < plan->len; i++) {
		const struct nf_plan_entry *entry = &plan->entries[i];

		if (strcmp(entry->group->name, "vtpVlanTable") == 0)
			return entry->known && !entry->present;
	}
	return false;
}

bool nf_poll_bridges(const struct nf_report *report)
{
	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (part->group->per_vlan && part->group->report && part->records_len > 0)
			return true;
	}
	return false;
}

static void find_vlans(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	const struct nf_part *vlans = nf_report_part(run->report, "vtpVlanTable");
	const struct nf_part *whole = nf_report_part(run->report, "dot1qTpFdbTable");
	struct nf_poll_vlans *v = &run->vlans;

	if (whole && (whole->records_len > 0 || whole->state != NF_RESULT_COMPLETE))
		return;
	if (hides_vlans(polled) && nf_poll_bridges(run->report))
		v->unlisted = "may show VLAN 1 alone: the switch lists no VLANs, "
			      "its view must include CISCO-VTP-MIB (1.3.6.1.4.1.9.9.46)";
	if (!vlans)
		return;
	if (vlans->state != NF_RESULT_COMPLETE)
		v->unlisted = "needs vtpVlanTable, which is not complete";
	v->ids = nf_xcalloc(vlans->records_len + 1, sizeof *v->ids);
	for (size_t i = 0; i < vlans->records_len; i++) {
		const struct nf_record *r = &vlans->records[i];

		if (operates(vlans, r))
			v->ids[v->len++] = (uint16_t)number_in(vlans, r, "vtpVlanIndex");
	}
}

/* The group of this number among those that are asked VLAN by VLAN; NULL: there are not so many. */
static const struct nf_group *group_of(const struct nf_plan *plan, size_t number)
{
	for (size_t i = 0; i < plan->len; i++) {
		if (plan->entries[i].group->per_vlan && number-- == 0)
			return plan->entries[i].group;
	}
	return NULL;
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

static void begin(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	struct nf_poll_vlans *v = &run->vlans;
	size_t groups = 0;

	while (group_of(&polled->plan, groups))
		groups++;
	v->known = true;
	find_vlans(polled);
	v->spared = polled->no_contexts_mono_us &&
		    run->now.mono_us - polled->no_contexts_mono_us < ANEW_US;
	/* Those that are missing have a part of their own. */
	make_room(run, (v->len + 1) * groups);
}

/* What is under way, and what becomes of it. */
struct question {
	struct nf_polled *polled;
	const struct nf_group *group;
	void (*done)(struct nf_polled *polled);
};

static void go_on(struct question *q)
{
	struct nf_polled *polled = q->polled;
	void (*done)(struct nf_polled *) = q->done;

	free(q);
	if (!nf_poll_vlan_next(polled, done))
		done(polled);
}

static void on_sign_of_life(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct question *q = arg;
	struct nf_poll_run *run = q->polled->run;

	(void)agent;
	run->now = nf_clock_now();
	run->silent = result->state == NF_RESULT_TIMEOUT ? run->silent + 1 : 0;
	nf_result_free(result);
	go_on(q);
}

/* Silence is all that community@VLAN gets where there is no such context. Whether the agent is still there is seen
 * without one. */
static void ask_for_a_sign_of_life(struct question *q)
{
	struct nf_poll_run *run = q->polled->run;
	struct nf_plan_entry *system = &q->polled->plan.entries[0];
	size_t len = nf_plan_columns(system, run->depth, run->columns, &run->asked);

	run->query = (struct nf_query){
		.columns = run->columns, .columns_len = len, .scalars = system->group->scalars};
	nf_agent_ask(q->polled->agent, &run->query, on_sign_of_life, q);
}

static void keep(
	struct nf_poll_run *run, const struct nf_group *group, struct nf_result *result)
{
	struct nf_report_memory *memory = run->report->memory;
	struct nf_part *part = &run->report->parts[run->report->parts_len++];

	memory->results[memory->results_len++] = result;
	nf_part_make(part, group, result, &run->asked, NULL, memory->arena);
	part->vlan = run->query.vlan;
}

/* The VLAN is not shown: nothing else is asked of it. */
static void lose(struct nf_poll_vlans *v)
{
	if (v->lost++ == 0)
		v->first_lost = v->ids[v->at];
	v->at++;
	v->group = 0;
}

static void on_answer(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct question *q = arg;
	struct nf_poll_run *run = q->polled->run;
	struct nf_poll_vlans *v = &run->vlans;
	bool silent = result->state == NF_RESULT_TIMEOUT;
	bool answered = result->state != NF_RESULT_REFUSED &&
			(!silent || result->answered_wall_us != 0);

	(void)agent;
	run->now = nf_clock_now();
	run->silent = silent ? run->silent + 1 : 0;
	v->silent += silent;
	v->in_context = v->in_context || answered;
	if (!silent && answered) {
		keep(run, q->group, result);
		go_on(q);
		return;
	}
	nf_result_free(result);
	lose(v);
	if (silent)
		ask_for_a_sign_of_life(q);
	else
		go_on(q);
}

static const struct nf_group *next_group(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	struct nf_poll_vlans *v = &run->vlans;
	const struct nf_group *group = group_of(&polled->plan, v->group);

	if (!group && v->group > 0) {
		v->at++;
		v->group = 0;
		group = group_of(&polled->plan, 0);
	}
	if (v->spared || v->at >= v->len || v->at >= NF_POLL_VLANS_MAX ||
		run->silent >= NF_POLL_SILENT_MAX || v->silent >= SILENT_VLANS)
		return NULL;
	v->group++;
	return group;
}

bool nf_poll_vlan_next(struct nf_polled *polled, void (*done)(struct nf_polled *polled))
{
	struct nf_poll_run *run = polled->run;
	struct nf_poll_vlans *v = &run->vlans;

	if (run->depth != NF_POLL_TOPOLOGY || !group_of(&polled->plan, 0))
		return false;
	if (!v->known)
		begin(polled);
	const struct nf_group *group = next_group(polled);
	if (!group) {
		nf_poll_vlan_end(polled);
		return false;
	}
	const struct nf_plan_entry full = {.group = group, .refresh = true};
	size_t len = nf_plan_columns(&full, run->depth, run->columns, &run->asked);
	struct question *q = nf_xmalloc(sizeof *q);
	*q = (struct question){polled, group, done};
	run->query = (struct nf_query){.columns = run->columns,
		.columns_len = len,
		.max_rows = group->max_rows,
		.vlan = v->ids[v->at]};
	v->asked = true;
	nf_agent_ask(polled->agent, &run->query, on_answer, q);
	return true;
}
