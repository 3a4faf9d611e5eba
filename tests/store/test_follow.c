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
#include "tests/store/samples.h"

#define SERIES 16U

static void note(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg)
{
	nf_strbuf_printf(
		arg, "%s %s/%s/%s: %s\n", good ? "good" : "bad", network, device, series, text);
}

static struct nf_now at(int64_t wall_s, int64_t mono_s)
{
	return (struct nf_now){wall_s * NF_US_PER_S, mono_s * NF_US_PER_S};
}

static struct nf_now late_enough(void)
{
	return at(START + 100000, 100);
}

static void read_all(struct nf_follow *follow)
{
	while (nf_follow_read(follow))
		;
}

static void drain(struct nf_follow *follow, struct nf_now now)
{
	read_all(follow);
	nf_follow_write_all(follow, now, 0);
	nf_follow_trim(follow);
}

/* A follower of its own reads, writes and goes. */
static struct nf_follow_stats drain_once(const char *folder, struct nf_strbuf *notes)
{
	struct nf_strbuf unheard = {0};
	struct nf_follow *follow =
		nf_follow_new(folder, note, notes != NULL ? notes : &unheard);
	drain(follow, late_enough());
	struct nf_follow_stats stats = nf_follow_stats(follow);
	nf_follow_free(follow);
	nf_strbuf_free(&unheard);
	return stats;
}

static void check(const char *folder, unsigned int series, int from, int to)
{
	for (unsigned int n = 0; n < series; n++) {
		char *wrong = samples_wrong(folder, n, from, to);
		if (wrong != NULL)
			fail_msg("%s", wrong);
	}
}

static char *path_of(const char *folder, unsigned int n)
{
	struct nf_series_def def = samples_def(n);
	return nf_series_path(folder, def.network, def.device, def.series);
}

static size_t beside(const char *path, const char *what)
{
	const char *slash = strrchr(path, '/');
	char *dir = nf_xstrndup(path, (size_t)(slash - path));
	char *begin = nf_xasprintf("%s%s", slash + 1, what);
	size_t n = test_count(dir, begin);
	free(dir);
	free(begin);
	return n;
}

static void samples__drained__each_in_its_place_and_nothing_left(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, SERIES, 0, 100);
	struct nf_follow_stats stats = drain_once(*state, NULL);
	assert_int_equal(stats.written, SERIES * 100);
	assert_int_equal(stats.queue, 0);
	assert_int_equal(stats.made, SERIES);
	assert_int_equal(stats.past + stats.future + stats.refused, 0);
	check(*state, SERIES, 0, 100);
	nf_journal_close(journal);
}

static void journal__read_again__nothing_doubled(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, SERIES, 0, 50);
	drain_once(*state, NULL);
	samples_write(journal, SERIES, 50, 70);
	struct nf_follow_stats stats = drain_once(*state, NULL);
	assert_int_equal(stats.past, SERIES * 50);
	assert_int_equal(stats.written, SERIES * 20);
	assert_int_equal(stats.made, 0);
	check(*state, SERIES, 0, 70);
	nf_journal_close(journal);
}

