// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "checks/verdict.h"
#include "tests/checks/world.h"

/* Devices that are nobody's children. */
static const char flat[] = "d-1,server,a,10.1.0.1,\n"
			   "d-2,server,a,10.1.0.2,\n"
			   "d-3,server,a,10.1.0.3,\n"
			   "behind,server,a,10.1.0.4,d-1\n";

static void start__all_up__one_event_each(void **state)
{
	(void)state;
	struct world *w = world_new("r,router,a,10.1.0.1,\n", "");
	world_start(w, false);
	world_run(w, 65);
	world_expect(w, "r ping state unknown>ok held\n");
	world_run(w, 300);
	world_expect(w, "");
	world_free(w);
}

static void start__device_down__hard_only_after_a_cycle(void **state)
{
	(void)state;
	struct world *w = world_new(WORLD_TREE, "");
	world_set_down(w, "sw-2", true);
	world_start(w, false);
	world_run(w, 29);
	assert_int_equal(world_state(w, "sw-2"), NF_STATE_UNKNOWN);
	world_forget(w);
	world_run(w, 5);
	world_expect(w, "sw-2 ping state unknown>critical\n");
	world_free(w);
}

static void once__device_down__hard_without_a_cycle(void **state)
{
	(void)state;
	struct world *w = world_new("r,router,a,10.1.0.1,\n", "");
	world_set_down(w, "r", true);
	world_start(w, true);
	world_run(w, 6);
	assert_int_equal(world_state(w, "r"), NF_STATE_CRITICAL);
	world_free(w);
}

static void read_interval(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	*(int64_t *)arg = row->interval_us;
}

static void once__row__good_for_five_minutes(void **state)
{
	(void)state;
	struct world *w = world_new("r,router,a,10.1.0.1,\n", "");
	int64_t interval = 0;
	world_start(w, true);
	world_run(w, 2);
	nf_store_checks(w->store, NULL, read_interval, &interval);
	assert_int_equal(interval, 100 * WORLD_S);
	world_stop(w);
	world_start(w, false);
	world_run(w, 2);
	nf_store_checks(w->store, NULL, read_interval, &interval);
	assert_int_equal(interval, 30 * WORLD_S);
	world_free(w);
}

static void leaf__down__only_it_is_called_down(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "pc-1", true);
	world_run(w, 40);
	world_expect(w, "pc-1 ping state ok>critical\n");
	world_set_down(w, "pc-1", false);
	world_run(w, 40);
	world_expect(w, "pc-1 ping state critical>ok\n");
	world_free(w);
}

static void switch__down__those_behind_are_unreachable(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "sw-1", true);
	world_run(w, 45);
	char *got = world_events(w);
	assert_non_null(strstr(got, "sw-1 ping state ok>critical\n"));
	assert_non_null(strstr(got, "pc-1 ping state ok>unreachable cause=sw-1\n"));
	assert_non_null(strstr(got, "pc-2 ping state ok>unreachable cause=sw-1\n"));
	assert_null(strstr(got, "pc-1 ping state ok>critical"));
	assert_null(strstr(got, "sw-2"));
	free(got);
	world_set_down(w, "sw-1", false);
	world_run(w, 45);
	got = world_events(w);
	assert_non_null(strstr(got, "sw-1 ping state critical>ok\n"));
	assert_non_null(strstr(got, "pc-1 ping state unreachable>ok\n"));
	assert_non_null(strstr(got, "pc-2 ping state unreachable>ok\n"));
	free(got);
	world_free(w);
}

static void router__down__cause_is_the_topmost(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "r", true);
	world_run(w, 60);
	char *got = world_events(w);
	assert_non_null(strstr(got, "r ping state ok>critical\n"));
	assert_non_null(strstr(got, "sw-1 ping state ok>unreachable cause=r\n"));
	assert_non_null(strstr(got, "pc-1 ping state ok>unreachable cause=r\n"));
	assert_null(strstr(got, "uplink"));
	free(got);
	world_free(w);
}

/* From the moment the first question is not answered. */
static void switch__down__everything_is_said_within_ten_seconds(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "sw-1", true);
	int seconds = 0;
	while (world_state(w, "sw-1") != NF_STATE_CRITICAL) {
		world_run(w, 1);
		assert_in_range(++seconds, 0, 40);
	}
	world_run(w, 3);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_UNREACHABLE);
	assert_int_equal(world_state(w, "pc-2"), NF_STATE_UNREACHABLE);
	world_free(w);
}

