// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/poll.h"

#include <stdlib.h>
#include <string.h>

#include "collector/snmp/poll_own.h"

static void ask_next(struct nf_polled *polled);

struct nf_poller *nf_poller_new(const struct nf_poller_options *options)
{
	struct nf_poller *poller = nf_xcalloc(1, sizeof *poller);

	poller->options = *options;
	return poller;
}

void nf_poller_free(struct nf_poller *poller)
{
	free(poller);
}

void nf_poller_reload(struct nf_poller *poller, const struct nf_poller_options *options)
{
	poller->options = *options;
}

struct nf_polled *nf_polled_new(
	struct nf_poller *poller, const struct nf_device *device, struct nf_agent *agent)
{
	struct nf_polled *polled = nf_xcalloc(1, sizeof *polled);

	polled->poller = poller;
	polled->device = device;
	polled->agent = agent;
	return polled;
}

static void end_run(struct nf_polled *polled)
{
	if (!polled->run)
		return;
	nf_report_free(polled->run->report);
	free(polled->run->vlans.ids);
	free(polled->run);
	polled->run = NULL;
}

void nf_polled_free(struct nf_polled *polled)
{
	if (!polled)
		return;
	end_run(polled);
	nf_plan_empty(&polled->plan);
	free(polled->object_id);
	free(polled->refusal);
	free(polled);
}

static void forget_refusal(struct nf_polled *polled)
{
	free(polled->refusal);
	polled->refusal = NULL;
}

void nf_polled_rebind(
	struct nf_polled *polled, const struct nf_device *device, struct nf_agent *agent)
{
	if (polled->device != device) { /* a reload: other secrets, other addresses */
		forget_refusal(polled);
		polled->no_contexts_mono_us = 0;
	}
	polled->device = device;
	polled->agent = agent;
}

bool nf_poll_under_way(const struct nf_polled *polled)
{
	return polled->run != NULL;
}

static void finish(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	enum nf_judge_next next = nf_poll_end(polled, run);
	bool kept = false;

	/* The callee may start the next poll, or free us, or keep the report and free it at once. */
	polled->run = NULL;
	((struct nf_report_memory *)run->report->memory)->kept = &kept;
	run->fn(polled, run->report, next, run->arg);
	if (!kept)
		nf_report_free(run->report);
	free(run->vlans.ids);
	free(run);
}

static struct nf_arena *arena_of(struct nf_poll_run *run)
{
	return ((struct nf_report_memory *)run->report->memory)->arena;
}

/* Keeps the result for as long as the report lives, and makes its part. */
static struct nf_part *add_part(
	struct nf_polled *polled, struct nf_plan_entry *entry, struct nf_result *result)
{
	struct nf_poll_run *run = polled->run;
	struct nf_report *report = run->report;
	struct nf_report_memory *memory = report->memory;
	struct nf_part *part = &report->parts[report->parts_len++];
	bool known;

	run->now = nf_clock_now();
	memory->results[memory->results_len++] = result;
	known = nf_part_make(
		part, entry->group, result, &run->asked, entry->slow, memory->arena);
	entry->asked = true;
	if (run->depth != NF_POLL_CONFIRM)
		nf_plan_learn(entry, part, known, run->now.mono_us);
	return part;
}

static void on_answer(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct nf_polled *polled = arg;
	struct nf_poll_run *run = polled->run;
	enum nf_result_state state = result->state;

	(void)agent;
	add_part(polled, &polled->plan.entries[run->next++], result);
	run->silent = state == NF_RESULT_TIMEOUT ? run->silent + 1 : 0;
	ask_next(polled);
}

static void ask_entry(struct nf_polled *polled, struct nf_plan_entry *entry, nf_query_fn *fn)
{
	struct nf_poll_run *run = polled->run;
	size_t len = nf_plan_columns(entry, run->depth, run->columns, &run->asked);

	run->query = (struct nf_query){.columns = run->columns,
		.columns_len = len,
		.scalars = entry->group->scalars,
		.max_rows = entry->group->max_rows};
	nf_agent_ask(polled->agent, &run->query, fn, polled);
}

/* A part for what was to be asked of an agent that fell silent: it is not complete. */
static void add_unasked(struct nf_poll_run *run, const struct nf_group *group)
{
	struct nf_part *part = &run->report->parts[run->report->parts_len++];

	*part = (struct nf_part){.group = group,
		.state = NF_RESULT_TIMEOUT,
		.why = "not asked for: the agent stopped answering"};
}

static void ask_next(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	struct nf_plan *plan = &polled->plan;
	int64_t mono_us = run->now.mono_us;

	for (; run->next < plan->len; run->next++) {
		struct nf_plan_entry *entry = &plan->entries[run->next];

		if (!nf_plan_wants(plan, entry, run->depth, mono_us))
			continue;
		if (run->silent < NF_POLL_SILENT_MAX) {
			ask_entry(polled, entry, on_answer);
			return;
		}
		add_unasked(run, entry->group);
	}
	if (!nf_poll_vlan_next(polled, finish))
		finish(polled);
}

