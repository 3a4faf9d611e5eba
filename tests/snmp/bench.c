// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/snmp/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/store/folder.h"

static void bench_new(struct bench *b, struct rig *rig, uint16_t port)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_judge_options options = {
		.program = "netfold-snmp", .cycle_us = 60 * NF_US_PER_S, .once = true};
	char path[512];
	const char *folders[] = {path};

	b->rig = rig;
	snprintf(path, sizeof path, "%s/conf/profiles",
		getenv("NF_SRC") ? getenv("NF_SRC") : ".");
	assert_int_equal(nf_profiles_load(folders, 1, diags, &b->profiles), NF_OK);
	nf_diags_free(diags);
	b->device = rig_device(rig, "switch", BENCH_SWITCH, port);
	rig_simulate(rig, port,
		"127.0.14.0/24 synthetic:switch ports=8 down=1 hosts=2 arp=3 name=sw");
	rig_start(rig);
	b->agent = rig_agent(rig, b->device);
	snprintf(b->state_dir, sizeof b->state_dir, "%s/state", rig->dir);
	assert_int_equal(
		nf_store_open(b->state_dir, NF_STORE_WRITE, 1000, &b->store, NULL), NF_OK);
	assert_int_equal(
		nf_judge_new(&options, &rig->site, b->store, nf_clock_now(), &b->judge, NULL),
		NF_OK);
	assert_int_equal(
		nf_journal_open(b->state_dir, "netfold-snmp", &b->journal, NULL), NF_OK);
	b->poller = nf_poller_new(&(struct nf_poller_options){.profiles = b->profiles,
		.journal = b->journal,
		.judge = b->judge,
		.store = b->store,
		.cycle_us = 60 * NF_US_PER_S,
		.topology_us = 300 * NF_US_PER_S});
	b->polled = nf_polled_new(b->poller, b->device, b->agent);
}

void bench_free(struct bench *b)
{
	nf_polled_free(b->polled);
	nf_poller_free(b->poller);
	nf_journal_close(b->journal);
	nf_judge_free(b->judge);
	nf_store_close(b->store);
	nf_profiles_free(b->profiles);
	test_tree_remove(b->state_dir);
	free(b);
}

static void on_report(struct nf_polled *polled, const struct nf_report *report,
	enum nf_judge_next next, void *arg)
{
	struct bench *b = arg;
	const struct nf_part *interfaces = nf_report_part(report, "interfaces");
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);

	(void)polled;
	(void)next;
	b->done = true;
	uv_stop(&b->rig->loop); /* the answer may come just before the loop sleeps */
	b->answered = report->answered;
	b->complete = report->complete;
	b->restarted = report->restarted;
	b->parts = report->parts_len;
	b->interfaces = interfaces ? interfaces->records_len : 0;
	*b->alias = '\0';
	if (b->interfaces) {
		const struct nf_cell *alias =
			nf_report_cell(interfaces, interfaces->records, "ifAlias");

		if (alias->type == NF_CELL_OCTETS)
			snprintf(b->alias, sizeof b->alias, "%.*s", (int)alias->len,
				alias->octets);
	}
	snprintf(b->error, sizeof b->error, "%s", report->error);
	nf_report_json(report, &json);
	snprintf(b->json, sizeof b->json, "%s", text.data);
	nf_strbuf_free(&text);
}

void bench_poll(struct bench *b, enum nf_poll_depth depth)
{
	uint64_t before = nf_asker_stats(b->rig->asker).requests;

	b->done = false;
	nf_poll_start(b->polled, depth, on_report, b);
	while (!b->done)
		uv_run(&b->rig->loop, UV_RUN_ONCE);
	b->requests = nf_asker_stats(b->rig->asker).requests - before;
}

struct bench *bench_of(void **state, uint16_t port)
{
	struct bench *b = nf_xcalloc(1, sizeof *b);

	bench_new(b, *state, port);
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	if (!b->complete)
		fail_msg("%s", b->error);
	return b;
}

bool bench_has(struct bench *b, const char *check)
{
	return nf_judge_has(b->judge, b->device, check);
}

enum nf_state bench_state(struct bench *b, const char *check)
{
	return nf_judge_state(b->judge, b->device, check);
}

void bench_poll_until(
	struct bench *b, enum nf_poll_depth depth, const char *check, enum nf_state want)
{
	for (int i = 0; i < 8 && bench_state(b, check) != want; i++)
		bench_poll(b, depth);
	if (bench_state(b, check) != want)
		fail_msg("%s: %s", check, nf_state_text(bench_state(b, check)));
}
