// SPDX-License-Identifier: GPL-3.0-or-later
/* What a reader is shown of a move: what was computed long ago is not shown as if it were true now. */
#include "tests/cutover/rig.h"

#include <string.h>

#include "checks/cutover/moves.h"
#include "checks/cutover/moves_counts.h"
#include "store/cutover.h"

static void network__computed_at__ready_only_while_it_is_fresh(void **state)
{
	static const struct {
		const char *name;
		int64_t at;
		bool computed, stale, ready;
	} rows[] = {
		{"now",		T0,			    true,  false, true },
		{"an hour ago",	T0 - NF_MOVES_STALE_US,	true,  false, true },
		{"over an hour ago", T0 - NF_MOVES_STALE_US - 1, false, true,  false},
		{"days to come",	 T0 + 10 * D,		      false, true,  false},
	};
	struct rig *r = *state;

	NF_ROWS(i, rows)
	{
		struct nf_moves m;
		struct nf_strbuf words = {0};
		const struct nf_network_row row = {"a", true, "[]", rows[i].at};

		assert_int_equal(nf_network_put(r->store, &row), NF_OK);
		assert_int_equal(nf_moves_read(r->f->site, r->store, T0, &m), NF_OK);
		nf_moves_counts_words(&m, &words);
		const struct nf_moves_network *a = &m.networks[0];
		if (a->computed != rows[i].computed || a->stale != rows[i].stale ||
			a->ready != rows[i].ready ||
			(strstr(words.data, "ready to switch off: a") != NULL) != rows[i].ready)
			fail_msg("%s: computed %d stale %d ready %d, %s", rows[i].name,
				a->computed, a->stale, a->ready, words.data);
		assert_true(a->computed_wall_us == rows[i].at);
		nf_strbuf_free(&words);
		nf_moves_free(&m);
	}
}

static void network__never_computed__neither_stale_nor_ready(void **state)
{
	struct rig *r = *state;
	struct nf_moves m;

	assert_int_equal(nf_moves_read(r->f->site, NULL, T0, &m), NF_OK);
	assert_false(m.networks[0].computed || m.networks[0].stale || m.networks[0].ready);
	assert_false(m.all.computed || m.all.ready);
	nf_moves_free(&m);
}

/* Not one of them is stale for a moment, though most passes change nothing. */
static void stage__passes_go_on__never_stale(void **state)
{
	struct rig *r = *state;

	for (int64_t at = 0; at < 3 * H; at += NF_RECOMPUTE_EVERY_US) {
		struct nf_moves m;

		rig_pass(r, at);
		assert_int_equal(nf_moves_read(r->f->site, r->store,
					 T0 + at + NF_RECOMPUTE_EVERY_US, &m),
			NF_OK);
		for (size_t i = 0; i < m.len; i++) {
			assert_true(m.items[i].known);
			assert_false(m.items[i].stale);
		}
		assert_true(m.networks[0].computed);
		nf_moves_free(&m);
	}
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			network__computed_at__ready_only_while_it_is_fresh, rig_make,
			rig_unmake),
		cmocka_unit_test_setup_teardown(
			network__never_computed__neither_stale_nor_ready, rig_make, rig_unmake),
		cmocka_unit_test_setup_teardown(
			stage__passes_go_on__never_stale, rig_make, rig_unmake),
	};
	return NF_RUN(tests, argc, argv);
}
