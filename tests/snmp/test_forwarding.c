// SPDX-License-Identifier: GPL-3.0-or-later
/* Forwarding tables: what is whole, and what is not, of a simulated switch that shows them VLAN by VLAN. */
#include "tests/snmp/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT   16173
#define VTP    "1.3.6.1.4.1.9.9.46.1.3.1.1"

#define ONLY_Q "1.3.6.1.2.1.17.7.1.2.2.1"

/* What was emptied for a moment, or is empty at night, is half of a table whose other half has rows. */
static void forwarding__half_was_empty__asked_again_with_the_other(void **state)
{
	static const char only_in_q[] = "\"mac\":\"02:00:00:00:00:09\"";
	struct bench *b = bench_of(state, PORT);

	rig_lie(*state, BENCH_SWITCH, "value=" ONLY_Q ".2.1.2.0.0.0.0.9|2|3");
	rig_lie(*state, BENCH_SWITCH, "value=" ONLY_Q ".3.1.2.0.0.0.0.9|2|3");
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_non_null(strstr(b->json, only_in_q));
	rig_lie(*state, BENCH_SWITCH, "hide=" ONLY_Q ",1.3.6.1.2.1.17.1.4");
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->complete);
	assert_null(strstr(b->json, only_in_q));
	rig_lie(*state, BENCH_SWITCH, "hide=");
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->complete);
	assert_non_null(strstr(b->json, only_in_q));
	assert_non_null(strstr(strstr(b->json, "\"fdb\":[{"), "\"ifIndex\":"));
	bench_free(b);
}

/* A switch that shows forwarding tables VLAN by VLAN: of 1, 10, 30 and 20, which does not operate. */
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
		"value=" VTP ".2.1.30|2|1",
		"value=" VTP ".3.1.30|2|1",
	};
	rig_lie(rig, BENCH_SWITCH, NULL);
	NF_ROWS(i, words)
	rig_lie(rig, BENCH_SWITCH, words[i]);
}

static struct bench *cisco_of(void **state)
{
	struct bench *b = bench_of(state, PORT);

	b->device->kind = NF_KIND_SWITCH;
	play_cisco(*state);
	return b;
}

/* From now on it is asked by SNMPv3, and nothing is judged. */
static void ask_by_v3(struct bench *b)
{
	static const char *const words[] = {
		"user=reader", "auth=sha", "auth-key=a good passphrase"};
	struct nf_device *device = rig_device(b->rig, "switch-v3", BENCH_SWITCH, PORT);

	NF_ROWS(i, words)
	rig_lie(b->rig, BENCH_SWITCH, words[i]);
	rig_v3(b->rig, device, "reader", NF_SNMP_AUTH_NOPRIV, NF_AUTH_SHA, "a good passphrase",
		NF_PRIV_AES, NULL);
	device->kind = NF_KIND_SWITCH;
	nf_polled_free(b->polled);
	nf_poller_reload(b->poller, &(struct nf_poller_options){.profiles = b->profiles,
					    .cycle_us = 60 * NF_US_PER_S,
					    .topology_us = 300 * NF_US_PER_S});
	b->polled = nf_polled_new(b->poller, device, rig_agent(b->rig, device));
}

static void forwarding__vlan_by_vlan__where_the_agent_wants_that(void **state)
{
	struct bench *b = cisco_of(state);

	rig_lie(*state, BENCH_SWITCH, "contexts");
	bench_poll(b, NF_POLL_TOPOLOGY);
	if (!b->complete)
		fail_msg("%s", b->error);
	const char *fdb = strstr(b->json, "\"fdb\":[{\"vlan\":10,\"port\":");
	assert_non_null(fdb);
	assert_non_null(strstr(fdb, "\"ifIndex\":"));
	assert_null(strstr(b->json, "\"vlan\":20"));
	ask_by_v3(b);
	bench_poll(b, NF_POLL_TOPOLOGY);
	if (!b->complete)
		fail_msg("%s", b->error);
	assert_non_null(strstr(b->json, "\"fdb\":[{\"vlan\":10,\"port\":"));
	bench_free(b);
}

static void note_fdb_time(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg)
{
	(void)network;
	(void)device;
	(void)json;
	if (strcmp(name, "fdb") == 0)
		*(int64_t *)arg = at_wall_us;
}

static int64_t fdb_fact(struct bench *b)
{
	int64_t at_us = 0;

	nf_store_facts(b->store, NULL, NULL, note_fdb_time, &at_us);
	return at_us;
}

