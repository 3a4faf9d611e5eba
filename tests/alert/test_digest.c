// SPDX-License-Identifier: GPL-3.0-or-later
/* The morning's mail, and the sign of life. */
#include "alert/digest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/heartbeat.h"
#include "base/mem.h"
#include "tests/alert/rig.h"
#include "tests/test.h"

#define HOUR 3600

static struct nf_picture take(const struct rig *r)
{
	struct nf_picture picture;
	struct nf_error err = {0};
	assert_int_equal(
		nf_picture_take(r->f->site, (struct nf_now){r->now, r->now}, &picture, &err),
		NF_OK);
	return picture;
}

/* store NULL: nothing is recorded of the move. */
static void digest_from(struct rig *r, struct nf_store *store)
{
	struct nf_picture picture = take(r);
	struct nf_moves moves;
	assert_int_equal(nf_moves_read(r->f->site, store, r->now, &moves), NF_OK);
	nf_digest_owe(&r->core, &picture, &moves, 0, r->now);
	nf_moves_free(&moves);
	nf_picture_free(&picture);
	rig_save(r);
}

static void digest(struct rig *r)
{
	digest_from(r, NULL);
}

static size_t digests_with(const struct rig *r, const char *text)
{
	size_t n = 0;
	for (size_t i = 0; i < r->mails_len; i++)
		n += strcmp(r->mails[i].kind, "digest") == 0 &&
		     strstr(r->mails[i].notice, text) != NULL;
	return n;
}

static void digest__time__comes_once_a_day(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	assert_false(nf_digest_is_due(&r->core, r->now)); /* 09:00, the first start */
	r->now += 21 * HOUR * RIG_S;
	assert_false(nf_digest_is_due(&r->core, r->now)); /* 06:00 */
	r->now += HOUR * RIG_S;
	assert_true(nf_digest_is_due(&r->core, r->now));
	digest(r);
	rig_restart(r);
	assert_false(nf_digest_is_due(&r->core, r->now + 60 * RIG_S));
	r->now -= 48 * HOUR * RIG_S; /* the clock is set back */
	assert_false(nf_digest_is_due(&r->core, r->now));
	r->now += 24 * HOUR * RIG_S;
	assert_true(nf_digest_is_due(&r->core, r->now));
	rig_free(r);
}

static void digest__warning_of_the_night__is_told_by_it_and_again_only_when_worse(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += 11 * HOUR * RIG_S;
	rig_set(r, "p2", "toner", NF_STATE_WARNING, "");
	rig_run(r, HOUR);
	r->now += 9 * HOUR * RIG_S; /* 06:00 */
	rig_step(r);
	assert_int_equal(r->mails_len, 0);
	digest(r);
	assert_int_equal(digests_with(r, "#1001 warning: p2"), 2); /* anna, cai */
	assert_int_equal(digests_with(r, "waited for this mail"), 2);
	assert_int_equal(digests_with(r, "0 of 0 proved, 0 came back"), 2);
	r->now += 3 * HOUR * RIG_S; /* within the hours */
	rig_run(r, 60);
	assert_int_equal(r->mails_len, 2);
	rig_set(r, "p2", "toner", NF_STATE_CRITICAL, "");
	rig_run(r, 60);
	assert_int_equal(r->mails_len, 3);
	assert_string_equal(r->mails[2].kind, "problem");
	rig_free(r);
}

static void digest__servers_without_a_job__are_gaps(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	digest(r);
	assert_int_equal(digests_with(r, "\"m1\""), 2);
	assert_int_equal(digests_with(r, "0 of 11 devices are ok"), 2);
	rig_free(r);
}

