// SPDX-License-Identifier: GPL-3.0-or-later
/* The judge of another program than ping, beside one of ping. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/checks/world.h"

/* The judge of SNMP, beside one of ping, on one store. */
static struct nf_judge *snmp_judge(struct world *w)
{
	const struct nf_judge_options options = {
		.program = "netfold-snmp",
		.cycle_us = 0,
	};
	struct nf_judge *judge;
	assert_int_equal(
		nf_judge_new(&options, w->site, w->store, w->now, &judge, NULL), NF_OK);
	return judge;
}

static void observe_snmp(
	struct world *w, struct nf_judge *judge, enum nf_state s, const char *check)
{
	const struct nf_answer answer = {
		.device = nf_site_device(w->site, "pc-1"),
		.check = check,
		.state = s,
		.output = "timeout",
		.interval_us = 60 * WORLD_S,
	};
	nf_judge_observe(judge, &answer, w->now);
	nf_judge_tick(judge, w->now, NULL);
}

static enum nf_state snmp_state(const struct world *w, const struct nf_judge *judge)
{
	return nf_judge_state(judge, nf_site_device(w->site, "pc-1"), "snmp");
}

static void snmp__device_answers_ping__held_until_ping_was_asked(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	observe_snmp(w, judge, NF_STATE_OK, "snmp");
	for (int i = 0; i < 5; i++)
		observe_snmp(w, judge, NF_STATE_CRITICAL, "snmp");
	assert_int_equal(snmp_state(w, judge), NF_STATE_OK);
	world_run(w, 35);
	nf_judge_tick(judge, w->now, NULL);
	assert_int_equal(snmp_state(w, judge), NF_STATE_CRITICAL);
	nf_judge_free(judge);
	world_free(w);
}

static void snmp__ping_is_down__unreachable_and_wanted_after(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	observe_snmp(w, judge, NF_STATE_OK, "snmp");
	world_set_down(w, "sw-1", true);
	for (int i = 0; i < 45; i++) {
		world_run(w, 1);
		observe_snmp(w, judge, NF_STATE_CRITICAL, "snmp");
		assert_int_not_equal(snmp_state(w, judge), NF_STATE_CRITICAL);
	}
	assert_int_equal(snmp_state(w, judge), NF_STATE_UNREACHABLE);
	char *got = world_events(w);
	assert_non_null(strstr(got, "pc-1 snmp state ok>unreachable cause=sw-1\n"));
	free(got);
	assert_null(nf_judge_want(judge));
	world_set_down(w, "sw-1", false);
	world_run(w, 45);
	nf_judge_tick(judge, w->now, NULL);
	const struct nf_device *wanted = nf_judge_want(judge);
	assert_non_null(wanted);
	assert_string_equal(wanted->name, "pc-1");
	nf_judge_free(judge);
	world_free(w);
}

static void snmp__nobody_pings__judged_all_the_same(void **state)
{
	(void)state;
	struct world *w = world_new(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	for (int i = 0; i < 88; i++) {
		w->now.mono_us += WORLD_S;
		w->now.wall_us += WORLD_S;
		observe_snmp(w, judge, NF_STATE_CRITICAL, "snmp");
	}
	assert_int_equal(snmp_state(w, judge), NF_STATE_UNKNOWN);
	w->now.mono_us += 5 * WORLD_S;
	nf_judge_tick(judge, w->now, NULL);
	assert_int_equal(snmp_state(w, judge), NF_STATE_CRITICAL);
	nf_judge_free(judge);
	world_free(w);
}

static void snmp__other_check__needs_no_ping(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	for (int i = 0; i < 4; i++)
		observe_snmp(w, judge, NF_STATE_CRITICAL, "interface eth0");
	assert_int_equal(
		nf_judge_state(judge, nf_site_device(w->site, "pc-1"), "interface eth0"),
		NF_STATE_CRITICAL);
	nf_judge_free(judge);
	world_free(w);
}

static void first_look__port_is_fine__no_event(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	observe_snmp(w, judge, NF_STATE_OK, "snmp");
	observe_snmp(w, judge, NF_STATE_OK, "interface eth0");
	for (int i = 0; i < 4; i++)
		observe_snmp(w, judge, NF_STATE_WARNING, "interface eth1");
	world_expect(w, "pc-1 snmp state unknown>ok\n"
			"pc-1 interface eth1 state unknown>warning\n");
	nf_judge_free(judge);
	world_free(w);
}

static void settled__fine_long_enough_or_in_trouble_before(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	const struct nf_device *device = nf_site_device(w->site, "pc-1");
	const int64_t week = 7 * 86400 * WORLD_S;

	assert_false(nf_judge_is_settled(judge, device, "interface eth0", 0, w->now));
	observe_snmp(w, judge, NF_STATE_OK, "interface eth0");
	assert_true(nf_judge_is_settled(judge, device, "interface eth0", 0, w->now));
	w->now.wall_us += week - 1;
	observe_snmp(w, judge, NF_STATE_OK, "interface eth0");
	assert_false(nf_judge_is_settled(judge, device, "interface eth0", week, w->now));
	w->now.wall_us += 1;
	assert_true(nf_judge_is_settled(judge, device, "interface eth0", week, w->now));
	for (int i = 0; i < 4; i++)
		observe_snmp(w, judge, NF_STATE_WARNING, "interface eth0");
	assert_true(nf_judge_is_settled(judge, device, "interface eth0", week, w->now));
	for (int i = 0; i < 4; i++)
		observe_snmp(w, judge, NF_STATE_OK, "interface eth0");
	assert_true(nf_judge_is_settled(judge, device, "interface eth0", week, w->now));
	/* Also for whoever reads it from the store. */
	nf_judge_free(judge);
	judge = snmp_judge(w);
	assert_true(nf_judge_is_settled(judge, device, "interface eth0", week, w->now));
	nf_judge_free(judge);
	world_free(w);
}

static void asked_of_snmp(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	if (strcmp(row->check, "snmp") == 0)
		*(int64_t *)arg = asked_wall_us;
}

static void look_alone__device_silent__dates_its_own_check_only(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_judge *judge = snmp_judge(w);
	struct nf_answer silent = {
		.device = nf_site_device(w->site, "pc-1"),
		.check = "snmp",
		.state = NF_STATE_CRITICAL,
		.interval_us = 60 * WORLD_S,
		.alone = true,
	};
	int64_t asked = -1;
	nf_judge_observe(judge, &silent, w->now);
	nf_judge_tick(judge, w->now, NULL);
	nf_store_checks(w->store, "netfold-snmp", asked_of_snmp, &asked);
	assert_true(asked == w->now.wall_us);
	silent.alone = false;
	silent.state = NF_STATE_OK;
	nf_judge_observe(judge, &silent, w->now);
	nf_judge_tick(judge, w->now, NULL);
	nf_store_checks(w->store, "netfold-snmp", asked_of_snmp, &asked);
	assert_true(asked == 0);
	nf_judge_free(judge);
	world_free(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snmp__device_answers_ping__held_until_ping_was_asked),
		cmocka_unit_test(snmp__ping_is_down__unreachable_and_wanted_after),
		cmocka_unit_test(snmp__nobody_pings__judged_all_the_same),
		cmocka_unit_test(snmp__other_check__needs_no_ping),
		cmocka_unit_test(first_look__port_is_fine__no_event),
		cmocka_unit_test(settled__fine_long_enough_or_in_trouble_before),
		cmocka_unit_test(look_alone__device_silent__dates_its_own_check_only),
	};
	return NF_RUN(tests, argc, argv);
}
