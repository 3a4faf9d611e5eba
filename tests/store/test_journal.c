// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/crc32c.h"
#include "store/journal_files.h"
#include "store/journal_reader.h"
#include "tests/store/folder.h"

static const struct nf_series_def ping = {
	.network = "admin",
	.device = "sw/1",
	.series = "ping",
	.step_s = 30,
	.heartbeat_s = 90,
	.ds = {{"loss", NF_DS_GAUGE, 0, 100}, {"octets", NF_DS_DERIVE, 0, NAN}},
	.ds_len = 2,
};

static const struct nf_value good[] = {
	{.known = true, .gauge = 12.5	     },
	{.known = true, .counter = UINT64_MAX}
};
static const struct nf_value half[] = {
	{.known = false},
	  { .known = true,  .counter = 7}
};

/* What a reader was told, as text; and the samples, to be read again. */
struct heard {
	struct nf_shapes *shapes;
	struct nf_journal_reader *reader;
	struct nf_strbuf text;
	uint32_t samples;
	uint32_t last_file, last_offset;
};

static void *on_define(const char *network, const char *device, const char *series,
	const struct nf_shape *shape, void *arg)
{
	struct heard *h = arg;
	nf_strbuf_printf(&h->text, "define %s %s %s %u %u %zu\n", network, device, series,
		shape->step_s, shape->heartbeat_s, shape->ds_len);
	return h;
}

static void on_sample(void *series, uint32_t file, uint32_t offset, void *arg)
{
	struct heard *h = arg;
	assert_ptr_equal(series, h);
	h->samples++;
	h->last_file = file;
	h->last_offset = offset;
}

static void on_rename(const char *network, const char *device, const char *old_series,
	const char *new_series, void *arg)
{
	struct heard *h = arg;
	nf_strbuf_printf(
		&h->text, "rename %s %s %s %s\n", network, device, old_series, new_series);
}

static struct heard *listen(const char *folder)
{
	static const struct nf_journal_ops ops = {on_define, on_sample, on_rename};
	struct heard *h = nf_xcalloc(1, sizeof *h);
	h->shapes = nf_shapes_new();
	h->reader = nf_journal_reader_new(folder, h->shapes, &ops, h);
	nf_strbuf_puts(&h->text, "");
	return h;
}

static void stop_listening(struct heard *h)
{
	nf_journal_reader_free(h->reader);
	nf_shapes_free(h->shapes);
	nf_strbuf_free(&h->text);
	free(h);
}

static void hear_all(struct heard *h)
{
	while (nf_journal_reader_read(h->reader, 1 << 20))
		;
}

static struct nf_journal *opened(const char *folder, const char *program)
{
	struct nf_journal *journal = NULL;
	struct nf_error err;
	assert_int_equal(nf_journal_open(folder, program, &journal, &err), NF_OK);
	return journal;
}

static void flush(struct nf_journal *journal)
{
	struct nf_error err;
	if (nf_journal_flush(journal, &err) != NF_OK)
		fail_msg("%s", err.text);
}

static void crc__both_ways__the_known_value(void **state)
{
	(void)state;
	assert_int_equal(nf_crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(nf_crc32c_plain(0, "123456789", 9), 0xe3069283);
	char bytes[100];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7);
	for (size_t len = 0; len < sizeof bytes; len++)
		assert_int_equal(nf_crc32c(0, bytes, len), nf_crc32c_plain(0, bytes, len));
	assert_int_equal(nf_crc32c(nf_crc32c(0, "1234", 4), "56789", 5), 0xe3069283);
}

static void written__read_back__every_value(void **state)
{
	struct nf_journal *journal = opened(*state, "netfold-ping");
	uint32_t series = nf_journal_series(journal, &ping);
	assert_int_equal(nf_journal_series(journal, &ping), series);
	nf_journal_sample(journal, series, 1300000000, half);
	nf_journal_rename(journal, &ping, "old");
	nf_journal_sample(journal, series, 1300000030, good);
	flush(journal);
	struct heard *h = listen(*state);
	hear_all(h);
	assert_string_equal(
		h->text.data, "define admin sw/1 ping 30 90 2\nrename admin sw/1 old ping\n");
	assert_int_equal(h->samples, 2);
	struct nf_journal_record r;
	const struct nf_shape *shape;
	assert_int_equal(
		nf_journal_reader_sample(h->reader, h->last_file, h->last_offset, &r, &shape),
		NF_OK);
	assert_int_equal(r.sample.wall_s, 1300000030);
	assert_int_equal(r.sample.known, 3);
	assert_true(nf_journal_number(r.sample.bits[0]) == 12.5);
	assert_true(r.sample.bits[1] == UINT64_MAX);
	assert_string_equal(shape->ds[1].name, "octets");
	assert_int_equal(shape->ds[1].kind, NF_DS_DERIVE);
	assert_true(isnan(shape->ds[1].max));
	assert_int_equal(nf_journal_stats(journal).samples, 2);
	stop_listening(h);
	nf_journal_close(journal);
}

