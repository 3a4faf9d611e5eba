// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "base/strbuf.h"
#include "store/cutover.h"
#include "tests/store/folder.h"

static struct nf_store *opened(const char *folder)
{
	struct nf_store *store = NULL;
	struct nf_error err;

	assert_int_equal(nf_store_open(folder, NF_STORE_WRITE, 1000, &store, &err), NF_OK);
	return store;
}

static bool put(struct nf_store *store, const char *stage, int64_t at)
{
	const struct nf_stage_row row = {"pc-1", stage, at, at, "{}"};
	const struct nf_stage_change change = {
		"admin", NF_STATE_OK, NF_STATE_WARNING, "why", "{\"reason\":\"lost\"}"};
	bool changed;

	assert_int_equal(nf_stage_put(store, &row, &change, &changed), NF_OK);
	return changed;
}

static void each_stage(const struct nf_stage_row *row, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %lld/%lld; ", row->device, row->stage,
		(long long)row->since_wall_us, (long long)row->computed_wall_us);
}

static void each_event(const struct nf_event *e, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %s %s %s %s; ", e->kind, e->network, e->device, e->check,
		e->output, e->data);
}

static void stage__a_change_is_an_event__the_first_is_not(void **state)
{
	const struct nf_event_filter any = {0};
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	assert_true(put(store, "planned", 10));
	assert_false(put(store, "planned", 20));
	assert_true(put(store, "moved", 30));
	assert_false(put(store, "moved", 40));
	assert_int_equal(nf_stages(store, each_stage, &got), NF_OK);
	assert_int_equal(nf_store_events(store, &any, each_event, &got), NF_OK);
	assert_string_equal(got.data,
		"pc-1 moved 30/40; stage admin pc-1 cutover moved, was planned: why "
		"{\"stage\":\"moved\",\"was\":\"planned\",\"why\":{\"reason\":\"lost\"}}; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void stage__rolled_back__leaves_neither_row_nor_event(void **state)
{
	const struct nf_event_filter any = {0};
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	put(store, "planned", 10);
	assert_int_equal(nf_store_begin(store), NF_OK);
	put(store, "moved", 20);
	nf_store_rollback(store);
	assert_int_equal(nf_stages(store, each_stage, &got), NF_OK);
	assert_int_equal(nf_store_events(store, &any, each_event, &got), NF_OK);
	assert_string_equal(got.data, "pc-1 planned 10/10; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void each_exemption(const struct nf_exemption *e, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %s %lld; ", e->device, e->reason, e->owner,
		(long long)e->until_wall_us);
}

static void each_snapshot(const struct nf_snapshot *s, void *arg)
{
	nf_strbuf_printf(
		arg, "%s %s %lld %s; ", s->wave, s->device, (long long)s->at_wall_us, s->json);
}

static void each_result(const struct nf_wave_result *r, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld %s; ", r->wave, (long long)r->at_wall_us, r->json);
}

static void each_progress(const struct nf_progress *p, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld %s; ", p->network, (long long)p->day, p->json);
}

static void each_network(const struct nf_network_row *n, void *arg)
{
	nf_strbuf_printf(arg, "%s %d %s; ", n->network, n->ready, n->blockers);
}

static void others__are_kept_and_replaced(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	nf_exemption_put(store, &(struct nf_exemption){"pc-1", "old", "bo", 1, 1});
	nf_exemption_put(store, &(struct nf_exemption){"pc-1", "kiln", "anna", 9, 2});
	nf_exemptions(store, each_exemption, &got);
	nf_snapshot_put(store, &(struct nf_snapshot){"w1", "pc-1", 1, "{1}"});
	nf_snapshot_put(store, &(struct nf_snapshot){"w1", "pc-1", 2, "{2}"});
	nf_snapshot_put(store, &(struct nf_snapshot){"w2", "pc-1", 3, "{3}"});
	nf_snapshots(store, "w1", each_snapshot, &got);
	nf_wave_result_put(store, &(struct nf_wave_result){"w1", 5, "{}"});
	nf_wave_results(store, NULL, each_result, &got);
	nf_progress_put(store, &(struct nf_progress){"admin", 7, "{1}"});
	nf_progress_put(store, &(struct nf_progress){"admin", 7, "{2}"});
	nf_progresses(store, "admin", 7, each_progress, &got);
	nf_network_put(store, &(struct nf_network_row){"admin", false, "[1]", 1});
	nf_network_put(store, &(struct nf_network_row){"admin", true, "[]", 2});
	nf_networks(store, each_network, &got);
	assert_string_equal(got.data,
		"pc-1 kiln anna 9; w1 pc-1 2 {2}; w1 pc-1 1 {1}; w1 5 {}; admin 7 {2}; "
		"admin 1 []; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void each_time(const struct nf_snapshot *s, void *arg)
{
	if (strcmp(s->device, "pc-1") == 0)
		nf_strbuf_printf(arg, "%lld ", (long long)s->at_wall_us);
}

static void snapshots__trimmed__but_for_what_is_compared(void **state)
{
	static const struct {
		int64_t before, begins;
		const char *want;
	} rows[] = {
		{5,  20, "35 30 25 12 10 "},
		{32, 20, "35 12 "	 },
		{99, 20, "35 12 "	 },
		{99, 9,	"35 10 "		}, /* none from before: the oldest */
		{30, 0,	"35 30 "		},
		{99, 0,	""		  },
	};
	static const int64_t times[] = {10, 12, 25, 30, 35};
	struct nf_store *store = opened(*state);

	NF_ROWS(i, rows)
	{
		struct nf_strbuf got = {0};

		nf_strbuf_puts(&got, "");
		NF_ROWS(k, times)
		nf_snapshot_put(store, &(struct nf_snapshot){"w1", "pc-1", times[k], "{}"});
		nf_snapshots_trim(store, "w1", "pc-1", rows[i].before, rows[i].begins);
		nf_snapshots(store, "w1", each_time, &got);
		assert_string_equal(got.data, rows[i].want);
		nf_strbuf_free(&got);
	}
	nf_store_close(store);
}

static void results__trimmed__but_for_the_newest(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	for (int64_t at = 1; at <= 4; at++) {
		nf_wave_result_put(store, &(struct nf_wave_result){"w1", at, "{}"});
		nf_wave_result_put(store, &(struct nf_wave_result){"w2", at, "{}"});
	}
	nf_wave_results_trim(store, "w1", 3, true);
	nf_wave_results_trim(store, "w2", 9, true);
	nf_wave_results(store, NULL, each_result, &got);
	nf_wave_results_trim(store, "w2", 9, false);
	nf_wave_results(store, "w2", each_result, &got);
	assert_string_equal(got.data, "w1 4 {}; w2 4 {}; w1 3 {}; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(stage__a_change_is_an_event__the_first_is_not),
		CASE(stage__rolled_back__leaves_neither_row_nor_event),
		CASE(others__are_kept_and_replaced),
		CASE(snapshots__trimmed__but_for_what_is_compared),
		CASE(results__trimmed__but_for_the_newest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
