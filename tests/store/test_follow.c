// SPDX-License-Identifier: GPL-3.0-or-later
/* From a journal into RRDs, with a clock of the test's own. */
#include "tests/test.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "store/follow.h"
#include "store/rrd_file.h"
#include "store/series.h"
#include "store/series_fetch.h"
#include "tests/store/folder.h"
#include "tests/store/follower.h"
#include "tests/store/samples.h"

#define SERIES 16U

static void samples__drained__each_in_its_place_and_nothing_left(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, SERIES, 0, 100);
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.written, SERIES * 100);
	assert_int_equal(stats.queue, 0);
	assert_int_equal(stats.made, SERIES);
	assert_int_equal(stats.past + stats.future + stats.refused, 0);
	follower_check(*state, SERIES, 0, 100);
	nf_journal_close(journal);
}

static void journal__read_again__nothing_doubled(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, SERIES, 0, 50);
	follower_drain_once(*state, NULL);
	samples_write(journal, SERIES, 50, 70);
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.past, SERIES * 50);
	assert_int_equal(stats.written, SERIES * 20);
	assert_int_equal(stats.made, 0);
	follower_check(*state, SERIES, 0, 70);
	nf_journal_close(journal);
}

static void round__few_series__all_written_within_ten_seconds(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, follower_note, &notes);
	samples_write(journal, SERIES, 0, 3);
	for (int second = 0; second < 12; second++) {
		follower_read_all(follow);
		nf_follow_write(follow, follower_at(START + 1000 + second, 100 + second));
	}
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(nf_follow_stats(follow).period_s, 10);
	assert_int_equal(notes.len, 0);
	follower_check(*state, SERIES, 0, 3);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
}

