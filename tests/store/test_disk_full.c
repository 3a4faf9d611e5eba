// SPDX-License-Identifier: GPL-3.0-or-later
/* state.db, journals and RRDs on a disk that fills up; needs the right to mount a small tmpfs. */
#include "tests/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "store/follow.h"
#include "store/series.h"
#include "store/store.h"
#include "tests/store/folder.h"
#include "tests/store/samples.h"

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

static void note(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg)
{
	(void)text;
	nf_strbuf_printf(arg, "%s %s/%s/%s\n", good ? "good" : "bad", network, device, series);
}

static void drain(struct nf_follow *follow, int64_t mono_s)
{
	struct nf_now now = {(START + 100000) * NF_US_PER_S, mono_s * NF_US_PER_S};
	while (nf_follow_read(follow))
		;
	nf_follow_write_all(follow, now, 0);
	nf_follow_trim(follow);
}

static void check(const char *folder, unsigned int series, int from, int to)
{
	for (unsigned int n = 0; n < series; n++) {
		char *wrong = samples_wrong(folder, n, from, to);
		if (wrong != NULL)
			fail_msg("%s", wrong);
	}
}

static void journal__disk_full__queued_and_written_later(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 8, 0, 10);
	drain(follow, 100);
	test_fill(*state);
	samples_write(
		journal, 8, 10, 500); /* what finds room in the last block, and what does not */
	assert_true(nf_journal_stats(journal).queued_bytes > 100000);
	drain(follow, 200);
	assert_int_equal(nf_follow_stats(follow).damaged_records, 0);
	test_unfill(*state);
	assert_int_equal(nf_journal_flush(journal, NULL), NF_OK);
	assert_int_equal(nf_journal_stats(journal).queued_bytes, 0);
	assert_int_equal(nf_journal_stats(journal).dropped, 0);
	drain(follow, 300);
	assert_int_equal(nf_follow_stats(follow).samples, 8 * 500);
	assert_int_equal(nf_follow_stats(follow).damaged_records, 0);
	check(*state, 8, 0, 500);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
}

static void series__disk_full__wait_and_are_written_later(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 4, 0, 10);
	drain(follow, 100);
	samples_write(journal, 16, 10, 20);
	test_fill(*state);
	for (int64_t mono_s = 200; mono_s < 260; mono_s++)
		drain(follow, mono_s);
	assert_true(nf_follow_stats(follow).disk_full);
	assert_int_equal(nf_follow_stats(follow).queue, 16 * 10);
	assert_string_equal(notes.data, "bad //\n");
	test_unfill(*state);
	drain(follow, 300);
	assert_false(nf_follow_stats(follow).disk_full);
	assert_string_equal(notes.data, "bad //\ngood //\n");
	check(*state, 4, 0, 20);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
}

/* An RRD with holes, as cp --sparse leaves it, kills who maps it on a full disk. */
static void holes__disk_nearly_full__filled_or_waited_for(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 10);
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	drain(follow, 100);
	nf_follow_free(follow);
	struct nf_series_def def = samples_def(0);
	char *path = nf_series_path(*state, def.network, def.device, def.series);
	int fd = open(path, O_RDWR);
	assert_int_equal(
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192, 80000), 0);
	close(fd);
	samples_write(journal, 1, 10, 20);
	follow = nf_follow_new(*state, note, &notes);
	test_fill(*state);
	drain(follow, 200);
	assert_int_equal(nf_follow_stats(follow).written, 0);
	test_unfill(*state);
	drain(follow, 300);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_blocks * 512 >= st.st_size);
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
	free(path);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(disk_full__ballast_there__writes_go_on_and_it_is_told),
		CASE(single_write__disk_full__done_with_the_ballast),
		CASE(no_ballast_left__disk_full__says_so_and_recovers),
		CASE(start__disk_full__uses_the_ballast),
		CASE(journal__disk_full__queued_and_written_later),
		CASE(series__disk_full__wait_and_are_written_later),
		CASE(holes__disk_nearly_full__filled_or_waited_for),
	};
	if (!test_mount_small("/tmp", DISK_BYTES)) {
		fputs("skipped: a small tmpfs cannot be mounted here\n", stderr);
		return NF_SKIP;
	}
	return NF_RUN(tests, argc, argv);
}