static void child_asked_first__parent_not_asked_yet__waits(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	enum nf_judge_next next = NF_ASK_AS_USUAL;
	for (int i = 0; i < 20; i++) {
		w->now.mono_us += WORLD_S;
		w->now.wall_us += WORLD_S;
		next = world_observe(w, "pc-1", NF_STATE_CRITICAL);
	}
	assert_int_equal(next, NF_ASK_WAIT);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_OK);
	const struct nf_device *wanted = nf_judge_want(w->judge);
	assert_non_null(wanted);
	assert_string_equal(wanted->name, "sw-1");
	assert_null(nf_judge_want(w->judge));

	world_observe(w, "sw-1", NF_STATE_OK);
	world_tick(w);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_CRITICAL);
	world_free(w);
}

static void parent__never_asked__holds_three_intervals_at_most(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	for (int i = 0; i < 89; i++) {
		w->now.mono_us += WORLD_S;
		w->now.wall_us += WORLD_S;
		world_observe(w, "pc-1", NF_STATE_CRITICAL);
	}
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_OK);
	w->now.mono_us += 3 * WORLD_S;
	world_tick(w);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_CRITICAL);
	world_free(w);
}

static void link__cut__one_uplink_and_nothing_else_down(void **state)
{
	(void)state;
	struct world *w = world_settled(flat, "");
	w->cut[0] = true;
	world_run(w, 60);
	char *got = world_events(w);
	assert_non_null(strstr(got, "a uplink state ok>critical\n"));
	assert_non_null(strstr(got, "d-1 ping state ok>unreachable cause=uplink\n"));
	assert_non_null(strstr(got, "d-3 ping state ok>unreachable cause=uplink\n"));
	assert_non_null(strstr(got, "behind ping state ok>unreachable cause=uplink\n"));
	assert_null(strstr(got, "ping state ok>critical"));
	free(got);
	w->cut[0] = false;
	world_run(w, 60);
	got = world_events(w);
	assert_non_null(strstr(got, "a uplink state critical>ok\n"));
	assert_non_null(strstr(got, "d-1 ping state unreachable>ok\n"));
	assert_non_null(strstr(got, "behind ping state unreachable>ok\n"));
	free(got);
	world_free(w);
}

static void roots__one_of_them_down__not_the_link(void **state)
{
	(void)state;
	struct world *w = world_settled(flat, "");
	world_set_down(w, "d-2", true);
	world_run(w, 60);
	world_expect(w, "d-2 ping state ok>critical\n");
	world_set_down(w, "d-3", true);
	world_run(w, 60);
	world_expect(w, "d-3 ping state ok>critical\n");
	world_free(w);
}

static void uplink__root_that_was_down_before__is_no_witness(void **state)
{
	(void)state;
	struct world *w = world_settled("d-1,server,a,10.1.0.1,\nd-2,server,a,10.1.0.2,\n", "");
	world_set_down(w, "d-1", true);
	world_run(w, 60);
	world_forget(w);
	world_set_down(w, "d-2", true);
	world_run(w, 60);
	world_expect(w, "d-2 ping state ok>critical\n");
	world_free(w);
}

static void restart__nothing_changed__nothing_repeated(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "sw-1", true);
	world_run(w, 60);
	world_forget(w);
	world_stop(w);
	world_start(w, false);
	assert_int_equal(world_state(w, "sw-1"), NF_STATE_CRITICAL);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_UNREACHABLE);
	world_run(w, 120);
	world_expect(w, "");
	world_free(w);
}

static void restart__recovered_meanwhile__said(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "pc-2", true);
	world_run(w, 60);
	world_stop(w);
	world_forget(w);
	world_set_down(w, "pc-2", false);
	world_start(w, false);
	world_run(w, 60);
	world_expect(w, "pc-2 ping state critical>ok held\n");
	world_free(w);
}

static void reload__device_removed__closed_once(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "pc-2", true);
	world_run(w, 60);
	world_forget(w);
	world_reload(w,
		"r,router,a,10.1.0.1,\nsw-1,switch,a,10.1.0.2,r\n"
		"sw-2,switch,a,10.1.0.3,r\npc-1,workstation,a,10.1.0.4,sw-1\n",
		"");
	world_run(w, 100);
	world_expect(w, "pc-2 ping removed critical>unknown\n");
	world_stop(w);
	world_start(w, false);
	world_run(w, 60);
	world_expect(w, "");
	world_free(w);
}

static void restart__device_removed_meanwhile__closed_once(void **state)
{
	(void)state;
	struct world *w =
		world_settled("d-1,server,a,10.1.0.1,\nd-2,server,a,10.1.0.2,d-1\n", "");
	world_set_down(w, "d-2", true);
	world_run(w, 60);
	world_stop(w);
	world_forget(w);
	world_reload(w, "d-1,server,a,10.1.0.1,\n", "");
	world_start(w, false);
	world_run(w, 60);
	world_expect(w, "d-2 ping removed critical>unknown held\n");
	world_free(w);
}