static void round__few_series__all_written_within_ten_seconds(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, SERIES, 0, 3);
	for (int second = 0; second < 12; second++) {
		read_all(follow);
		nf_follow_write(follow, at(START + 1000 + second, 100 + second));
	}
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(nf_follow_stats(follow).period_s, 10);
	assert_int_equal(notes.len, 0);
	check(*state, SERIES, 0, 3);
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
		drain_once(folder, NULL);
		nf_journal_close(journal);
		char *path = path_of(folder, 0), *journals = nf_xasprintf("%s/journal", folder);
		test_tree_remove(journals);
		rows[i].damage(folder, path);
		journal = samples_open(folder);
		samples_write(journal, 2, 10, 20);
		struct nf_follow_stats stats = drain_once(folder, &notes);
		if (stats.replaced != 1 || stats.queue != 0 || beside(path, ".damaged-") != 1)
			fail_msg("%s: not replaced", rows[i].name);
		assert_non_null(strstr(
			only_line(&notes), "bad jakgym/sw/2/interface eth0: the series"));
		check(folder, 1, 10, 20);
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
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 3, 0, 10);
	drain(follow, late_enough());
	char *first = path_of(*state, 0), *second = path_of(*state, 1);
	as_garbage(*state, first);
	assert_int_equal(unlink(second), 0);
	samples_write(journal, 3, 10, 20);
	drain(follow, late_enough());
	assert_int_equal(nf_follow_stats(follow).replaced, 1);
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	check(*state, 2, 10, 20);
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
	char *path = path_of(*state, 0);
	drain_once(*state, NULL);
	assert_int_equal(truncate(path, 0), 0);
	struct nf_follow_stats stats = drain_once(*state, &notes);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(notes.len, 0);
	check(*state, 1, 0, 5);
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
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 2, 0, 10);
	drain(follow, late_enough());
	char *path = path_of(*state, 0);
	int hold = -1;
	pid_t child = lock_in_child(path, &hold);
	samples_write(journal, 2, 10, 20);
	drain(follow, late_enough());
	assert_int_equal(nf_follow_stats(follow).queue, 10);
	assert_int_equal(nf_follow_stats(follow).written, 30);
	close(hold);
	waitpid(child, NULL, 0);
	drain(follow, late_enough());
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(notes.len, 0);
	check(*state, 2, 0, 20);
	nf_follow_free(follow);
	nf_journal_close(journal);
	free(path);
}

/* One sample of series 0 with a definition of its own. */
static void write_defined(struct nf_journal *journal, const struct nf_series_def *def, int i,
	const struct nf_value *values)
{
	nf_journal_sample(journal, nf_journal_series(journal, def),
		START + (int64_t)i * def->step_s, values);
	nf_journal_flush(journal, NULL);
}

static struct nf_rrd_info look(const char *path)
{
	struct nf_rrd_info info;
	struct nf_error err;
	if (nf_rrd_look(path, &info, &err) != NF_OK)
		fail_msg("%s", err.text);
	return info;
}

static double value_at(const char *path, int64_t wall_s, uint32_t step_s, const char *name)
{
	struct nf_series_data d;
	struct nf_error err;
	double v = NAN;
	if (nf_series_fetch(path, NF_AVERAGE, wall_s - step_s, wall_s, step_s, &d, &err) !=
		NF_OK)
		fail_msg("%s", err.text);
	for (size_t c = 0; c < d.columns; c++) {
		if (strcmp(d.names[c], name) == 0 && d.step_s == step_s)
			v = d.values[c];
	}
	nf_series_data_free(&d);
	return v;
}

