// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "store/cutover.h"
#include "tests/cutover/rig.h"

#define WIRE "wire:span"

static void ok_ping(struct rig *r, const char *device, int64_t at)
{
	const struct nf_check_row row = {.network = "a",
		.device = device,
		.check = "ping",
		.program = "netfold-ping",
		.state = NF_STATE_OK,
		.output = "",
		.cause = "",
		.interval_us = 30 * S,
		.looked_wall_us = T0 + at};

	assert_int_equal(nf_store_check_put(r->store, &row), NF_OK);
}

/* The wire, in this hour. */
static void hear(struct rig *r, int64_t hour, uint64_t frames)
{
	assert_int_equal(
		nf_coverage_put(r->store,
			&(struct nf_coverage){"a", WIRE, T0 / H + hour, NF_MINUTES_ALL, 3600,
				.frames = frames, .canaries_sent = 12, .canaries_seen = 12}),
		NF_OK);
}

static void stand(struct rig *r, const char *device, int64_t at, const char *want)
{
	ok_ping(r, device, at);
	rig_pass(r, at);
	struct found f = rig_stage_of(r, device);
	if (strcmp(f.stage, want) != 0)
		print_error("after %lld days: %s\n", (long long)(at / D), f.json);
	assert_string_equal(f.stage, want);
}

/* The PC is on the old side for an hour, then on the new one; the wire hears others for ten hours. */
static void moves(struct rig *r)
{
	rig_table(r, "sw-1", 0, SEEN_PC);
	rig_pass(r, 60 * S);
	rig_table(r, "sw-9", H, SEEN_PC);
	stand(r, "pc", H + 60 * S, "moved");
	for (int64_t h = 0; h < 10; h++)
		hear(r, h, 100);
	rig_table(r, "sw-9", 10 * H, SEEN_PC);
	stand(r, "pc", 10 * H, "released");
}

static void dark__for_months__nobody_moves_back(void **state)
{
	struct rig *r = *state;

	moves(r);
	for (int64_t day = 30; day < 380; day += 30)
		stand(r, "pc", day * D, "released");
}

static void collect_sensors(const struct nf_coverage *c, void *arg)
{
	size_t *counts = arg;

	++counts[strcmp(c->sensor, NF_COVERAGE_SETTLED) == 0];
}

/* Settled, coverage is one row an hour, and says the same: also to who computes it anew. */
static void coverage__settled__counts_for_as_much(void **state)
{
	struct rig *r = *state;
	size_t counts[2] = {0};
	uint64_t before[2] = {0}, after[2] = {0};

	moves(r);
	hear(r, 10, 0); /* with canaries: silence */
	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, before), NF_OK);
	for (int i = 0; i < 3; i++)
		stand(r, "pc", 100 * D + i * 60 * S, "released");
	assert_int_equal(nf_coverages(r->store, "a", 0, collect_sensors, counts), NF_OK);
	assert_int_equal(counts[0], 1); /* when the wire last heard others */
	assert_int_equal(counts[1], 11);
	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, after), NF_OK);
	assert_int_equal(after[1], before[1] + 60); /* that hour, which stands twice */
	assert_int_equal(nf_stage_drop(r->store, "pc"), NF_OK);
	nf_recompute_free(r->recompute);
	r->recompute = nf_recompute_new(r->store);
	stand(r, "pc", 100 * D + 240 * S, "released");
}

/* A wire on which nobody was heard for longer than coverage is open still is one that heard others once. */
static void wire__silent_for_months__hears(void **state)
{
	struct rig *r = *state;
	struct ready n;

	moves(r);
	for (int64_t hour = 10; hour < 120 * 24; hour++)
		hear(r, hour, 0);
	for (int i = 0; i < 3; i++)
		stand(r, "pc", 120 * D + i * 60 * S, "released");
	n = rig_network_of(r);
	assert_null(strstr(n.blockers, "\"quiet\""));
	/* Who leaves now is silent, too, as far as anybody can hear. */
	rig_table(r, "sw-1", 120 * D, SEEN_PC);
	stand(r, "pc", 120 * D + 300 * S, "regressed");
	rig_table(r, "sw-9", 120 * D + 1800 * S, SEEN_PC);
	for (int64_t hour = 120 * 24; hour < 120 * 24 + 5; hour++)
		hear(r, hour, 0);
	stand(r, "pc", 120 * D + 5 * H, "released");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(dark__for_months__nobody_moves_back),
		CASE(coverage__settled__counts_for_as_much),
		CASE(wire__silent_for_months__hears),
	};
	return NF_RUN(tests, argc, argv);
}