static void reload__other_parent__judged_anew(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "sw-1", true);
	world_run(w, 60);
	assert_int_equal(world_state(w, "pc-1"), NF_STATE_UNREACHABLE);
	world_forget(w);
	world_reload(w,
		"r,router,a,10.1.0.1,\nsw-1,switch,a,10.1.0.2,r\nsw-2,switch,a,10.1.0.3,r\n"
		"pc-1,workstation,a,10.1.0.4,sw-2\npc-2,workstation,a,10.1.0.5,sw-1\n",
		"");
	world_run(w, 5);
	world_expect(w, "pc-1 ping state unreachable>ok\n");
	world_free(w);
}

static void maintenance__parent_in_window__children_too_and_unmuted_after(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE,
		"maintenance:\n  - {id: patch, devices: [sw-1], from: \"2027-01-15 09:05\", to: "
		"\"2027-01-15 09:20\"}\n");
	world_run(w, 300); /* the world begins at 09:00 */
	world_set_down(w, "pc-1", true);
	world_run(w, 60);
	world_expect(w, "pc-1 ping state ok>critical in=patch\n");
	world_run(w, 1800);
	world_expect(w, "pc-1 ping unmuted critical>critical\n");
	world_run(w, 600);
	world_expect(w, "");
	world_free(w);
}

static void clock__set_back_an_hour__no_storm_and_nothing_in_the_future(void **state)
{
	(void)state;
	static const int64_t jumps_s[] = {-3600, 3600, 10 * 365 * 86400, -10 * 365 * 86400};
	struct world *w = world_settled(WORLD_TREE, "");
	world_set_down(w, "pc-1", true);
	world_run(w, 60);
	world_forget(w);
	NF_ROWS(i, jumps_s)
	{
		w->now.wall_us += jumps_s[i] * WORLD_S;
		world_run(w, 120);
		world_expect(w, "");
	}
	world_free(w);
}

static void store__locked__rows_wait_in_order_and_it_is_said(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_store *other;
	assert_int_equal(
		nf_store_open(w->site->state_dir, NF_STORE_WRITE, 50, &other, NULL), NF_OK);
	assert_int_equal(nf_store_begin(other), NF_OK);
	world_set_down(w, "pc-1", true);
	world_run(w, 35);
	world_set_down(w, "pc-1", false);
	world_run(w, 31);
	world_expect(w, "");
	assert_true(nf_judge_stats(w->judge).owed > 0);
	nf_store_rollback(other);
	nf_store_close(other);
	world_run(w, 2);
	char *got = world_events(w);
	char *down = strstr(got, "pc-1 ping state ok>critical\n");
	char *up = strstr(got, "pc-1 ping state critical>ok\n");
	assert_true(down != NULL && up != NULL && down < up);
	assert_non_null(strstr(got, " state.db netfold-ping state unknown>critical\n"));
	assert_non_null(strstr(got, " state.db netfold-ping state critical>ok\n"));
	free(got);
	assert_int_equal(nf_judge_stats(w->judge).owed, 0);
	world_free(w);
}

static void tick__store_busy_for_long__returns_the_trouble(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	struct nf_store *other;
	struct nf_error err = {0};
	assert_int_equal(
		nf_store_open(w->site->state_dir, NF_STORE_WRITE, 50, &other, NULL), NF_OK);
	assert_int_equal(nf_store_begin(other), NF_OK);
	world_observe(w, "r", NF_STATE_OK);
	assert_int_equal(nf_judge_tick(w->judge, w->now, &err), NF_OK);
	w->now.mono_us += 11 * WORLD_S;
	assert_int_equal(nf_judge_tick(w->judge, w->now, &err), NF_EBUSY);
	nf_store_rollback(other);
	nf_store_close(other);
	assert_int_equal(nf_judge_tick(w->judge, w->now, &err), NF_OK);
	world_free(w);
}

static void finding__no_confirmation__one_event_and_closed_by_drop(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	const struct nf_answer finding = {
		.device = nf_site_device(w->site, "r"),
		.check = "engine",
		.state = NF_STATE_WARNING,
		.output = "shares its engineID with sw-1",
		.finding = true,
	};
	for (int i = 0; i < 3; i++)
		assert_int_equal(nf_judge_observe(w->judge, &finding, w->now), NF_ASK_AS_USUAL);
	world_tick(w);
	world_expect(w, "r engine finding unknown>warning\n");
	nf_judge_drop(w->judge, finding.device, "engine", w->now);
	world_tick(w);
	world_expect(w, "r engine removed warning>unknown\n");
	world_free(w);
}

