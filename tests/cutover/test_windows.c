// SPDX-License-Identifier: GPL-3.0-or-later
/* The calendar of a move, through the judge: a wave's window, and days on which nothing may move. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/cutover/freeze.h"
#include "conf/zone.h"
#include "store/cutover.h"
#include "tests/checks/world.h"

#define MINUTE 60
#define DAY_US (86400 * WORLD_S)

/* srv and what stands behind it move from 09:05 to 09:30; the world begins at 09:00. */
static const char wave[] =
	"waves: [{id: w1, network: a, from: \"2027-01-15 09:05\", to: \"2027-01-15 09:30\"}]\n";
static const char devices[] = "r,router,a,10.1.0.1,,\n"
			      "srv,server,a,10.1.0.2,r,w1\n"
			      "vm,server,a,10.1.0.3,srv,\n"
			      "pc,workstation,a,10.1.0.4,r,\n";

static bool has(const char *events, const char *line)
{
	return strstr(events, line) != NULL;
}

static void wave__its_window__mutes_members_and_what_is_behind_them(void **state)
{
	(void)state;
	struct world *w = world_new_with(devices, ",wave", wave);
	world_start(w, false);
	world_run(w, 6 * MINUTE);
	free(world_events(w));
	world_set_down(w, "srv", true);
	world_set_down(w, "pc", true);
	world_run(w, 2 * MINUTE);
	char *events = world_events(w);
	assert_true(has(events, "srv ping state ok>critical in=wave w1"));
	assert_true(has(events, "vm ping state ok>unreachable cause=srv in=wave w1"));
	assert_true(has(events, "pc ping state ok>critical\n"));
	free(events);
	/* What outlasts the window is said. */
	world_run(w, 25 * MINUTE);
	events = world_events(w);
	assert_true(has(events, "srv ping unmuted"));
	assert_true(has(events, "vm ping unmuted"));
	free(events);
	world_free(w);
}

static void wave__over_in_time__nothing_is_left(void **state)
{
	(void)state;
	struct world *w = world_new_with(devices, ",wave", wave);
	world_start(w, false);
	world_run(w, 6 * MINUTE);
	world_set_down(w, "srv", true);
	world_run(w, 5 * MINUTE);
	world_set_down(w, "srv", false);
	world_run(w, 2 * MINUTE);
	free(world_events(w));
	world_run(w, 30 * MINUTE);
	char *events = world_events(w);
	assert_string_equal(events, "");
	free(events);
	world_free(w);
}

/* It is of this stage since now, and changed sides then; 0: never. */
static void put_stage(struct world *w, const char *stage, int64_t changed_us)
{
	char json[200], at[NF_ISO8601_MAX];
	bool changed;
	snprintf(json, sizeof json, "{\"legs\":[{\"stage\":\"%s\"%s%s%s}]}", stage,
		changed_us ? ",\"changed\":\"" : "",
		changed_us ? nf_zone_iso8601("Europe/Stockholm", changed_us, at) : "",
		changed_us ? "\"" : "");
	const struct nf_stage_row row = {"srv", stage, w->now.wall_us, w->now.wall_us, json};
	const struct nf_stage_change change = {"a", NF_STATE_OK, NF_STATE_OK, "seen", NULL};
	assert_int_equal(nf_stage_put(w->store, &row, &change, &changed), NF_OK);
}

static void freeze__device_changes_sides__a_finding_until_it_is_over(void **state)
{
	(void)state;
	struct world *w = world_new("srv,server,a,10.1.0.2,\n",
		"cutover: {freezes: [{from: 2027-01-14, to: 2027-01-15, reason: exams}]}\n");
	world_start(w, false);
	world_run(w, 90);
	free(world_events(w));
	put_stage(w, "planned", 0);
	nf_freeze_judge(w->site, w->store, w->judge, w->now);
	world_tick(w);
	char *events = world_events(w);
	assert_string_equal(events, "");
	free(events);
	put_stage(w, "moved", w->now.wall_us);
	nf_freeze_judge(w->site, w->store, w->judge, w->now);
	world_tick(w);
	events = world_events(w);
	assert_true(has(events, "srv freeze finding unknown>warning"));
	free(events);
	/* It moved at 09:00 of the last day: for a day it is said. */
	w->now.wall_us += 23 * 3600 * WORLD_S;
	nf_freeze_judge(w->site, w->store, w->judge, w->now);
	assert_true(nf_judge_has(w->judge, &w->site->devices.items[0], "freeze"));
	w->now.wall_us += 2 * 3600 * WORLD_S;
	nf_freeze_judge(w->site, w->store, w->judge, w->now);
	assert_false(nf_judge_has(w->judge, &w->site->devices.items[0], "freeze"));
	world_free(w);
}

/* The word is another one in the freeze; it has been where it is for longer. */
static void freeze__another_stage_on_the_same_side__is_no_finding(void **state)
{
	(void)state;
	static const char *const stages[] = {
		"dual", "moved", "released", "moved", "regressed", "lost", "exempt", "moved"};
	struct world *w = world_new("srv,server,a,10.1.0.2,\n",
		"cutover: {freezes: [{from: 2027-01-14, to: 2027-01-15, reason: exams}]}\n");
	world_start(w, false);
	world_run(w, 90);
	NF_ROWS(i, stages)
	{
		put_stage(w, stages[i], w->now.wall_us - 2 * DAY_US);
		nf_freeze_judge(w->site, w->store, w->judge, w->now);
		assert_false(nf_judge_has(w->judge, &w->site->devices.items[0], "freeze"));
	}
	put_stage(w, "moved", 0); /* written before this was kept */
	nf_freeze_judge(w->site, w->store, w->judge, w->now);
	assert_false(nf_judge_has(w->judge, &w->site->devices.items[0], "freeze"));
	world_free(w);
}

static void broken__stage_and_time__only_a_change_of_sides_inside(void **state)
{
	(void)state;
	static const struct {
		enum nf_stage stage;
		int64_t since_days;
		bool want;
	} rows[] = {
		{NF_STAGE_MOVED,	 5,  true },
		   {NF_STAGE_DUAL,	   5,  true },
		{NF_STAGE_REGRESSED, 5,	true },
		       {NF_STAGE_LOST,      5,  false},
		{NF_STAGE_CONFIRMED, 5,	true },
		       {NF_STAGE_PREPARED,  5,  false},
		{NF_STAGE_EXEMPT,	  5,  false},
		     {NF_STAGE_MOVED,     0,	 false},
		{NF_STAGE_MOVED,	 3,  false},
		    {NF_STAGE_MOVED,     10, false},
		{NF_STAGE_MOVED,	 9,  false}, /* a clock that was ahead */
	};
	struct nf_freeze freeze = {4 * DAY_US, 10 * DAY_US, NULL};
	struct nf_site site = {0};
	site.cutover.freezes.items = &freeze;
	site.cutover.freezes.len = 1;
	NF_ROWS(i, rows)
	{
		bool got = nf_freeze_broken(&site, rows[i].stage, rows[i].since_days * DAY_US,
				   8 * DAY_US) != NULL;
		if (got != rows[i].want)
			fail_msg("row %zu", i);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wave__its_window__mutes_members_and_what_is_behind_them),
		cmocka_unit_test(wave__over_in_time__nothing_is_left),
		cmocka_unit_test(freeze__device_changes_sides__a_finding_until_it_is_over),
		cmocka_unit_test(freeze__another_stage_on_the_same_side__is_no_finding),
		cmocka_unit_test(broken__stage_and_time__only_a_change_of_sides_inside),
	};
	return NF_RUN(tests, argc, argv);
}