static void file__size_and_holes__bounded_and_none(void **state)
{
	struct nf_shape seven = {.step_s = 60, .heartbeat_s = 180, .ds_len = 7};
	for (size_t i = 0; i < 7; i++) {
		snprintf(seven.ds[i].name, sizeof seven.ds[i].name, "ds%zu", i);
		seven.ds[i].kind = NF_DS_DERIVE;
		seven.ds[i].min = 0;
		seven.ds[i].max = NAN;
	}
	struct nf_rrd_maker *maker = nf_rrd_maker_new(*state);
	struct nf_error err;
	static const uint32_t steps[] = {60, 30};
	NF_ROWS(i, steps)
	{
		char *path = nf_xasprintf("%s/rrd/a/b/%u.rrd", (char *)*state, steps[i]);
		struct nf_rrd_info info;
		struct stat st;
		seven.step_s = steps[i];
		assert_int_equal(nf_rrd_make(maker, path, &seven, START, &info, &err), NF_OK);
		assert_int_equal(info.last_s, START - steps[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_in_range(st.st_size, 100000, 400000);
		assert_true(st.st_blocks * 512 >= st.st_size);
		free(path);
	}
	nf_rrd_maker_free(maker);
}

static void as_garbage(const char *folder, const char *path)
{
	(void)folder;
	test_flip(path, 0, 300);
}

static void as_cut_short(const char *folder, const char *path)
{
	(void)folder;
	assert_int_equal(truncate(path, 5000), 0);
}

static void as_text(const char *folder, const char *path)
{
	(void)folder;
	FILE *f = fopen(path, "w");
	fputs("<html>not an RRD</html>\n", f);
	fclose(f);
}

static void as_folder(const char *folder, const char *path)
{
	(void)folder;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_rrd(const char *folder, const char *path, struct nf_shape shape)
{
	struct nf_rrd_maker *maker = nf_rrd_maker_new(folder);
	struct nf_error err;
	struct nf_rrd_info info;
	assert_int_equal(nf_rrd_make(maker, path, &shape, START, &info, &err), NF_OK);
	nf_rrd_maker_free(maker);
}

static void as_another_thing(const char *folder, const char *path)
{
	struct nf_shape shape = {.step_s = 60,
		.heartbeat_s = 120,
		.ds = {{"other", NF_DS_GAUGE, NAN, NAN}},
		.ds_len = 1};
	make_rrd(folder, path, shape);
}

static void as_another_kind(const char *folder, const char *path)
{
	struct nf_shape shape = {
		.step_s = 60,
		.heartbeat_s = 180,
		.ds = {{"level", NF_DS_DERIVE, NAN, NAN}, {"octets", NF_DS_GAUGE, 0, 1e12}},
		.ds_len = 2
	   };
	make_rrd(folder, path, shape);
}

static const char *only_line(const struct nf_strbuf *notes)
{
	const char *end = notes->data != NULL ? strchr(notes->data, '\n') : NULL;
	return end != NULL && end[1] == '\0' ? notes->data : "not one line";
}

static void damaged_file__each_kind__moved_aside_and_told_once(void **state)
{
	static const struct {
		const char *name;
		void (*damage)(const char *folder, const char *path);
	} rows[] = {
		{"garbage",	    as_garbage      },
		{"cut short",     as_cut_short	  },
		{"text",		 as_text		},
		{"folder",	   as_folder	    },
		{"another thing", as_another_thing},
		{"another kind",	 as_another_kind },
	};
	NF_ROWS(i, rows)
	{
		char *folder = nf_xasprintf("%s/%s", (char *)*state, rows[i].name);
		struct nf_strbuf notes = {0};
		struct nf_journal *journal = samples_open(folder);
		samples_write(journal, 2, 0, 10);
		follower_drain_once(folder, NULL);
		nf_journal_close(journal);
		char *path = follower_path(folder, 0),
		     *journals = nf_xasprintf("%s/journal", folder);
		test_tree_remove(journals);
		rows[i].damage(folder, path);
		journal = samples_open(folder);
		samples_write(journal, 2, 10, 20);
		struct nf_follow_stats stats = follower_drain_once(folder, &notes);
		if (stats.replaced != 1 || stats.queue != 0 ||
			follower_beside(path, ".damaged-") != 1)
			fail_msg("%s: not replaced", rows[i].name);
		assert_non_null(strstr(
			only_line(&notes), "bad jakgym/sw/2/interface eth0: the series"));
		follower_check(folder, 1, 10, 20);
		char *wrong = samples_wrong(folder, 1, 0, 20);
		if (wrong != NULL)
			fail_msg("%s", wrong);
		nf_journal_close(journal);
		nf_strbuf_free(&notes);
		free(journals);
		free(path);
		free(folder);
	}
}

static void file_damaged_or_gone__while_followed__made_anew(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, follower_note, &notes);
	samples_write(journal, 3, 0, 10);
	follower_drain(follow, follower_late());
	char *first = follower_path(*state, 0), *second = follower_path(*state, 1);
	as_garbage(*state, first);
	assert_int_equal(unlink(second), 0);
	samples_write(journal, 3, 10, 20);
	follower_drain(follow, follower_late());
	assert_int_equal(nf_follow_stats(follow).replaced, 1);
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	follower_check(*state, 2, 10, 20);
	char *wrong = samples_wrong(*state, 2, 0, 20);
	assert_null(wrong);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
	free(first);
	free(second);
}

static void empty_file__after_a_power_cut__made_silently(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 5);
	char *path = follower_path(*state, 0);
	follower_drain_once(*state, NULL);
	assert_int_equal(truncate(path, 0), 0);
	struct nf_follow_stats stats = follower_drain_once(*state, &notes);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(notes.len, 0);
	follower_check(*state, 1, 0, 5);
	nf_journal_close(journal);
	free(path);
}

/* A child that holds librrd's lock until it is told to end. */
static pid_t lock_in_child(const char *path, int *hold)
{
	int ready[2], end[2];
	char c;
	assert_int_equal(pipe(ready) | pipe(end), 0);
	pid_t child = fork();
	if (child == 0) {
		struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
		int fd = open(path, O_RDWR);
		close(end[1]);
		if (fcntl(fd, F_SETLK, &lock) != 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(end[0], &c, 1) != 0);
	}
	close(end[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	*hold = end[1];
	return child;
}

static void locked_file__waits__and_is_written_later(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, follower_note, &notes);
	samples_write(journal, 2, 0, 10);
	follower_drain(follow, follower_late());
	char *path = follower_path(*state, 0);
	int hold = -1;
	pid_t child = lock_in_child(path, &hold);
	samples_write(journal, 2, 10, 20);
	follower_drain(follow, follower_late());
	assert_int_equal(nf_follow_stats(follow).queue, 10);
	assert_int_equal(nf_follow_stats(follow).written, 30);
	close(hold);
	waitpid(child, NULL, 0);
	follower_drain(follow, follower_late());
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(notes.len, 0);
	follower_check(*state, 2, 0, 20);
	nf_follow_free(follow);
	nf_journal_close(journal);
	free(path);
}

static void clock__back_an_hour__goes_on_when_the_time_has_passed(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, follower_note, &notes);
	samples_write(journal, 2, 60, 90);
	follower_drain(follow, follower_at(START + 90 * 60, 1000));
	samples_write(journal, 2, 30, 90); /* an hour earlier, again */
	follower_drain(follow, follower_at(START + 31 * 60, 1060));
	follower_drain(follow, follower_at(START + 90 * 60, 1000 + 60 * 60));
	samples_write(journal, 2, 90, 100);
	follower_drain(follow, follower_at(START + 100 * 60, 1000 + 70 * 60));
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(nf_follow_stats(follow).written, 2 * 40);
	follower_check(*state, 2, 60, 100);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
}

static void clock__ahead_and_corrected__nothing_poisoned(void **state)
{
	static const int64_t jumps_s[] = {3600, 10 * 365 * 86400};
	NF_ROWS(i, jumps_s)
	{
		char *folder = nf_xasprintf("%s/%zu", (char *)*state, i);
		struct nf_strbuf notes = {0};
		struct nf_journal *journal = samples_open(folder);
		struct nf_follow *follow = nf_follow_new(folder, follower_note, &notes);
		int ahead = (int)(jumps_s[i] / STEP);
		samples_write(journal, 2, 0, 10);
		follower_drain(follow, follower_at(START + 10 * 60, 1000));
		samples_write(journal, 2, 10 + ahead, 15 + ahead);
		follower_drain(follow, follower_at(START + 15 * 60 + jumps_s[i], 1300));
		assert_int_equal(nf_follow_stats(follow).queue, 2 * 5);
		assert_true(nf_follow_stats(follow).clock_held);
		samples_write(journal, 2, 15, 25);
		follower_drain(follow, follower_at(START + 25 * 60, 1900));
		assert_int_equal(nf_follow_stats(follow).future, 2 * 5);
		assert_int_equal(nf_follow_stats(follow).queue, 0);
		assert_non_null(strstr(notes.data, "bad //: the clock jumped"));
		assert_non_null(strstr(notes.data, "good //: the clock"));
		char *path = follower_path(folder, 0);
		assert_true(follower_value(path, START + 9 * 60, 60, "level") == 9);
		assert_true(follower_value(path, START + 24 * 60, 60, "level") == 24);
		nf_follow_free(follow);
		nf_journal_close(journal);
		nf_strbuf_free(&notes);
		free(path);
		free(folder);
	}
}

static void clock__ahead_for_good__believed_after_a_while(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, follower_note, &notes);
	samples_write(journal, 1, 0, 5);
	follower_drain(follow, follower_at(START + 5 * 60, 1000));
	samples_write(journal, 1, 65, 80);
	for (int minute = 0; minute < 20; minute++)
		follower_drain(
			follow, follower_at(START + (65 + minute) * 60, 1300 + minute * 60));
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(nf_follow_stats(follow).future, 0);
	assert_int_equal(nf_follow_stats(follow).written, 20);
	nf_follow_free(follow);
	nf_journal_close(journal);
	nf_strbuf_free(&notes);
}