static void keep_output(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	if (strcmp(row->device, "pc-1") == 0 && strcmp(row->check, "ping") == 0)
		snprintf(arg, 100, "%s", row->output);
}

/* What is ok is written again when it says something else, not for each number in it. */
static void output__while_ok__kept_by_what_it_says(void **state)
{
	static const struct {
		const char *output, *kept;
	} rows[] = {
		{"3 of 3 answered from 10.1.0.4, 5 ms",	"3 of 3 answered from 10.1.0.4, 5 ms"},
		{"2 of 3 answered from 10.1.0.4, 0.7 ms",
			"3 of 3 answered from 10.1.0.4, 5 ms"					     },
		{"no answer from 10.1.0.4; 3 of 3 answered",
			"no answer from 10.1.0.4; 3 of 3 answered"					  },
		{"no answer from 10.1.0.4; 1 of 3 answered",
			"no answer from 10.1.0.4; 3 of 3 answered"					  },
	};
	struct world *w = world_settled(WORLD_TREE, "");
	char got[100];

	(void)state;
	NF_ROWS(i, rows)
	{
		const struct nf_answer answer = {.device = nf_site_device(w->site, "pc-1"),
			.check = "ping",
			.state = NF_STATE_OK,
			.interval_us = 30 * WORLD_S,
			.output = rows[i].output};
		nf_judge_observe(w->judge, &answer, w->now);
		world_tick(w);
		nf_store_checks(w->store, "netfold-ping", keep_output, got);
		assert_string_equal(got, rows[i].kept);
	}
	world_free(w);
}

static void collect_flapping(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	*(bool *)arg |= row->flapping && strcmp(row->device, "pc-1") == 0;
}

static void flapping__survives_a_restart__said_once(void **state)
{
	(void)state;
	struct world *w = world_settled(WORLD_TREE, "");
	for (int i = 0; i < 8; i++) {
		world_set_down(w, "pc-1", i % 2 == 0);
		world_run(w, 40);
	}
	char *got = world_events(w);
	char *said = strstr(got, "pc-1 ping flapping");
	assert_non_null(said);
	assert_null(strstr(said + 1, "pc-1 ping flapping"));
	free(got);
	world_stop(w);
	world_start(w, false);
	world_run(w, 35);
	bool flapping = false;
	nf_store_checks(w->store, "netfold-ping", collect_flapping, &flapping);
	assert_true(flapping);
	world_run(w, 3600);
	world_expect(w, "pc-1 ping steady ok>ok\n");
	world_free(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start__all_up__one_event_each),
		cmocka_unit_test(start__device_down__hard_only_after_a_cycle),
		cmocka_unit_test(once__device_down__hard_without_a_cycle),
		cmocka_unit_test(once__row__good_for_five_minutes),
		cmocka_unit_test(leaf__down__only_it_is_called_down),
		cmocka_unit_test(switch__down__those_behind_are_unreachable),
		cmocka_unit_test(router__down__cause_is_the_topmost),
		cmocka_unit_test(switch__down__everything_is_said_within_ten_seconds),
		cmocka_unit_test(child_asked_first__parent_not_asked_yet__waits),
		cmocka_unit_test(parent__never_asked__holds_three_intervals_at_most),
		cmocka_unit_test(link__cut__one_uplink_and_nothing_else_down),
		cmocka_unit_test(roots__one_of_them_down__not_the_link),
		cmocka_unit_test(uplink__root_that_was_down_before__is_no_witness),
		cmocka_unit_test(restart__nothing_changed__nothing_repeated),
		cmocka_unit_test(restart__recovered_meanwhile__said),
		cmocka_unit_test(reload__device_removed__closed_once),
		cmocka_unit_test(restart__device_removed_meanwhile__closed_once),
		cmocka_unit_test(reload__other_parent__judged_anew),
		cmocka_unit_test(maintenance__parent_in_window__children_too_and_unmuted_after),
		cmocka_unit_test(clock__set_back_an_hour__no_storm_and_nothing_in_the_future),
		cmocka_unit_test(store__locked__rows_wait_in_order_and_it_is_said),
		cmocka_unit_test(tick__store_busy_for_long__returns_the_trouble),
		cmocka_unit_test(finding__no_confirmation__one_event_and_closed_by_drop),
		cmocka_unit_test(flapping__survives_a_restart__said_once),
		cmocka_unit_test(output__while_ok__kept_by_what_it_says),
	};
	return NF_RUN(tests, argc, argv);
}
