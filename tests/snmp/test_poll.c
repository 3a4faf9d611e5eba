// SPDX-License-Identifier: GPL-3.0-or-later
/* One device polled again and again, by the shipped profiles, from a simulated switch that changes. */
#include "tests/test.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/poll.h"
#include "store/store.h"
#include "tests/snmp/rig.h"
#include "tests/store/folder.h"

#define PORT   16171
#define SWITCH "127.0.14.7"
#define IFTAB  "1.3.6.1.2.1.2.2.1"

struct bench {
	struct rig *rig;
	char state_dir[128];
	struct nf_profiles *profiles;
	struct nf_store *store;
	struct nf_judge *judge;
	struct nf_journal *journal;
	struct nf_poller *poller;
	struct nf_device *device;
	struct nf_agent *agent;
	struct nf_polled *polled;
	struct nf_report *report; /* of the last poll; borrowed while it lasts */
	bool done;
	/* what the callback noted of the report */
	bool answered, complete, restarted;
	size_t parts, interfaces;
	char alias[64], json[1 << 20], error[512];
	uint64_t requests;
};

static void bench_new(struct bench *b, struct rig *rig)
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
	b->device = rig_device(rig, "switch", SWITCH, PORT);
	rig_simulate(rig, PORT,
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

static void bench_free(struct bench *b)
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

static void poll_once(struct bench *b, enum nf_poll_depth depth)
{
	uint64_t before = nf_asker_stats(b->rig->asker).requests;

	b->done = false;
	nf_poll_start(b->polled, depth, on_report, b);
	while (!b->done)
		uv_run(&b->rig->loop, UV_RUN_ONCE);
	b->requests = nf_asker_stats(b->rig->asker).requests - before;
}

static struct bench *bench_of(void **state)
{
	struct bench *b = nf_xcalloc(1, sizeof *b);

	bench_new(b, *state);
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	if (!b->complete)
		fail_msg("%s", b->error);
	return b;
}

static bool has(struct bench *b, const char *check)
{
	return nf_judge_has(b->judge, b->device, check);
}

/* The soft state: what the last answer said is the judge's affair to confirm. */
static enum nf_state state_of(struct bench *b, const char *check)
{
	return nf_judge_state(b->judge, b->device, check);
}

/* As often as the judge needs to be sure. */
static void poll_until(
	struct bench *b, enum nf_poll_depth depth, const char *check, enum nf_state want)
{
	for (int i = 0; i < 8 && state_of(b, check) != want; i++)
		poll_once(b, depth);
	if (state_of(b, check) != want)
		fail_msg("%s: %s", check, nf_state_text(state_of(b, check)));
}

static void poll__cycle_after_topology__asks_less_and_knows_as_much(void **state)
{
	struct bench *b = bench_of(state);
	uint64_t whole = b->requests;
	char alias[64];

	assert_string_not_equal(b->alias, "");
	strcpy(alias, b->alias);
	size_t interfaces = b->interfaces;
	poll_once(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	assert_true(b->requests * 2 < whole);
	assert_int_equal(b->interfaces, interfaces);
	assert_string_equal(b->alias, alias);
	/* What it has not is not asked for again with the next topology. */
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_true(b->requests < whole);
	bench_free(b);
}

static void judge__port_goes_down__problem_unless_never_up_or_on_purpose(void **state)
{
	struct bench *b = bench_of(state);

	assert_true(has(b, "interface port3"));
	assert_int_equal(state_of(b, "interface port3"), NF_STATE_OK);
	assert_false(has(b, "interface port8")); /* never up */
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	rig_lie(*state, SWITCH, "value=" IFTAB ".7.3|2|2");
	poll_once(b, NF_POLL_CYCLE);
	assert_false(has(b, "interface port3"));
	bench_free(b);
}

static void judge__port_of_what_moved__ok_until_nobody_expects_it(void **state)
{
	struct bench *b = bench_of(state);
	json_t *vacated = json_pack("{s:{s:s}}", "switch", "port3", "files has moved away");
	struct nf_poller_options options = {.profiles = b->profiles,
		.journal = b->journal,
		.judge = b->judge,
		.store = b->store,
		.cycle_us = 60 * NF_US_PER_S,
		.topology_us = 300 * NF_US_PER_S,
		.vacated = vacated};

	nf_poller_reload(b->poller, &options);
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.4|2|2");
	poll_until(b, NF_POLL_CYCLE, "interface port4", NF_STATE_WARNING);
	assert_int_equal(state_of(b, "interface port3"), NF_STATE_OK);
	options.vacated = NULL;
	nf_poller_reload(b->poller, &options);
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	json_decref(vacated);
	bench_free(b);
}

static void settle(struct bench *b, int64_t settles_us)
{
	nf_poller_reload(b->poller, &(struct nf_poller_options){.profiles = b->profiles,
					    .journal = b->journal,
					    .judge = b->judge,
					    .store = b->store,
					    .cycle_us = 60 * NF_US_PER_S,
					    .topology_us = 300 * NF_US_PER_S,
					    .settles_us = settles_us});
}

static void judge__port_goes_down__no_problem_before_it_has_settled(void **state)
{
	struct bench *b = bench_of(state);

	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	rig_lie(*state, SWITCH, "ports=5");
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_false(has(b, "interface port3"));
	assert_false(has(b, "interface port7")); /* its row has vanished */
	rig_lie(*state, SWITCH, NULL);
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_OK);
	settle(b, 1);
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	/* What was missed once is missed again at once. */
	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, SWITCH, NULL);
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_OK);
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	bench_free(b);
}

