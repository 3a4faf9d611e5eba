// SPDX-License-Identifier: GPL-3.0-or-later
/* state.db on a disk that fills up; needs the right to mount a small tmpfs of its own. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/store.h"
#include "tests/store/folder.h"

#define DISK_BYTES (96U << 20)

static enum nf_err put(struct nf_store *store, int n)
{
	char device[16];
	snprintf(device, sizeof device, "d%d", n);
	struct nf_check_row row = {
		.network = "n", .device = device, .check = "c", .program = "p"};
	return nf_store_check_put(store, &row);
}

static struct nf_store *opened(const char *folder)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	if (nf_store_open(folder, NF_STORE_WRITE, 200, &store, &err) != NF_OK)
		fail_msg("%s", err.text);
	return store;
}

static void see_finding(const struct nf_event *event, void *arg)
{
	if (strstr(event->output, "full") != NULL)
		++*(int *)arg;
}

static void disk_full__ballast_there__writes_go_on_and_it_is_told(void **state)
{
	struct nf_store *store = opened(*state);
	assert_int_equal(test_count(*state, "ballast"), 1);
	assert_int_equal(put(store, 0), NF_OK);
	test_fill(*state);
	for (int round = 1; round < 200; round++) {
		assert_int_equal(nf_store_begin(store), NF_OK);
		for (int i = 0; i < 20; i++)
			assert_int_equal(put(store, round * 20 + i), NF_OK);
		assert_int_equal(nf_store_commit(store), NF_OK);
	}
	assert_int_equal(test_count(*state, "ballast"), 0);
	struct nf_event_filter all = {0};
	int told = 0;
	assert_int_equal(nf_store_events(store, &all, see_finding, &told), NF_OK);
	assert_int_equal(told, 1);
	test_unfill(*state);
	nf_store_keep_ballast(store);
	assert_int_equal(test_count(*state, "ballast"), 1);
	nf_store_close(store);
}

static void single_write__disk_full__done_with_the_ballast(void **state)
{
	struct nf_store *store = opened(*state);
	test_fill(*state);
	for (int i = 0; i < 500; i++)
		assert_int_equal(put(store, i), NF_OK);
	test_unfill(*state);
	nf_store_close(store);
}

static void no_ballast_left__disk_full__says_so_and_recovers(void **state)
{
	struct nf_store *store = opened(*state);
	char *ballast = nf_xasprintf("%s/ballast", (char *)*state);
	unlink(ballast);
	test_fill(*state);
	enum nf_err rc = NF_OK;
	int n = 0;
	while (rc == NF_OK && n < 100000)
		rc = put(store, n++);
	assert_int_equal(rc, NF_EFULL);
	test_unfill(*state);
	assert_int_equal(put(store, n), NF_OK);
	nf_store_close(store);
	store = opened(*state);
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 0);
	nf_store_close(store);
	free(ballast);
}

static void start__disk_full__uses_the_ballast(void **state)
{
	nf_store_close(opened(*state));
	test_fill(*state);
	struct nf_store *store = opened(*state);
	assert_int_equal(put(store, 1), NF_OK);
	nf_store_close(store);
	test_unfill(*state);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(disk_full__ballast_there__writes_go_on_and_it_is_told),
		CASE(single_write__disk_full__done_with_the_ballast),
		CASE(no_ballast_left__disk_full__says_so_and_recovers),
		CASE(start__disk_full__uses_the_ballast),
	};
	if (!test_mount_small("/tmp", DISK_BYTES)) {
		fputs("skipped: a small tmpfs cannot be mounted here\n", stderr);
		return NF_SKIP;
	}
	return NF_RUN(tests, argc, argv);
}
