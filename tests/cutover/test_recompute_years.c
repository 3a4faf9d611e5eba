// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
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

#define PRINTER	 "00:1b:21:00:00:08"
#define STRANGER "00:1b:21:00:00:98"

static void bound(struct rig *r, const char *mac, int64_t at)
{
	char arp[100];

	snprintf(arp, sizeof arp, "[{\"mac\":\"%s\",\"address\":\"10.1.0.8\"}]", mac);
	rig_fact(r, "sw-1", "arp", arp, at);
}

/* The printer, whose MAC is learned from its old address, is behind sw-9 from the second hour on. */
static void printer_moves(struct rig *r)
{
	bound(r, PRINTER, 0);
	rig_table(r, "sw-1", 0, "[{\"mac\":\"" PRINTER "\",\"port\":1,\"ifIndex\":1}]");
	stand(r, "printer", 60 * S, "planned");
	rig_table(r, "sw-9", H, "[{\"mac\":\"" PRINTER "\",\"port\":1,\"ifIndex\":1}]");
	stand(r, "printer", H + 60 * S, "moved");
	for (int64_t h = 0; h < 10; h++)
		hear(r, h, 100);
	stand(r, "printer", 10 * H, "released");
}

/* netfold-verify runs for a day from then on, in which it forgets what is older than cutover.keep. */
static void forget(struct rig *r, int64_t at)
{
	for (int64_t s = 0; s < 26 * 3600; s += 3600)
		nf_recompute_tick(r->recompute, r->f->site,
			(struct nf_now){T0 + at + s * S, at + (s + 86400) * S});
}

static uint64_t old_days(struct rig *r)
{
	uint64_t old = 0, rest = 0;

	assert_int_equal(nf_ledger_old(r->store, INT64_MAX / 2, &old, &rest), NF_OK);
	return old;
}

static void keep__over__who_moved_has_moved(void **state)
{
	struct rig *r = *state;

	r->f->site->cutover.keep_us = 90 * D;
	printer_moves(r);
	for (int64_t day = 50; day < 400; day += 50) {
		forget(r, day * D);
		stand(r, "printer", (day + 2) * D, "released");
	}
	assert_int_equal(old_days(r), 0);
	/* Who takes its old address over is not the printer; who comes back is. */
	bound(r, STRANGER, 410 * D);
	rig_table(r, "sw-1", 410 * D, "[{\"mac\":\"" STRANGER "\",\"port\":1,\"ifIndex\":1}]");
	stand(r, "printer", 410 * D + 60 * S, "released");
	assert_non_null(strstr(rig_stage_of(r, "printer").json, STRANGER));
	rig_table(r, "sw-1", 411 * D, "[{\"mac\":\"" PRINTER "\",\"port\":1,\"ifIndex\":1}]");
	stand(r, "printer", 411 * D + 60 * S, "regressed");
}

static void take_seen(const struct nf_sighting *s, void *arg)
{
	(void)s;
	++*(size_t *)arg;
}

/* Of who is in no inventory, or no longer, nothing stays. */
static void keep__over__nothing_stays_of_others(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct rig *r = *state;
	size_t count = 0;

	r->f->site->cutover.keep_us = 90 * D;
	printer_moves(r);
	rig_table(r, "sw-1", 11 * H, SEEN_NOT);
	stand(r, "printer", 12 * H, "released");
	forget(r, 100 * D);
	assert_int_equal(nf_sighting_sums(r->store, &any, take_seen, &count), NF_OK);
	assert_int_equal(count, 3); /* its address; on the old side, and on the new one */
	NF_EACH(struct nf_device, d, r->f->site->devices)
	{
		if (strcmp(d->name, "printer") == 0)
			d->legs[0].network = d->legs[0].network + 2; /* c: it does not move */
	}
	forget(r, 102 * D);
	count = 0;
	assert_int_equal(nf_sighting_sums(r->store, &any, take_seen, &count), NF_OK);
	assert_int_equal(count, 0);
}

static void name_snapshot(const struct nf_snapshot *s, void *arg)
{
	nf_strbuf_printf(
		arg, "%s %s %lld, ", s->wave, s->device, (long long)((s->at_wall_us - T0) / D));
}

static void name_result(const struct nf_wave_result *s, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld, ", s->wave, (long long)((s->at_wall_us - T0) / D));
}