static void judge__critical_port_goes_down__at_once(void **state)
{
	struct bench *b = bench_of(state);

	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, SWITCH, "value=1.3.6.1.2.1.31.1.1.1.18.3|4|uplink [critical]");
	rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
	poll_once(b, NF_POLL_TOPOLOGY); /* descriptions are read slowly */
	poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_CRITICAL);
	bench_free(b);
}

static void judge__row_vanishes__warning_then_ok_when_it_is_back(void **state)
{
	struct bench *b = bench_of(state);

	rig_lie(*state, SWITCH, "ports=5");
	poll_until(b, NF_POLL_TOPOLOGY, "interface port7", NF_STATE_WARNING);
	rig_lie(*state, SWITCH, NULL);
	poll_until(b, NF_POLL_TOPOLOGY, "interface port7", NF_STATE_OK);
	bench_free(b);
}

static void note_fact(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg)
{
	char *out = arg;

	(void)network;
	(void)device;
	(void)at_wall_us;
	if (strcmp(name, "interfaces") == 0)
		snprintf(out, 1 << 16, "%s", json);
}

static void poll__incomplete_table__changes_nothing_but_says_so(void **state)
{
	static const char *const lies[] = {
		"jump=" IFTAB ".10.3>" IFTAB ".10.2",
		"jump=" IFTAB ".10.3>1.3.6.1.2.1.1.1.0",
		"generr=" IFTAB ".10.5",
		"as=" IFTAB ".10:string",
	};
	struct bench *b = bench_of(state);
	char *before = nf_xcalloc(1, 1 << 16), *after = nf_xcalloc(1, 1 << 16);

	nf_store_facts(b->store, NULL, NULL, note_fact, before);
	assert_non_null(strstr(before, "ifPhysAddress"));
	/* Octets in 32 bits, so that these are asked for, and every port down: had it been believed, it
	 * would be seen. */
	NF_ROWS(i, lies)
	{
		rig_lie(*state, SWITCH, NULL);
		rig_lie(*state, SWITCH, "hide=1.3.6.1.2.1.31.1.1.1.6");
		rig_lie(*state, SWITCH, "value=" IFTAB ".8.3|2|2");
		rig_lie(*state, SWITCH, lies[i]);
		for (int n = 0; n < 5; n++)
			poll_once(b, NF_POLL_TOPOLOGY);
		assert_true(b->answered);
		assert_false(b->complete);
		if (!strstr(b->error, "interfaces: "))
			fail_msg("%s: %s", lies[i], b->error);
		assert_null(strstr(b->json, "\"interfaces\":["));
		assert_int_equal(state_of(b, "snmp tables"), NF_STATE_WARNING);
		assert_int_equal(state_of(b, "interface port3"), NF_STATE_OK);
		assert_true(has(b, "interface port5"));
	}
	nf_store_facts(b->store, NULL, NULL, note_fact, after);
	assert_string_equal(before, after);
	rig_lie(*state, SWITCH, NULL);
	poll_until(b, NF_POLL_TOPOLOGY, "snmp tables", NF_STATE_OK);
	free(before);
	free(after);
	bench_free(b);
}

