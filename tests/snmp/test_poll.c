// SPDX-License-Identifier: GPL-3.0-or-later
/* One device polled again and again, by the shipped profiles, from a simulated switch that changes. */
#include "tests/snmp/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT  16171
#define IFTAB "1.3.6.1.2.1.2.2.1"

static void poll__cycle_after_topology__asks_less_and_knows_as_much(void **state)
{
	struct bench *b = bench_of(state, PORT);
	uint64_t whole = b->requests;
	char alias[64];

	assert_string_not_equal(b->alias, "");
	strcpy(alias, b->alias);
	size_t interfaces = b->interfaces;
	bench_poll(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	assert_true(b->requests * 2 < whole);
	assert_int_equal(b->interfaces, interfaces);
	assert_string_equal(b->alias, alias);
	/* What it has not is not asked for again with the next topology. */
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->requests < whole);
	bench_free(b);
}

static void judge__port_goes_down__problem_unless_never_up_or_on_purpose(void **state)
{
	struct bench *b = bench_of(state, PORT);

	assert_true(bench_has(b, "interface port3"));
	assert_int_equal(bench_state(b, "interface port3"), NF_STATE_OK);
	assert_false(bench_has(b, "interface port8")); /* never up */
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".7.3|2|2");
	bench_poll(b, NF_POLL_CYCLE);
	assert_false(bench_has(b, "interface port3"));
	bench_free(b);
}

static void judge__port_of_what_moved__ok_until_nobody_expects_it(void **state)
{
	struct bench *b = bench_of(state, PORT);
	json_t *vacated = json_pack("{s:{s:s}}", "switch", "port3", "files has moved away");
	struct nf_poller_options options = {.profiles = b->profiles,
		.journal = b->journal,
		.judge = b->judge,
		.store = b->store,
		.cycle_us = 60 * NF_US_PER_S,
		.topology_us = 300 * NF_US_PER_S,
		.vacated = vacated};

	nf_poller_reload(b->poller, &options);
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.4|2|2");
	bench_poll_until(b, NF_POLL_CYCLE, "interface port4", NF_STATE_WARNING);
	assert_int_equal(bench_state(b, "interface port3"), NF_STATE_OK);
	options.vacated = NULL;
	nf_poller_reload(b->poller, &options);
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
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
	struct bench *b = bench_of(state, PORT);

	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	rig_lie(*state, BENCH_SWITCH, "ports=5");
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_false(bench_has(b, "interface port3"));
	assert_false(bench_has(b, "interface port7")); /* its row has vanished */
	rig_lie(*state, BENCH_SWITCH, NULL);
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_OK);
	settle(b, 1);
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	/* What was missed once is missed again at once. */
	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, BENCH_SWITCH, NULL);
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_OK);
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_WARNING);
	bench_free(b);
}

static void judge__critical_port_goes_down__at_once(void **state)
{
	struct bench *b = bench_of(state, PORT);

	settle(b, 86400 * NF_US_PER_S);
	rig_lie(*state, BENCH_SWITCH, "value=1.3.6.1.2.1.31.1.1.1.18.3|4|uplink [critical]");
	rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
	bench_poll(b, NF_POLL_TOPOLOGY); /* descriptions are read slowly */
	bench_poll_until(b, NF_POLL_CYCLE, "interface port3", NF_STATE_CRITICAL);
	bench_free(b);
}

static void judge__row_vanishes__warning_then_ok_when_it_is_back(void **state)
{
	struct bench *b = bench_of(state, PORT);

	rig_lie(*state, BENCH_SWITCH, "ports=5");
	bench_poll_until(b, NF_POLL_TOPOLOGY, "interface port7", NF_STATE_WARNING);
	rig_lie(*state, BENCH_SWITCH, NULL);
	bench_poll_until(b, NF_POLL_TOPOLOGY, "interface port7", NF_STATE_OK);
	bench_free(b);
}

