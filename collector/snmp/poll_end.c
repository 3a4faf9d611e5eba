// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/answers.h"
#include "collector/snmp/poll_own.h"

#define WHY_MAX 400 /* bytes of what is wrong with the tables */

static struct nf_arena *arena_of(struct nf_report *report)
{
	return ((struct nf_report_memory *)report->memory)->arena;
}

static struct nf_plan_entry *entry_of(struct nf_plan *plan, const struct nf_group *group)
{
	for (size_t i = 0; i < plan->len; i++) {
		if (plan->entries[i].group == group)
			return &plan->entries[i];
	}
	return NULL;
}

/* "ifTable: an OID went backwards; dot1dTpFdbTable: …" */
static const char *what_is_missing(struct nf_report *report)
{
	struct nf_strbuf text = {0};
	const char *out = "";

	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (part->state == NF_RESULT_COMPLETE || text.len > WHY_MAX)
			continue;
		nf_strbuf_printf(
			&text, "%s%s: %s", text.len ? "; " : "", part->group->name, part->why);
	}
	if (text.len)
		out = nf_arena_strdup(arena_of(report), text.data);
	nf_strbuf_free(&text);
	return out;
}

static void complete_report(struct nf_report *report)
{
	nf_part_link(report->parts, report->parts_len, arena_of(report));
	report->complete = report->answered;
	for (size_t i = 0; i < report->parts_len; i++) {
		struct nf_part *part = &report->parts[i];

		if (part->state == NF_RESULT_COMPLETE)
			nf_part_name(part, arena_of(report));
		else
			report->complete = false;
	}
	if (report->answered && !report->complete)
		report->error = what_is_missing(report);
}

static void take_engine(struct nf_report *report, const struct nf_agent *agent)
{
	const uint8_t *id;
	uint32_t boots, time_s;
	size_t len;
	if (!report->answered || !nf_agent_engine(agent, &id, &len, &boots, &time_s))
		return;
	memcpy(report->engine_id, id, len);
	report->engine_id_len = len;
}

static void take_samples(struct nf_polled *polled, struct nf_poll_run *run)
{
	const struct nf_poller_options *options = &polled->poller->options;
	struct nf_sampling how = {.journal = options->journal,
		.network = polled->device->legs[0].network->id,
		.device = polled->device->name,
		.mono_us = run->now.mono_us,
		.restarted = run->report->restarted};

	for (size_t i = 0; i < run->report->parts_len; i++) {
		const struct nf_part *part = &run->report->parts[i];
		struct nf_plan_entry *entry = entry_of(&polled->plan, part->group);
		int64_t step_us =
			part->group->topology ? options->topology_us : options->cycle_us;

		if (part->state != NF_RESULT_COMPLETE || !entry)
			continue;
		how.step_s = (uint32_t)(step_us / NF_US_PER_S);
		nf_samples_take(&entry->samples, part, &how);
	}
}

static void judge_agent(
	struct nf_answers *a, const struct nf_polled *polled, const struct nf_poll_run *run)
{
	const struct nf_report *report = run->report;
	bool fell_silent = run->silent > 0;
	char text[40];

	snprintf(text, sizeof text, "answers, %lld ms",
		(long long)(nf_agent_rtt_us(polled->agent) / NF_US_PER_MS));
	if (!report->answered)
		nf_answers_say(a, "snmp", NF_STATE_CRITICAL, report->error, a->cycle_us);
	else if (fell_silent)
		nf_answers_say(a, "snmp", NF_STATE_WARNING,
			"the agent stopped answering in the middle", a->cycle_us);
	else
		nf_answers_say(a, "snmp", NF_STATE_OK, text, a->cycle_us);
	if (!report->answered || run->depth == NF_POLL_CONFIRM)
		return;
	if (!report->complete)
		nf_answers_say(a, "snmp tables", NF_STATE_WARNING, report->error,
			run->depth == NF_POLL_TOPOLOGY ? a->topology_us : a->cycle_us);
	else if (run->depth == NF_POLL_TOPOLOGY &&
		 nf_judge_has(a->judge, polled->device, "snmp tables"))
		nf_answers_say(a, "snmp tables", NF_STATE_OK, "every table is complete",
			a->topology_us);
}

