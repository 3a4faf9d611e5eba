// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "base/strbuf.h"
#include "store/backups.h"
#include "tests/store/folder.h"

static struct nf_store *opened(const char *folder)
{
	struct nf_store *store = NULL;
	struct nf_error err;

	assert_int_equal(nf_store_open(folder, NF_STORE_WRITE, 1000, &store, &err), NF_OK);
	return store;
}

static void add(struct nf_store *store, int64_t at, const char *verdict, int64_t mtime)
{
	struct nf_backup_look look = {
		.job = "j",
		.device = "srv",
		.verdict = verdict,
		.at_wall_us = at,
		.reason = "'); DROP TABLE backup_look; --",
		.path = "/b/a",
		.size = 9,
		.mtime_wall_us = mtime,
		.hash = "sha256:aa",
		.proofs = "[]",
	};
	assert_int_equal(nf_backup_look_add(store, &look), NF_OK);
}

static void collect(const struct nf_backup_look *look, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld/%lld %lld; ", look->verdict,
		(long long)look->since_wall_us, (long long)look->at_wall_us,
		(long long)look->mtime_wall_us);
}

static void looks__since_moves_only_with_the_verdict(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	add(store, 10, "ok", 1);
	add(store, 20, "ok", 2);
	add(store, 30, "bad", 3);
	add(store, 40, "bad", 3);
	assert_int_equal(nf_backup_jobs(store, collect, &got), NF_OK);
	assert_string_equal(got.data, "bad 30/40 3; ");
	nf_strbuf_clear(&got);
	assert_int_equal(nf_backup_proved(store, "j", collect, &got), NF_OK);
	assert_string_equal(got.data, "ok 20/20 2; ok 10/10 1; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void looks__since_and_newest(void **state)
{
	static const struct {
		int64_t since, after;
		const char *want;
	} rows[] = {
		{0,  0, "ok 10/10 1; bad 20/20 2; ok 30/30 3; "},
		{20, 0, "bad 20/20 2; ok 30/30 3; "		   },
		{25, 0, "ok 30/30 3; "			      },
		{0,  2, "ok 30/30 3; "			     },
		{31, 0, ""				     },
	};
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	add(store, 10, "ok", 1);
	add(store, 20, "bad", 2);
	add(store, 30, "ok", 3);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		nf_strbuf_clear(&got);
		assert_int_equal(nf_backup_looks_since(
					 store, rows[i].since, rows[i].after, collect, &got),
			NF_OK);
		assert_string_equal(got.data ? got.data : "", rows[i].want);
	}
	nf_strbuf_clear(&got);
	assert_int_equal(nf_backup_looks_newest(store, "j", 2, collect, &got), NF_OK);
	assert_string_equal(got.data, "ok 30/30 3; bad 20/20 2; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void trim__keeps_the_last_proved_one(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	add(store, 10, "ok", 1);
	add(store, 20, "ok", 2);
	add(store, 30, "bad", 3);
	assert_int_equal(nf_backup_looks_trim(store, 100), NF_OK);
	assert_int_equal(nf_backup_looks(store, "j", 0, collect, &got), NF_OK);
	assert_string_equal(got.data, "ok 20/20 2; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void collect_drill(const struct nf_drill *d, void *arg)
{
	nf_strbuf_printf(arg, "%s %d %s %s %lld", d->job, d->good, d->who, d->note,
		(long long)d->at_wall_us);
}

static void drill__the_last_counts(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	assert_int_equal(
		nf_drill_add(store, &(struct nf_drill){"j", "anna", "n", 20, true}), NF_OK);
	assert_int_equal(
		nf_drill_add(store, &(struct nf_drill){"j", "bo", "old", 10, false}), NF_OK);
	assert_int_equal(
		nf_drill_add(store, &(struct nf_drill){"k", "bo", "other", 30, false}), NF_OK);
	assert_int_equal(nf_drill_last(store, "j", collect_drill, &got), NF_OK);
	assert_string_equal(got.data, "j 1 anna n 20");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(looks__since_moves_only_with_the_verdict),
		CASE(looks__since_and_newest),
		CASE(trim__keeps_the_last_proved_one),
		CASE(drill__the_last_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