static void definition__changed__old_samples_keep_theirs(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	struct nf_series_def def = ping;
	uint32_t series = nf_journal_series(journal, &def);
	nf_journal_sample(journal, series, 1300000000, good);
	def.ds_len = 1;
	assert_int_equal(nf_journal_series(journal, &def), series);
	nf_journal_sample(journal, series, 1300000030, good);
	flush(journal);
	struct heard *h = listen(*state);
	hear_all(h);
	assert_string_equal(h->text.data,
		"define admin sw/1 ping 30 90 2\ndefine admin sw/1 ping 30 90 1\n");
	assert_int_equal(h->samples, 2);
	assert_int_equal(nf_journal_reader_stats(h->reader).damaged, 0);
	stop_listening(h);
	nf_journal_close(journal);
}

static void reopened__new_file__old_one_trimmed_when_done(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	nf_journal_sample(journal, nf_journal_series(journal, &ping), 1300000000, good);
	nf_journal_close(journal);
	struct heard *h = listen(*state);
	hear_all(h);
	nf_journal_reader_done(h->reader, h->last_file);
	nf_journal_reader_trim(h->reader);
	assert_int_equal(nf_journal_reader_stats(h->reader).files, 1); /* the last: may grow */
	journal = opened(*state, "p");
	nf_journal_sample(journal, nf_journal_series(journal, &ping), 1300000030, good);
	flush(journal);
	hear_all(h);
	nf_journal_reader_trim(h->reader);
	assert_int_equal(h->samples, 2);
	assert_int_equal(nf_journal_reader_stats(h->reader).files, 1);
	char *dir = nf_journal_dir(*state, "p");
	assert_int_equal(test_count(dir, "0000000000000001"), 0);
	assert_int_equal(test_count(dir, "0000000000000002"), 1);
	/* What is owed stays. */
	nf_journal_close(journal);
	journal = opened(*state, "p");
	nf_journal_sample(journal, nf_journal_series(journal, &ping), 1300000060, good);
	flush(journal);
	hear_all(h);
	nf_journal_reader_trim(h->reader);
	assert_int_equal(test_count(dir, "0000000000000002"), 1);
	free(dir);
	stop_listening(h);
	nf_journal_close(journal);
}

static void deleted_by_hand__writer_begins_another(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	uint32_t series = nf_journal_series(journal, &ping);
	nf_journal_sample(journal, series, 1300000000, good);
	flush(journal);
	char *dir = nf_journal_dir(*state, "p"), *file = nf_journal_file(dir, 1);
	assert_int_equal(unlink(file), 0);
	nf_journal_sample(journal, series, 1300000030, good);
	flush(journal);
	struct heard *h = listen(*state);
	hear_all(h);
	assert_int_equal(h->samples, 1);
	stop_listening(h);
	nf_journal_close(journal);
	free(dir);
	free(file);
}

static void damaged__each_place__the_rest_is_read(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	uint32_t series = nf_journal_series(journal, &ping);
	for (int i = 0; i < 100; i++)
		nf_journal_sample(journal, series, 1300000000 + i * 30, good);
	flush(journal);
	char *dir = nf_journal_dir(*state, "p"), *file = nf_journal_file(dir, 1);
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	const long sample_bytes = NF_JOURNAL_FRAME + 16 + 16;
	long first = (long)st.st_size - 100 * sample_bytes;
	static const struct {
		const char *name;
		long record, at;
		size_t len;
		uint32_t left;
	} rows[] = {
		{"a body",	   3,  12, 4,			     99},
		{"a length",	     10, 0,  4,			       98},
		{"three records", 20, 0,	 3 * (NF_JOURNAL_FRAME + 32), 95},
	};
	NF_ROWS(i, rows)
	{
		test_flip(
			file, first + rows[i].record * sample_bytes + rows[i].at, rows[i].len);
		struct heard *h = listen(*state);
		hear_all(h);
		if (h->samples != rows[i].left)
			fail_msg("%s: %u samples", rows[i].name, h->samples);
		assert_true(nf_journal_reader_stats(h->reader).damaged > 0);
		stop_listening(h);
	}
	nf_journal_close(journal);
	free(dir);
	free(file);
}