static void judge_parts(struct nf_answers *a, struct nf_polled *polled, struct nf_poll_run *run)
{
	for (size_t i = 0; i < run->report->parts_len; i++) {
		const struct nf_part *part = &run->report->parts[i];
		struct nf_plan_entry *entry = entry_of(&polled->plan, part->group);

		if (part->state != NF_RESULT_COMPLETE || !entry)
			continue;
		entry->confirm = nf_answers_part(a, part) != NF_ASK_AS_USUAL;
	}
}

/* Whether everything was read that checks are made of: then what is not there any more is gone. Without the system group,
 * which is the first, nothing else was asked for. */
static bool knows_all_checks(const struct nf_report *report)
{
	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (part->state != NF_RESULT_COMPLETE &&
			(i == 0 || part->group->checks.len > 0))
			return false;
	}
	return report->answered;
}

static enum nf_judge_next judge(struct nf_polled *polled, struct nf_poll_run *run)
{
	const struct nf_poller_options *options = &polled->poller->options;
	struct nf_answers answers = {.judge = options->judge,
		.device = polled->device,
		.now = nf_clock_now(),
		.cycle_us = options->cycle_us,
		.topology_us = options->topology_us,
		.settles_us = options->settles_us,
		.vacated = options->vacated,
		.silent = !run->report->answered,
		.whole = run->report->answered && run->depth == NF_POLL_TOPOLOGY};
	const struct nf_group **groups = nf_xcalloc(polled->plan.len + 1, sizeof(*groups));

	for (size_t i = 0; i < polled->plan.len; i++)
		groups[i] = polled->plan.entries[i].group;
	judge_agent(&answers, polled, run);
	if (run->report->answered)
		judge_parts(&answers, polled, run);
	nf_answers_end(&answers, groups, polled->plan.len, knows_all_checks(run->report));
	if (run->report->answered)
		nf_judge_asked(options->judge, polled->device, answers.now);
	free(groups);
	return answers.next;
}

static void put_fact(struct nf_polled *polled, const struct nf_report *report, const char *name)
{
	struct nf_store *store = polled->poller->options.store;
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);

	if (nf_report_fact(report, name, &json))
		nf_store_fact_put(store, polled->device->legs[0].network->id,
			polled->device->name, name, text.data, report->answered_wall_us);
	nf_strbuf_free(&text);
}

/* Where the facts were asked for: a device that moves is asked at its new leg one day. */
static void put_leg(struct nf_polled *polled, const struct nf_report *report)
{
	const struct nf_leg *leg = nf_agent_leg(polled->agent);
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);
	char address[NF_ADDR_TEXT_MAX];

	nf_json_object(&json);
	nf_json_key(&json, "network");
	nf_json_puts(&json, leg->network->id);
	nf_json_key(&json, "address");
	nf_json_puts(&json, nf_addr_format(&leg->address, address));
	nf_json_end(&json);
	nf_store_fact_put(polled->poller->options.store, polled->device->legs[0].network->id,
		polled->device->name, "leg", text.data, report->answered_wall_us);
	nf_strbuf_free(&text);
}

/* In one transaction. A store that is busy misses them; they come again with the next topology. */
static void put_facts(struct nf_polled *polled, const struct nf_report *report)
{
	struct nf_store *store = polled->poller->options.store;

	if (nf_store_begin(store) != NF_OK)
		return;
	put_leg(polled, report);
	for (size_t i = 0; i < report->parts_len; i++) {
		const char *name = report->parts[i].group->report;
		bool first = name != NULL;

		for (size_t j = 0; first && j < i; j++)
			first = !report->parts[j].group->report ||
				strcmp(report->parts[j].group->report, name) != 0;
		if (first)
			put_fact(polled, report, name);
	}
	if (nf_store_commit(store) != NF_OK)
		nf_store_rollback(store);
}

enum nf_judge_next nf_poll_end(struct nf_polled *polled, struct nf_poll_run *run)
{
	const struct nf_poller_options *options = &polled->poller->options;
	enum nf_judge_next next = NF_ASK_AS_USUAL;

	complete_report(run->report);
	take_engine(run->report, polled->agent);
	if (options->journal && run->report->answered && run->depth != NF_POLL_CONFIRM)
		take_samples(polled, run);
	if (options->judge)
		next = judge(polled, run);
	if (options->store && run->report->answered && run->depth == NF_POLL_TOPOLOGY)
		put_facts(polled, run->report);
	return next;
}