static void poll__system__decides_plan_and_restart(void **state)
{
	struct bench *b = bench_of(state);

	poll_once(b, NF_POLL_CYCLE);
	assert_false(b->restarted);
	assert_null(strstr(b->json, "cpm"));
	size_t parts = b->parts;
	rig_lie(*state, SWITCH, "value=1.3.6.1.2.1.1.3.0|67|1");
	poll_once(b, NF_POLL_CYCLE);
	assert_true(b->restarted);
	rig_lie(*state, SWITCH, "value=1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.617");
	poll_once(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	assert_true(b->parts > parts); /* Cisco's tables, looked for */
	poll_once(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	bench_free(b);
}

static void poll__agent_silent__said_and_soon_over(void **state)
{
	struct bench *b = bench_of(state);

	rig_lie(*state, SWITCH, "silent");
	poll_once(b, NF_POLL_CYCLE);
	assert_false(b->answered);
	assert_non_null(strstr(b->error, "no answer"));
	assert_non_null(strstr(b->json, "\"answered\":false"));
	assert_true(b->requests <= 4);
	rig_lie(*state, SWITCH, NULL);
	rig_lie(*state, SWITCH, "die-after=3");
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	assert_false(b->complete);
	assert_true(b->requests <= 12);
	bench_free(b);
}

static void report__hostile_names__one_clean_line_of_json(void **state)
{
	static const char *const kinds[] = {
		"html", "ansi", "crlf", "bidi", "nul", "utf8", "path", "long", "empty"};
	struct bench *b = bench_of(state);

	NF_ROWS(i, kinds)
	{
		char lie[32];
		json_error_t error;

		snprintf(lie, sizeof lie, "hostile=%s", kinds[i]);
		rig_lie(*state, SWITCH, NULL);
		rig_lie(*state, SWITCH, lie);
		poll_once(b, NF_POLL_TOPOLOGY);
		assert_true(b->answered);
		for (const char *p = b->json; *p; p++) {
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				fail_msg("%s: control character", kinds[i]);
		}
		if (strlen(b->json) == sizeof b->json - 1)
			continue; /* cut by this test */
		json_t *json = json_loads(b->json, JSON_ALLOW_NUL, &error);
		if (!json)
			fail_msg("%s: %s", kinds[i], error.text);
		json_decref(json);
	}
	bench_free(b);
}

#define VTP "1.3.6.1.4.1.9.9.46.1.3.1.1"

/* A switch that shows forwarding tables VLAN by VLAN: of 1, 10 and 20, which does not operate. */
static void play_cisco(struct rig *rig)
{
	static const char *const words[] = {
		"object-id=1.3.6.1.4.1.9.1.617",
		"hide=1.3.6.1.2.1.17",
		"value=" VTP ".2.1.1|2|1",
		"value=" VTP ".3.1.1|2|1",
		"value=" VTP ".2.1.10|2|1",
		"value=" VTP ".3.1.10|2|1",
		"value=" VTP ".2.1.20|2|2",
		"value=" VTP ".3.1.20|2|1",
	};
	NF_ROWS(i, words)
	rig_lie(rig, SWITCH, words[i]);
}

static void forwarding__vlan_by_vlan__where_the_agent_wants_that(void **state)
{
	struct bench *b = bench_of(state);

	play_cisco(*state);
	rig_lie(*state, SWITCH, "contexts");
	poll_once(b, NF_POLL_TOPOLOGY);
	if (!b->complete)
		fail_msg("%s", b->error);
	const char *fdb = strstr(b->json, "\"fdb\":[{\"vlan\":10,\"port\":");
	assert_non_null(fdb);
	assert_non_null(strstr(fdb, "\"ifIndex\":"));
	assert_null(strstr(b->json, "\"vlan\":20"));
	bench_free(b);
}

static void forwarding__no_contexts__neither_broken_nor_asked_again(void **state)
{
	struct bench *b = bench_of(state);

	play_cisco(*state);
	poll_once(b, NF_POLL_TOPOLOGY);
	if (!b->complete)
		fail_msg("%s", b->error);
	assert_non_null(strstr(b->json, "\"fdb\":[]"));
	uint64_t timeouts = nf_asker_stats(b->rig->asker).timeouts;
	assert_true(timeouts > 0);
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_int_equal(nf_asker_stats(b->rig->asker).timeouts, timeouts);
	bench_free(b);
}

/* VLANs from 100 on, all in operation. */
static void list_vlans(struct rig *rig, unsigned len)
{
	struct nf_strbuf lines = {0};

	for (unsigned i = 0; i < 2 * len; i++)
		nf_strbuf_printf(&lines, "%s" VTP ".%u.1.%u|2|1",
			i ? "\n" : "value=", 2 + i / len, 100 + i % len);
	rig_lie(rig, SWITCH, lines.data);
	nf_strbuf_free(&lines);
}

static void forwarding__agent_dies_in_a_context__soon_over(void **state)
{
	struct bench *b = bench_of(state);
	uint64_t timeouts = nf_asker_stats(b->rig->asker).timeouts;

	play_cisco(*state);
	list_vlans(*state, 100);
	rig_lie(*state, SWITCH, "contexts");
	rig_lie(*state, SWITCH, "die-in=100");
	poll_once(b, NF_POLL_TOPOLOGY);
	assert_false(b->complete);
	assert_null(strstr(b->json, "\"fdb\":"));
	/* Two questions, each twice. */
	assert_int_equal(nf_asker_stats(b->rig->asker).timeouts, timeouts + 4);
	assert_int_equal(state_of(b, "snmp"), NF_STATE_WARNING);
	bench_free(b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(poll__cycle_after_topology__asks_less_and_knows_as_much),
		RIG_TEST(judge__port_goes_down__problem_unless_never_up_or_on_purpose),
		RIG_TEST(judge__port_goes_down__no_problem_before_it_has_settled),
		RIG_TEST(judge__critical_port_goes_down__at_once),
		RIG_TEST(judge__port_of_what_moved__ok_until_nobody_expects_it),
		RIG_TEST(judge__row_vanishes__warning_then_ok_when_it_is_back),
		RIG_TEST(poll__incomplete_table__changes_nothing_but_says_so),
		RIG_TEST(poll__system__decides_plan_and_restart),
		RIG_TEST(poll__agent_silent__said_and_soon_over),
		RIG_TEST(forwarding__vlan_by_vlan__where_the_agent_wants_that),
		RIG_TEST(forwarding__no_contexts__neither_broken_nor_asked_again),
		RIG_TEST(forwarding__agent_dies_in_a_context__soon_over),
		RIG_TEST(report__hostile_names__one_clean_line_of_json),
	};
	return NF_RUN(tests, argc, argv);
}