/* After such a system group nothing else is asked for. */
static void judge__system_not_whole__no_row_vanishes(void **state)
{
	struct bench *b = bench_of(state, PORT);

	rig_lie(*state, BENCH_SWITCH, "generr=1.3.6.1.2.1.1.4");
	for (int i = 0; i < 5; i++)
		bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	assert_int_equal(b->parts, 1);
	assert_int_equal(bench_state(b, "interface port3"), NF_STATE_OK);
	assert_true(bench_has(b, "interface port3"));
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
	struct bench *b = bench_of(state, PORT);
	char *before = nf_xcalloc(1, 1 << 16), *after = nf_xcalloc(1, 1 << 16);

	nf_store_facts(b->store, NULL, NULL, note_fact, before);
	assert_non_null(strstr(before, "ifPhysAddress"));
	/* Octets in 32 bits, so that these are asked for, and every port down: had it been believed, it
	 * would be seen. */
	NF_ROWS(i, lies)
	{
		rig_lie(*state, BENCH_SWITCH, NULL);
		rig_lie(*state, BENCH_SWITCH, "hide=1.3.6.1.2.1.31.1.1.1.6");
		rig_lie(*state, BENCH_SWITCH, "value=" IFTAB ".8.3|2|2");
		rig_lie(*state, BENCH_SWITCH, lies[i]);
		for (int n = 0; n < 5; n++)
			bench_poll(b, NF_POLL_TOPOLOGY);
		assert_true(b->answered);
		assert_false(b->complete);
		if (!strstr(b->error, "interfaces: "))
			fail_msg("%s: %s", lies[i], b->error);
		assert_null(strstr(b->json, "\"interfaces\":["));
		assert_int_equal(bench_state(b, "snmp tables"), NF_STATE_WARNING);
		assert_int_equal(bench_state(b, "interface port3"), NF_STATE_OK);
		assert_true(bench_has(b, "interface port5"));
	}
	nf_store_facts(b->store, NULL, NULL, note_fact, after);
	assert_string_equal(before, after);
	rig_lie(*state, BENCH_SWITCH, NULL);
	bench_poll_until(b, NF_POLL_TOPOLOGY, "snmp tables", NF_STATE_OK);
	free(before);
	free(after);
	bench_free(b);
}

static void poll__system__decides_plan_and_restart(void **state)
{
	struct bench *b = bench_of(state, PORT);

	bench_poll(b, NF_POLL_CYCLE);
	assert_false(b->restarted);
	assert_null(strstr(b->json, "cpm"));
	size_t parts = b->parts;
	rig_lie(*state, BENCH_SWITCH, "value=1.3.6.1.2.1.1.3.0|67|1");
	bench_poll(b, NF_POLL_CYCLE);
	assert_true(b->restarted);
	rig_lie(*state, BENCH_SWITCH, "value=1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.617");
	bench_poll(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	assert_true(b->parts > parts); /* Cisco's tables, looked for */
	bench_poll(b, NF_POLL_CYCLE);
	assert_true(b->complete);
	bench_free(b);
}

static void poll__agent_silent__said_and_soon_over(void **state)
{
	struct bench *b = bench_of(state, PORT);

	rig_lie(*state, BENCH_SWITCH, "silent");
	bench_poll(b, NF_POLL_CYCLE);
	assert_false(b->answered);
	assert_non_null(strstr(b->error, "no answer"));
	assert_non_null(strstr(b->json, "\"answered\":false"));
	assert_true(b->requests <= 4);
	rig_lie(*state, BENCH_SWITCH, NULL);
	rig_lie(*state, BENCH_SWITCH, "die-after=3");
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	assert_false(b->complete);
	assert_true(b->requests <= 12);
	bench_free(b);
}

static void report__hostile_names__one_clean_line_of_json(void **state)
{
	static const char *const kinds[] = {
		"html", "ansi", "crlf", "bidi", "nul", "utf8", "path", "long", "empty"};
	struct bench *b = bench_of(state, PORT);

	NF_ROWS(i, kinds)
	{
		char lie[32];
		json_error_t error;

		snprintf(lie, sizeof lie, "hostile=%s", kinds[i]);
		rig_lie(*state, BENCH_SWITCH, NULL);
		rig_lie(*state, BENCH_SWITCH, lie);
		bench_poll(b, NF_POLL_TOPOLOGY);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(poll__cycle_after_topology__asks_less_and_knows_as_much),
		RIG_TEST(judge__port_goes_down__problem_unless_never_up_or_on_purpose),
		RIG_TEST(judge__port_goes_down__no_problem_before_it_has_settled),
		RIG_TEST(judge__critical_port_goes_down__at_once),
		RIG_TEST(judge__port_of_what_moved__ok_until_nobody_expects_it),
		RIG_TEST(judge__row_vanishes__warning_then_ok_when_it_is_back),
		RIG_TEST(judge__system_not_whole__no_row_vanishes),
		RIG_TEST(poll__incomplete_table__changes_nothing_but_says_so),
		RIG_TEST(poll__system__decides_plan_and_restart),
		RIG_TEST(poll__agent_silent__said_and_soon_over),
		RIG_TEST(report__hostile_names__one_clean_line_of_json),
	};
	return NF_RUN(tests, argc, argv);
}