/* No table, no fact, and the reason has all of these. */
static void want_no_fdb(struct bench *b, const char *const *reasons)
{
	int64_t before_us = fdb_fact(b);

	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->answered);
	assert_false(b->complete);
	assert_null(strstr(b->json, "\"fdb\":"));
	assert_true(before_us > 0);
	assert_int_equal(fdb_fact(b), before_us);
	for (; *reasons; reasons++) {
		if (!strstr(b->error, *reasons))
			fail_msg("no \"%s\" in: %s", *reasons, b->error);
	}
}

static void forwarding__no_contexts__is_not_the_whole_table(void **state)
{
	static const char *const why[] = {
		"dot1dTpFdbTable: shows VLAN 1 alone, not VLAN 10 and 1 more", "@10 behind it",
		NULL};
	struct bench *b = cisco_of(state);

	want_no_fdb(b, why);
	assert_int_equal(bench_state(b, "snmp"), NF_STATE_OK);
	assert_int_equal(bench_state(b, "snmp tables"), NF_STATE_WARNING);
	/* For an hour that is known, and not asked again. */
	uint64_t timeouts = nf_asker_stats(b->rig->asker).timeouts;
	assert_true(timeouts > 0);
	want_no_fdb(b, why);
	assert_int_equal(nf_asker_stats(b->rig->asker).timeouts, timeouts);
	/* Nobody misses the tables of what bridges nothing. */
	b->device->kind = NF_KIND_ROUTER;
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->complete);
	bench_free(b);
}

static void forwarding__no_contexts__a_port_is_missed_all_the_same(void **state)
{
	struct bench *b = cisco_of(state);

	assert_int_equal(bench_state(b, "interface port7"), NF_STATE_OK);
	rig_lie(*state, BENCH_SWITCH, "ports=5");
	bench_poll_until(b, NF_POLL_TOPOLOGY, "interface port7", NF_STATE_WARNING);
	assert_false(b->complete);
	bench_free(b);
}

static void forwarding__contexts_refused__is_not_the_whole_table(void **state)
{
	struct bench *b = cisco_of(state);

	rig_lie(*state, BENCH_SWITCH, "contexts");
	rig_lie(*state, BENCH_SWITCH, "refuse-in=all");
	want_no_fdb(b, (const char *[]){"shows VLAN 1 alone, not VLAN 10 and 1 more", NULL});
	uint64_t asked = b->requests;
	assert_int_equal(bench_state(b, "snmp"), NF_STATE_OK);
	want_no_fdb(b, (const char *[]){"shows VLAN 1 alone, not VLAN 10 and 1 more", NULL});
	assert_true(b->requests < asked);
	ask_by_v3(b);
	want_no_fdb(
		b, (const char *[]){"allow user reader the context vlan-10",
			   "snmp-server group GROUP v3 auth context vlan- match prefix", NULL});
	bench_free(b);
}

/* What is lost once is there again with the next look. */
static void forwarding__one_context_missing__is_not_the_whole_table(void **state)
{
	static const struct {
		const char *lie, *why;
	} rows[] = {
		{"silent-in=10", "dot1dTpFdbTable: shows nothing of VLAN 10: "},
		{"silent-in=30", "dot1dTpFdbTable: shows nothing of VLAN 30: "},
		{"refuse-in=10", "dot1dTpFdbTable: shows nothing of VLAN 10: "},
		{"refuse-in=30", "dot1dTpFdbTable: shows nothing of VLAN 30: "},
	};
	struct bench *b = cisco_of(state);

	NF_ROWS(i, rows)
	{
		print_message("  %s\n", rows[i].lie);
		rig_lie(*state, BENCH_SWITCH, "contexts");
		rig_lie(*state, BENCH_SWITCH, rows[i].lie);
		want_no_fdb(b, (const char *[]){rows[i].why, NULL});
		assert_int_equal(bench_state(b, "snmp"), NF_STATE_OK);
		play_cisco(*state);
		rig_lie(*state, BENCH_SWITCH, "contexts");
		bench_poll(b, NF_POLL_TOPOLOGY);
		if (!b->complete)
			fail_msg("%s", b->error);
		assert_non_null(strstr(b->json, "\"fdb\":[{\"vlan\":10,\"port\":"));
	}
	bench_free(b);
}

static void forwarding__vlans_not_known__is_not_the_whole_table(void **state)
{
	struct bench *b = cisco_of(state);

	rig_lie(*state, BENCH_SWITCH, "contexts");
	rig_lie(*state, BENCH_SWITCH, "generr=" VTP ".2.1.10");
	want_no_fdb(b, (const char *[]){
			       "vtpVlanTable: ", "dot1dTpFdbTable: needs vtpVlanTable", NULL});
	bench_free(b);
}