static void definition__grown__history_stays(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 10);
	struct nf_follow_stats stats = drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.ds_len = 3;
	def.ds[2] = def.ds[1];
	def.ds[1] = (struct nf_ds){"errors", NF_DS_GAUGE, 0, NAN};
	struct nf_value values[] = {
		{.known = true, .gauge = 10	   },
		      {.known = true, .gauge = 5	},
		{.known = true, .counter = 11 * 60}
	   };
	write_defined(journal, &def, 10, values);
	stats = drain_once(*state, NULL);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(stats.written, 1);
	char *path = path_of(*state, 0);
	assert_int_equal(look(path).shape.ds_len, 3);
	assert_int_equal(beside(path, ".damaged-"), 0);
	assert_true(value_at(path, START + 60 * 4, 60, "level") == 4);
	assert_true(fabs(value_at(path, START + 60 * 4, 60, "octets") - 1) < 1e-9);
	assert_true(value_at(path, START + 60 * 10, 60, "level") == 10);
	assert_true(value_at(path, START + 60 * 10, 60, "errors") == 5);
	assert_true(fabs(value_at(path, START + 60 * 10, 60, "octets") - 1) < 1e-9);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_order_or_fewer__same_file(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 5);
	drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	struct nf_ds first = def.ds[0];
	def.ds[0] = def.ds[1];
	def.ds[1] = first;
	struct nf_value values[] = {
		{.known = true, .counter = 6 * 60},
		    {.known = true, .gauge = 5	      }
	       };
	write_defined(journal, &def, 5, values);
	drain_once(*state, NULL);
	check(*state, 1, 0, 6);
	def.ds_len = 1;
	values[0].counter = 7 * 60;
	write_defined(journal, &def, 6, values);
	struct nf_follow_stats stats = drain_once(*state, NULL);
	assert_int_equal(stats.written, 1);
	char *path = path_of(*state, 0);
	assert_true(value_at(path, START + 60 * 5, 60, "level") == 5);
	assert_true(isnan(value_at(path, START + 60 * 6, 60, "level")));
	assert_true(fabs(value_at(path, START + 60 * 6, 60, "octets") - 1) < 1e-9);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_bounds__tuned(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 5);
	drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.heartbeat_s = 600;
	def.ds[0].min = -5;
	def.ds[1].max = 2e12;
	struct nf_value values[] = {
		{.known = true, .gauge = 5	  },
		     {.known = true, .counter = 6 * 60}
	       };
	write_defined(journal, &def, 5, values);
	drain_once(*state, NULL);
	char *path = path_of(*state, 0);
	struct nf_rrd_info info = look(path);
	assert_int_equal(info.shape.heartbeat_s, 600);
	assert_true(info.shape.ds[0].min == -5);
	assert_true(isnan(info.shape.ds[0].max));
	assert_true(info.shape.ds[1].max == 2e12);
	check(*state, 1, 0, 6);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_step__history_stays(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 20);
	drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.step_s = 30;
	for (int i = 40; i < 50; i++) {
		struct nf_value values[] = {
			{.known = true, .gauge = i			  },
			{.known = true, .counter = (uint64_t)(i + 2) * 30}
		  };
		write_defined(journal, &def, i, values);
	}
	struct nf_follow_stats stats = drain_once(*state, NULL);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(stats.written, 10);
	char *path = path_of(*state, 0);
	assert_int_equal(look(path).shape.step_s, 30);
	assert_true(value_at(path, START + 45 * 30, 30, "level") == 45);
	assert_true(fabs(value_at(path, START + 10 * 60, 30, "level") - 10) < 1);
	nf_journal_close(journal);
	free(path);
}

static void rename__file_and_samples_go_along(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	struct nf_series_def old = samples_def(0), new = samples_def(0);
	new.series = "interface Gi1/0/1";
	samples_write(journal, 1, 0, 10);
	drain_once(*state, NULL);
	samples_write(journal, 1, 10, 12); /* still in the journal when the name changes */
	nf_journal_rename(journal, &new, old.series);
	struct nf_value values[] = {
		{.known = true, .gauge = 12	   },
		      {.known = true, .counter = 13 * 60}
	 };
	write_defined(journal, &new, 12, values);
	char *old_path = path_of(*state, 0),
	     *new_path = nf_series_path(*state, new.network, new.device, new.series);
	for (int replay = 0; replay < 3; replay++) {
		struct nf_follow_stats stats = drain_once(*state, NULL);
		assert_int_equal(stats.queue, 0);
		assert_int_equal(access(old_path, F_OK), -1);
		for (int i = 0; i < 13; i++)
			assert_true(value_at(new_path, START + 60 * i, 60, "level") == i);
	}
	nf_journal_close(journal);
	free(old_path);
	free(new_path);
}

static void rename__new_name_has_a_file__both_stay(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 3, 0, 5);
	drain_once(*state, NULL);
	struct nf_series_def first = samples_def(0), third = samples_def(2);
	nf_journal_rename(journal, &third, first.series); /* same network and device */
	samples_write(journal, 3, 5, 8);
	drain_once(*state, NULL);
	check(*state, 3, 0, 8);
	nf_journal_close(journal);
}