static void cut_anywhere__whole_records_are_read(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	uint32_t series = nf_journal_series(journal, &ping);
	for (int i = 0; i < 5; i++)
		nf_journal_sample(journal, series, 1300000000 + i * 30, good);
	nf_journal_close(journal);
	char *dir = nf_journal_dir(*state, "p"), *file = nf_journal_file(dir, 1);
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	const uint32_t sample_bytes = NF_JOURNAL_FRAME + 16 + 16;
	for (long size = st.st_size - 1; size >= 0; size--) {
		assert_int_equal(truncate(file, size), 0);
		struct heard *h = listen(*state);
		hear_all(h);
		uint32_t missing =
			(uint32_t)(st.st_size - size + sample_bytes - 1) / sample_bytes;
		assert_int_equal(h->samples, missing >= 5 ? 0 : 5 - missing);
		assert_int_equal(nf_journal_reader_stats(h->reader).damaged, 0);
		stop_listening(h);
	}
	free(dir);
	free(file);
}

static void foreign__newer_or_no_journal__left_alone(void **state)
{
	struct nf_journal *journal = opened(*state, "p");
	nf_journal_sample(journal, nf_journal_series(journal, &ping), 1300000000, good);
	nf_journal_close(journal);
	char *dir = nf_journal_dir(*state, "p"), *file = nf_journal_file(dir, 1);
	test_flip(file, 3, 5);
	journal = opened(*state, "p");
	nf_journal_sample(journal, nf_journal_series(journal, &ping), 1300000000, good);
	flush(journal);
	struct heard *h = listen(*state);
	hear_all(h);
	nf_journal_reader_trim(h->reader);
	assert_int_equal(h->samples, 1);
	assert_int_equal(access(file, F_OK), 0);
	stop_listening(h);
	nf_journal_close(journal);
	free(dir);
	free(file);
}

/* Flushes a sample after the other; says each flushed one on the pipe. */
static void write_for_ever(const char *folder, int out)
{
	struct nf_journal *journal = NULL;
	struct nf_error err;
	if (nf_journal_open(folder, "p", &journal, &err) != NF_OK)
		_exit(1);
	uint32_t series = nf_journal_series(journal, &ping);
	for (int64_t at = 1300000000;; at++) {
		nf_journal_sample(journal, series, at, good);
		if (nf_journal_flush(journal, &err) != NF_OK || write(out, "x", 1) != 1)
			_exit(1);
	}
}

static void writer__killed__no_flushed_sample_lost(void **state)
{
	uint32_t said = 0;
	for (int round = 0; round < 25; round++) {
		int out[2];
		char c;
		assert_int_equal(pipe(out), 0);
		pid_t child = fork();
		if (child == 0)
			write_for_ever(*state, out[1]);
		close(out[1]);
		for (int i = 0; i <= round * 13; i++)
			said += read(out[0], &c, 1) == 1;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(out[0], &c, 1) == 1)
			said++;
		close(out[0]);
	}
	struct heard *h = listen(*state);
	hear_all(h);
	assert_true(said > 3000);
	assert_in_range(h->samples, said, said + 25); /* flushed, not yet said */
	assert_int_equal(nf_journal_reader_stats(h->reader).damaged, 0);
	stop_listening(h);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc__both_ways__the_known_value),
		CASE(written__read_back__every_value),
		CASE(definition__changed__old_samples_keep_theirs),
		CASE(reopened__new_file__old_one_trimmed_when_done),
		CASE(deleted_by_hand__writer_begins_another),
		CASE(damaged__each_place__the_rest_is_read),
		CASE(cut_anywhere__whole_records_are_read),
		CASE(foreign__newer_or_no_journal__left_alone),
		CASE(writer__killed__no_flushed_sample_lost),
	};
	return NF_RUN(tests, argc, argv);
}