/* They name machines and who called them. The wave begins on the eleventh day. */
static void keep__over__waves_keep_what_is_compared(void **state)
{
	static const int64_t days[] = {1, 5, 12, 20};
	struct nf_strbuf got = {0};
	struct rig *r = *state;

	r->f->site->cutover.keep_us = 90 * D;
	rig_table(r, "sw-1", 0, SEEN_PC);
	NF_ROWS(i, days)
	{
		int64_t at = T0 + days[i] * D;

		nf_snapshot_put(r->store, &(struct nf_snapshot){"w", "pc", at, "{}"});
		nf_snapshot_put(r->store, &(struct nf_snapshot){"w", "printer", at, "{}"});
		nf_snapshot_put(r->store, &(struct nf_snapshot){"gone", "pc", at, "{}"});
		nf_wave_result_put(r->store, &(struct nf_wave_result){"w", at, "{}"});
		nf_wave_result_put(r->store, &(struct nf_wave_result){"gone", at, "{}"});
	}
	forget(r, 100 * D);
	nf_snapshots(r->store, NULL, name_snapshot, &got);
	nf_wave_results(r->store, NULL, name_result, &got);
	assert_string_equal(got.data, "gone pc 20, w pc 20, w printer 20, gone pc 12, w pc 12, "
				      "w printer 12, w pc 5, gone 20, w 20, gone 12, w 12, ");
	nf_strbuf_free(&got);
	got = (struct nf_strbuf){0};
	forget(r, 200 * D);
	nf_snapshots(r->store, NULL, name_snapshot, &got);
	nf_wave_results(r->store, NULL, name_result, &got);
	assert_string_equal(got.data, "w pc 20, w pc 5, w 20, ");
	nf_strbuf_free(&got);
}

static bool has_moved(const char *stage)
{
	return strcmp(stage, "moved") == 0 || strcmp(stage, "confirmed") == 0 ||
	       strcmp(stage, "released") == 0;
}

/* Wherever it went: what is forgotten makes nobody move, and nobody come back. */
static void keep__over__after_any_walk__moves_nobody(void **state)
{
	size_t met[2] = {0};

	for (unsigned seed = 0; seed < 40; seed++) {
		assert_int_equal(rig_make(state), 0);
		struct rig *r = *state;
		bool on_old = true, on_new = false;

		srandom(seed);
		for (int64_t at = 0; at <= 6 * D; at += 3 * H) {
			if (random() % 12 == 0)
				on_old = !on_old && seed % 2;
			if (random() % 8 == 0)
				on_new = !on_new || !on_old;
			rig_table(r, "sw-1", at, on_old ? SEEN_PC : SEEN_NOT);
			rig_table(r, "sw-9", at, on_new ? SEEN_PC : SEEN_NOT);
			for (int64_t h = at / H - 2; h <= at / H && h < 144 - seed % 3 * 8; h++)
				hear(r, h, 100);
			ok_ping(r, "pc", at);
			rig_pass(r, at + 30 * S);
		}
		ok_ping(r, "pc", 8 * D);
		rig_pass(r, 8 * D);
		struct found before = rig_stage_of(r, "pc");
		r->f->site->cutover.keep_us = 2 * D;
		forget(r, 9 * D);
		assert_int_equal(old_days(r), 0);
		ok_ping(r, "pc", 11 * D);
		rig_pass(r, 11 * D);
		struct found after = rig_stage_of(r, "pc");
		if (has_moved(before.stage) != has_moved(after.stage))
			fail_msg("seed %u: %s, then %s\n%s\n%s", seed, before.stage,
				after.stage, before.json, after.json);
		met[has_moved(before.stage)]++;
		rig_unmake(state);
	}
	assert_true(met[0] > 3 && met[1] > 3);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(dark__for_months__nobody_moves_back),
		CASE(coverage__settled__counts_for_as_much),
		CASE(wire__silent_for_months__hears),
		CASE(keep__over__who_moved_has_moved),
		CASE(keep__over__nothing_stays_of_others),
		CASE(keep__over__waves_keep_what_is_compared),
		cmocka_unit_test(keep__over__after_any_walk__moves_nobody),
	};
	return NF_RUN(tests, argc, argv);
}