static const struct nf_cell *system_cell(const struct nf_part *part, uint8_t field)
{
	static const struct nf_cell absent;

	return part->records_len ? &part->records[0].cells[field] : &absent;
}

static void note_up_time(struct nf_polled *polled, const struct nf_cell *cell, int64_t mono_us)
{
	struct nf_poll_run *run = polled->run;
	/* Within three cycles of the last sample of an earlier process, perhaps. */
	uint64_t young = (uint64_t)(3 * polled->poller->options.cycle_us / (NF_US_PER_S / 100));

	if (cell->type != NF_CELL_UNSIGNED && cell->type != NF_CELL_INTEGER)
		return;
	if (polled->has_up_time)
		run->report->restarted = nf_uptime_restarted(
			polled->up_time, cell->number, mono_us - polled->up_time_mono_us);
	else
		run->report->restarted = cell->number > 0 && cell->number < young;
	polled->has_up_time = true;
	polled->up_time = cell->number;
	polled->up_time_mono_us = mono_us;
}

/* Another device, or the same with other software: everything learned is void. */
static void make_plan(struct nf_polled *polled, const struct nf_cell *object_id)
{
	size_t len = object_id->type == NF_CELL_OID ? object_id->len : 0;

	if (polled->planned && polled->object_id_len == len &&
		(len == 0 ||
			memcmp(polled->object_id, object_id->ids, len * sizeof(uint32_t)) == 0))
		return;
	nf_plan_make(&polled->plan, polled->profiles, len ? object_id->ids : NULL, len);
	free(polled->object_id);
	polled->object_id = nf_xcalloc(len + 1, sizeof *polled->object_id);
	if (len)
		memcpy(polled->object_id, object_id->ids, len * sizeof(uint32_t));
	polled->object_id_len = len;
	polled->no_contexts_mono_us = 0;
	polled->planned = true;
}

static void grow_report(struct nf_poll_run *run, size_t parts)
{
	struct nf_report_memory *memory = run->report->memory;

	run->report->parts =
		nf_xreallocarray(run->report->parts, parts + 1, sizeof *run->report->parts);
	memory->results =
		nf_xreallocarray(memory->results, parts + 1, sizeof(*memory->results));
}

/* A device with two addresses is asked at one after the other while it does not answer. */
static const char *why_unanswered(struct nf_polled *polled, const struct nf_result *result)
{
	const struct nf_addr *address = &nf_agent_leg(polled->agent)->address;

	if (result->state == NF_RESULT_REFUSED || nf_agent_said_something(polled->agent)) {
		forget_refusal(polled);
		polled->refusal = nf_xstrdup(result->why);
		polled->refused_at = *address;
	} else if (polled->refusal && nf_addr_equal(&polled->refused_at, address)) {
		forget_refusal(polled);
	}
	return polled->refusal ? polled->refusal : result->why;
}

static void on_system(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct nf_polled *polled = arg;
	struct nf_poll_run *run = polled->run;
	const struct nf_profiles *profiles = polled->profiles;
	const struct nf_part *part;

	(void)agent;
	part = add_part(polled, &polled->plan.entries[0], result);
	run->report->answered =
		result->state == NF_RESULT_COMPLETE || result->state == NF_RESULT_INCOMPLETE;
	run->report->answered_wall_us = result->answered_wall_us;
	if (run->report->answered)
		forget_refusal(polled);
	if (result->state != NF_RESULT_COMPLETE) {
		const char *why =
			run->report->answered ? result->why : why_unanswered(polled, result);

		run->report->error = nf_arena_strdup(arena_of(run), why);
		finish(polled);
		return;
	}
	note_up_time(polled, system_cell(part, profiles->sys_up_time), run->now.mono_us);
	make_plan(polled, system_cell(part, profiles->sys_object_id));
	if (run->report->restarted) {
		polled->no_contexts_mono_us = 0;
		for (size_t i = 1; i < polled->plan.len; i++)
			polled->plan.entries[i].refresh = true;
	}
	grow_report(run, polled->plan.len);
	run->next = 1;
	ask_next(polled);
}

void nf_poll_start(
	struct nf_polled *polled, enum nf_poll_depth depth, nf_poll_fn *fn, void *arg)
{
	struct nf_poll_run *run = nf_xcalloc(1, sizeof *run);

	if (polled->profiles != polled->poller->options.profiles) {
		/* Its groups become known with sysObjectID; until then it is the system group alone. */
		polled->profiles = polled->poller->options.profiles;
		polled->planned = false;
		nf_plan_begin(&polled->plan, polled->profiles);
	}
	run->depth = polled->planned ? depth : NF_POLL_TOPOLOGY;
	run->fn = fn;
	run->arg = arg;
	run->now = nf_clock_now();
	run->report = nf_report_new(polled->plan.len);
	polled->run = run;
	for (size_t i = 0; i < polled->plan.len; i++)
		polled->plan.entries[i].asked = false;
	ask_entry(polled, &polled->plan.entries[0], on_system);
}