/* Without a context it shows what is in VLAN 1. */
static void show_vlan_1(struct rig *rig)
{
	play_cisco(rig);
	rig_lie(rig, BENCH_SWITCH, "contexts");
	rig_lie(rig, BENCH_SWITCH, "hide=1.3.6.1.2.1.17.7");
}

/* Every Cisco switch lists VLAN 1 at least. */
static void forwarding__vlans_outside_the_view__is_not_the_whole_table(void **state)
{
	static const char *const why[] = {
		"dot1dTpFdbTable: may show VLAN 1 alone", "CISCO-VTP-MIB", NULL};
	struct bench *b = cisco_of(state);

	show_vlan_1(*state);
	rig_lie(*state, BENCH_SWITCH, "hide=1.3.6.1.2.1.17.7,1.3.6.1.4.1.9.9.46");
	want_no_fdb(b, why);
	want_no_fdb(b, why); /* it is not looked for again so soon */
	b->device->kind = NF_KIND_ROUTER;
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->complete);
	assert_non_null(strstr(b->json, "\"fdb\":[{"));
	bench_free(b);
}

/* VLANs from 100 on, all in operation. */
static void list_vlans(struct rig *rig, unsigned len)
{
	struct nf_strbuf lines = {0};

	for (unsigned i = 0; i < 2 * len; i++)
		nf_strbuf_printf(&lines, "%s" VTP ".%u.1.%u|2|1",
			i ? "\n" : "value=", 2 + i / len, 100 + i % len);
	rig_lie(rig, BENCH_SWITCH, lines.data);
	nf_strbuf_free(&lines);
}

static void forwarding__very_many_vlans__is_not_the_whole_table(void **state)
{
	struct bench *b = cisco_of(state);

	list_vlans(*state, 511);
	rig_lie(*state, BENCH_SWITCH, "contexts");
	want_no_fdb(
		b, (const char *[]){"shows nothing of VLAN 610: no more than 512 VLANs", NULL});
	bench_free(b);
}

static void forwarding__agent_dies_in_a_context__soon_over(void **state)
{
	struct bench *b = cisco_of(state);
	uint64_t timeouts = nf_asker_stats(b->rig->asker).timeouts;

	list_vlans(*state, 100);
	rig_lie(*state, BENCH_SWITCH, "contexts");
	rig_lie(*state, BENCH_SWITCH, "die-in=30");
	want_no_fdb(
		b, (const char *[]){
			   "shows nothing of VLAN 30 and 100 more: the agent stopped", NULL});
	/* One question there, one without a context, each twice. */
	assert_int_equal(nf_asker_stats(b->rig->asker).timeouts, timeouts + 4);
	assert_int_equal(bench_state(b, "snmp"), NF_STATE_WARNING);
	bench_free(b);
}

static void forwarding__agent_dies_anywhere__never_a_whole_table(void **state)
{
	struct bench *b = cisco_of(state);

	show_vlan_1(*state);
	bench_poll(b, NF_POLL_TOPOLOGY);
	assert_true(b->complete);
	rig_snmp(b->device)->timeout_us = 30000;
	rig_snmp(b->device)->retries = 0;
	for (uint64_t lives = b->requests - 1; lives > 0; lives--) {
		char lie[40];

		snprintf(lie, sizeof lie, "die-after=%llu", (unsigned long long)lives);
		show_vlan_1(*state);
		rig_lie(*state, BENCH_SWITCH, lie);
		bench_poll(b, NF_POLL_TOPOLOGY);
		if (!b->complete && strstr(b->json, "\"fdb\":"))
			fail_msg("died after %llu answers: %s", (unsigned long long)lives,
				b->error);
	}
	bench_free(b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(forwarding__half_was_empty__asked_again_with_the_other),
		RIG_TEST(forwarding__vlan_by_vlan__where_the_agent_wants_that),
		RIG_TEST(forwarding__no_contexts__is_not_the_whole_table),
		RIG_TEST(forwarding__no_contexts__a_port_is_missed_all_the_same),
		RIG_TEST(forwarding__contexts_refused__is_not_the_whole_table),
		RIG_TEST(forwarding__one_context_missing__is_not_the_whole_table),
		RIG_TEST(forwarding__vlans_not_known__is_not_the_whole_table),
		RIG_TEST(forwarding__vlans_outside_the_view__is_not_the_whole_table),
		RIG_TEST(forwarding__very_many_vlans__is_not_the_whole_table),
		RIG_TEST(forwarding__agent_dies_in_a_context__soon_over),
		RIG_TEST(forwarding__agent_dies_anywhere__never_a_whole_table),
	};
	return NF_RUN(tests, argc, argv);
}
