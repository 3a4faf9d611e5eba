// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "tests/cutover/rig.h"

static void collect_any_last(const struct nf_sighting *s, void *arg)
{
	*(int64_t *)arg = s->last_wall_us - T0;
}

static void clock__ahead_and_back__poisons_nothing(void **state)
{
	struct rig *r = *state;
	struct nf_error err;

	rig_table(r, "sw-1", 0, SEEN_PC);
	rig_pass(r, S);
	/* It jumps: what comes dated in that time is held. */
	rig_fact(r, "sw-9", "fdb", SEEN_PC, 4000 * D);
	struct nf_now ahead = {T0 + 4000 * D, 2 * S + D};
	assert_int_equal(nf_recompute_pass(r->recompute, r->f->site, ahead, &err), NF_OK);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
	/* It stays so: it is believed, until it is right again. */
	struct nf_now later = {T0 + 4000 * D + 1000 * S, 1002 * S + D};
	assert_int_equal(nf_recompute_pass(r->recompute, r->f->site, later, &err), NF_OK);
	assert_string_equal(rig_stage_of(r, "pc").stage, "moved");
	rig_table(r, "sw-1", 1200 * S, SEEN_PC);
	rig_table(r, "sw-9", 1200 * S, SEEN_NOT);
	rig_pass(r, 1210 * S);
	rig_pass(r, 1270 * S);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
}

/* What a clock that was ahead wrote of calls and coverage alone goes, too: it would be true one day. */
static void clock__ahead__leaves_no_call_and_no_coverage(void **state)
{
	struct rig *r = *state;

	rig_table(r, "sw-1", 0, SEEN_PC);
	for (int h = 1; h < 30; h++)
		assert_int_equal(nf_coverage_put(r->store,
					 &(struct nf_coverage){"a", "wire:span", T0 / H + h,
						 NF_MINUTES_ALL, 3600, .frames = 9}),
			NF_OK);
	assert_int_equal(
		nf_caller_put(r->store,
			&(struct nf_caller){"a", "wire:span", "", "10.1.0.99", "10.1.0.200",
				"arp", T0 / D + 4000, 1, T0 + 4000 * D, T0 + 4000 * D, 1}),
		NF_OK);
	rig_pass(r, 60 * S);
	assert_null(strstr(rig_network_of(r).blockers, "10.1.0.99"));
	uint64_t sums[2] = {0};
	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, sums), NF_OK);
	assert_int_equal(sums[1], 60);
}

/* A clock that fell years back makes nobody forget what was seen since. */
static void clock__behind__forgets_nothing(void **state)
{
	const struct nf_ledger_filter pc = {.kind = "mac", .value = PC};
	struct rig *r = *state;
	struct nf_error err;
	int64_t last = 0;

	for (int64_t day = 1; day <= 3; day++) {
		rig_table(r, "sw-1", day * D, SEEN_PC);
		rig_pass(r, day * D + S);
	}
	nf_recompute_free(r->recompute);
	r->recompute = nf_recompute_new(r->store);
	struct nf_now behind = {T0 - 3000 * D, 4 * D};
	assert_int_equal(nf_recompute_pass(r->recompute, r->f->site, behind, &err), NF_OK);
	assert_int_equal(nf_sighting_sums(r->store, &pc, collect_any_last, &last), NF_OK);
	assert_int_equal(last, 3 * D);
	assert_string_equal(rig_stage_of(r, "pc").stage, "prepared");
	/* One that goes on like that for more than a week is believed. */
	for (int64_t s = 60; s < 8 * 86400; s += 1800)
		nf_recompute_tick(r->recompute, r->f->site,
			(struct nf_now){T0 - 3000 * D + s * S, 4 * D + s * S});
	last = 0;
	assert_int_equal(nf_sighting_sums(r->store, &pc, collect_any_last, &last), NF_OK);
	assert_int_equal(last, 0);
}

static size_t days_of(struct rig *r)
{
	uint64_t until = 0, after = 0;

	assert_int_equal(nf_ledger_days(r->store, INT64_MAX / 2, &until, &after), NF_OK);
	return (size_t)until;
}

/* One that jumps ten years ahead and stays: what is kept for 400 days is not forgotten before a day has gone by. */
static void clock__ahead_for_hours__forgets_nothing(void **state)
{
	const int64_t years = 3650 * D;
	struct rig *r = *state;

	for (int64_t day = 1; day <= 3; day++) {
		rig_table(r, "sw-1", day * D, SEEN_PC);
		rig_pass(r, day * D + S);
	}
	for (int64_t s = 10; s < 3 * 3600; s += 60)
		nf_recompute_tick(r->recompute, r->f->site,
			(struct nf_now){T0 + 3 * D + years + s * S, 4 * D + s * S});
	assert_int_equal(days_of(r), 3);
	for (int64_t s = 25 * 3600; s < 26 * 3600; s += 60)
		nf_recompute_tick(r->recompute, r->f->site,
			(struct nf_now){T0 + 3 * D + years + s * S, 4 * D + s * S});
	assert_int_equal(days_of(r), 2); /* the first and the last of the PC: spared */
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(clock__ahead_and_back__poisons_nothing),
		CASE(clock__ahead__leaves_no_call_and_no_coverage),
		CASE(clock__behind__forgets_nothing),
		CASE(clock__ahead_for_hours__forgets_nothing),
	};
	return NF_RUN(tests, argc, argv);
}