/* What is exempt is not on the way, and who is in no inventory is: as the migration team is told. */
static void digest__move__is_as_far_as_the_burn_up(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	struct nf_store *store = NULL;
	struct nf_error err = {0};
	struct nf_moves moves;
	struct nf_strbuf words = {0};
	bool changed;
	assert_int_equal(
		nf_store_open(r->f->site->state_dir, NF_STORE_WRITE, 1000, &store, &err),
		NF_OK);
	const struct nf_stage_change change = {"a", NF_STATE_OK, NF_STATE_OK, "x", NULL};
	const struct nf_stage_row rows[] = {
		{"m1", "released", r->now, r->now, "{}"},
		{"m2", "exempt",	 r->now, r->now, "{}"}
	      };
	NF_ROWS(i, rows)
	nf_stage_put(store, &rows[i], &change, &changed);
	const struct nf_progress progress = {"a", r->now / (24 * HOUR * RIG_S),
		"{\"scope\":12,\"proofs\":3,\"unlisted\":4}"};
	nf_progress_put(store, &progress);
	digest_from(r, store);
	assert_int_equal(nf_moves_read(r->f->site, store, r->now, &moves), NF_OK);
	nf_moves_proved_words(&moves.networks[0], &words);
	assert_string_equal(words.data, "3 of 12 proved");
	assert_int_equal(digests_with(r, "a: 3 of 12 proved, 0 came back"), 2);
	nf_strbuf_free(&words);
	nf_moves_free(&moves);
	nf_store_close(store);
	rig_free(r);
}

static void daily_test__contacts__once_a_day(void **state)
{
	(void)state;
	char *site = nf_xasprintf(
		"%salerting: {test_to: [anna, cai], test_at: \"06:30\"}\n", rig_site);
	struct rig *r = rig_new(site, rig_devices);
	for (int hour = 0; hour < 50; hour++) { /* 09:00 of the first day, 10:00 of the third */
		nf_daily_test_owe(&r->core, r->now);
		if (hour == 30)
			rig_restart(r);
		rig_run(r, HOUR);
	}
	char *mails = rig_mails(r);
	assert_string_equal(mails, "test anna #0 ok  0/0\ntest cai #0 ok  0/0\n"
				   "test anna #0 ok  0/0\ntest cai #0 ok  0/0\n");
	free(mails);
	rig_free(r);
	free(site);
}

static void heartbeat__programs__all_that_are_needed_must_live(void **state)
{
	(void)state;
	static const struct {
		const char *program;
		int64_t beat_s; /* ago */
		bool want;
	} rows[] = {
		{"netfold-series", 0,   false}, /* ping is missing */
		{"netfold-ping",	 0,   true },
		{"netfold-verify", 0,   true },
		{"netfold-verify", 300, false},
		{"netfold-verify", 5,   true },
		{"netfold-ping",	 120, false},
	};
	struct rig *r = rig_new(rig_site, rig_devices);
	struct nf_store *store = NULL;
	struct nf_error err = {0};
	assert_int_equal(
		nf_store_open(r->f->site->state_dir, NF_STORE_WRITE, 1000, &store, &err),
		NF_OK);
	NF_ROWS(i, rows)
	{
		nf_store_program_put(
			store, &(struct nf_program_row){.name = rows[i].program,
				       .pid = getpid(),
				       .beat_wall_us = r->now - rows[i].beat_s * RIG_S,
				       .json = "{}"});
		struct nf_picture picture = take(r);
		struct nf_strbuf why = {0};
		assert_int_equal(nf_heartbeat_is_healthy(&picture, &why), rows[i].want);
		assert_int_equal(why.len == 0, rows[i].want);
		nf_strbuf_free(&why);
		nf_picture_free(&picture);
	}
	nf_store_close(store);
	rig_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest__time__comes_once_a_day),
		cmocka_unit_test(
			digest__warning_of_the_night__is_told_by_it_and_again_only_when_worse),
		cmocka_unit_test(digest__servers_without_a_job__are_gaps),
		cmocka_unit_test(digest__move__is_as_far_as_the_burn_up),
		cmocka_unit_test(daily_test__contacts__once_a_day),
		cmocka_unit_test(heartbeat__programs__all_that_are_needed_must_live),
	};
	return NF_RUN(tests, argc, argv);
}