static void clock__never_set__dropped(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	struct nf_series_def def = samples_def(0);
	struct nf_value values[2] = {{.known = true}, {.known = true}};
	nf_journal_sample(journal, nf_journal_series(journal, &def), 12, values);
	nf_journal_sample(journal, nf_journal_series(journal, &def), -5, values);
	samples_write(journal, 1, 0, 5);
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.queue, 0);
	assert_int_equal(stats.written, 5);
	follower_check(*state, 1, 0, 5);
	nf_journal_close(journal);
}

static void list_one(const char *network, const char *device, const char *series,
	const char *path, void *arg)
{
	(void)path;
	nf_strbuf_printf(arg, "%s %s %s\n", network, device, series);
}

static void list__names_come_back(void **state)
{
	struct nf_strbuf got = {0};
	assert_int_equal(nf_series_list(*state, NULL, NULL, list_one, &got), NF_ENOENT);
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 2, 0, 2);
	follower_drain_once(*state, NULL);
	assert_int_equal(nf_series_list(*state, NULL, NULL, list_one, &got), NF_OK);
	assert_string_equal(
		got.data, "admin sw/2 interface eth1\njakgym sw/2 interface eth0\n");
	nf_strbuf_clear(&got);
	assert_int_equal(nf_series_list(*state, "admin", "sw/2", list_one, &got), NF_OK);
	assert_string_equal(got.data, "admin sw/2 interface eth1\n");
	nf_journal_close(journal);
	nf_strbuf_free(&got);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(samples__drained__each_in_its_place_and_nothing_left),
		CASE(journal__read_again__nothing_doubled),
		CASE(round__few_series__all_written_within_ten_seconds),
		CASE(file__size_and_holes__bounded_and_none),
		CASE(damaged_file__each_kind__moved_aside_and_told_once),
		CASE(file_damaged_or_gone__while_followed__made_anew),
		CASE(empty_file__after_a_power_cut__made_silently),
		CASE(locked_file__waits__and_is_written_later),
		CASE(clock__back_an_hour__goes_on_when_the_time_has_passed),
		CASE(clock__ahead_and_corrected__nothing_poisoned),
		CASE(clock__ahead_for_good__believed_after_a_while),
		CASE(clock__never_set__dropped),
		CASE(list__names_come_back),
	};
	return NF_RUN(tests, argc, argv);
}