static void clock__back_an_hour__goes_on_when_the_time_has_passed(void **state)
{
	struct nf_strbuf notes = {0};
	struct nf_journal *journal = samples_open(*state);
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 2, 60, 90);
	drain(follow, at(START + 90 * 60, 1000));
	samples_write(journal, 2, 30, 90); /* an hour earlier, again */
	drain(follow, at(START + 31 * 60, 1060));
	drain(follow, at(START + 90 * 60, 1000 + 60 * 60));
	samples_write(journal, 2, 90, 100);
	drain(follow, at(START + 100 * 60, 1000 + 70 * 60));
	assert_int_equal(nf_follow_stats(follow).queue, 0);
	assert_int_equal(nf_follow_stats(follow).written, 2 * 40);
	check(*state, 2, 60, 100);
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
		struct nf_follow *follow = nf_follow_new(folder, note, &notes);
		int ahead = (int)(jumps_s[i] / STEP);
		samples_write(journal, 2, 0, 10);
		drain(follow, at(START + 10 * 60, 1000));
		samples_write(journal, 2, 10 + ahead, 15 + ahead);
		drain(follow, at(START + 15 * 60 + jumps_s[i], 1300));
		assert_int_equal(nf_follow_stats(follow).queue, 2 * 5);
		assert_true(nf_follow_stats(follow).clock_held);
		samples_write(journal, 2, 15, 25);
		drain(follow, at(START + 25 * 60, 1900));
		assert_int_equal(nf_follow_stats(follow).future, 2 * 5);
		assert_int_equal(nf_follow_stats(follow).queue, 0);
		assert_non_null(strstr(notes.data, "bad //: the clock jumped"));
		assert_non_null(strstr(notes.data, "good //: the clock"));
		char *path = path_of(folder, 0);
		assert_true(value_at(path, START + 9 * 60, 60, "level") == 9);
		assert_true(value_at(path, START + 24 * 60, 60, "level") == 24);
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
	struct nf_follow *follow = nf_follow_new(*state, note, &notes);
	samples_write(journal, 1, 0, 5);
	drain(follow, at(START + 5 * 60, 1000));
	samples_write(journal, 1, 65, 80);
	for (int minute = 0; minute < 20; minute++)
		drain(follow, at(START + (65 + minute) * 60, 1300 + minute * 60));
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
	struct nf_follow_stats stats = drain_once(*state, NULL);
	assert_int_equal(stats.queue, 0);
	assert_int_equal(stats.written, 5);
	check(*state, 1, 0, 5);
	nf_journal_close(journal);
}

static void counters__at_64_bits__rates_are_right(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	struct nf_series_def def = samples_def(0);
	for (int i = 0; i < 4; i++) {
		struct nf_value values[] = {
			{.known = true, .gauge = 0.1 + i				},
			{.known = true, .counter = UINT64_MAX - 1000 + (uint64_t)i * 120}
		 };
		write_defined(journal, &def, i, values);
	}
	/* A reset gives unknown, never a spike. */
	struct nf_value reset[] = {
		{.known = false},
		  { .known = true,  .counter = 5}
	       };
	write_defined(journal, &def, 4, reset);
	drain_once(*state, NULL);
	char *path = path_of(*state, 0);
	assert_true(fabs(value_at(path, START + 2 * 60, 60, "octets") - 2) < 1e-9);
	assert_true(value_at(path, START + 2 * 60, 60, "level") == 2.1);
	assert_true(isnan(value_at(path, START + 4 * 60, 60, "octets")));
	assert_true(isnan(value_at(path, START + 4 * 60, 60, "level")));
	nf_journal_close(journal);
	free(path);
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
	drain_once(*state, NULL);
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
		CASE(definition__grown__history_stays),
		CASE(definition__other_order_or_fewer__same_file),
		CASE(definition__other_bounds__tuned),
		CASE(definition__other_step__history_stays),
		CASE(rename__file_and_samples_go_along),
		CASE(rename__new_name_has_a_file__both_stay),
		CASE(clock__back_an_hour__goes_on_when_the_time_has_passed),
		CASE(clock__ahead_and_corrected__nothing_poisoned),
		CASE(clock__ahead_for_good__believed_after_a_while),
		CASE(clock__never_set__dropped),
		CASE(counters__at_64_bits__rates_are_right),
		CASE(list__names_come_back),
	};
	return NF_RUN(tests, argc, argv);
}
