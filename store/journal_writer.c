// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/share.h"
#include "base/strbuf.h"
#include "store/journal_files.h"
#include "store/journal_format.h"

#define FILE_BYTES_MAX	(4U << 20)
#define FILE_AGE_US	(15 * 60 * NF_US_PER_S)
#define QUEUE_BYTES_MAX (64U << 20)
/* When the queue is over its cap this much goes at once, so that dropping does not cost every time. */
#define DROP_BYTES (QUEUE_BYTES_MAX / 16)

/* The same series with another shape gets another number, so that samples queued before keep theirs. */
struct number {
	const struct series *series;
	uint32_t shape;
	uint64_t defined_in; /* number of the file that has its definition; 0: none */
};

struct series {
	uint32_t handle;
	uint32_t number;
	const char *network, *device, *name; /* into key */
	UT_hash_handle hh;
	char key[]; /* the three names, each with its NUL */
};

struct shape_entry {
	struct nf_shape shape;
	uint64_t defined_in;
};

struct nf_journal {
	char *dir;
	int fd; /* -1: the next flush begins a file */
	uint64_t file_number;
	size_t file_bytes, file_define_bytes;
	int64_t file_begun_mono_us;
	struct series *by_key, **series; /* by handle */
	size_t series_len, series_cap;
	struct number *numbers;
	size_t numbers_len, numbers_cap;
	struct shape_entry *shapes;
	size_t shapes_len, shapes_cap;
	struct nf_strbuf queue;	  /* sample and rename records */
	struct nf_strbuf defines; /* shapes and definitions that this flush needs */
	uint64_t samples, dropped;
};

enum nf_err nf_journal_open(const char *state_dir, const char *program,
	struct nf_journal **journal, struct nf_error *err)
{
	char *dir = nf_journal_dir(state_dir, program);
	uint64_t last = 0;
	enum nf_err rc = nf_mkdirs(dir, 0750, err);
	if (rc == NF_OK)
		rc = nf_journal_last_file(dir, &last, err);
	if (rc != NF_OK) {
		free(dir);
		return rc;
	}
	struct nf_journal *j = nf_xcalloc(1, sizeof *j);
	j->dir = dir;
	j->fd = -1;
	j->file_number = last;
	*journal = j;
	return NF_OK;
}

static void end_file(struct nf_journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

void nf_journal_close(struct nf_journal *journal)
{
	if (journal == NULL)
		return;
	nf_journal_flush(journal, NULL);
	end_file(journal);
	struct series *s, *next;
	HASH_ITER (hh, journal->by_key, s, next) {
		HASH_DEL(journal->by_key, s);
		free(s);
	}
	free(journal->series);
	free(journal->numbers);
	free(journal->shapes);
	nf_strbuf_free(&journal->queue);
	nf_strbuf_free(&journal->defines);
	free(journal->dir);
	free(journal);
}

static bool same_bound(double a, double b)
{
	return nf_journal_bits(a) == nf_journal_bits(b);
}

static bool same_shape(const struct nf_shape *shape, const struct nf_series_def *def)
{
	if (shape->step_s != def->step_s || shape->heartbeat_s != def->heartbeat_s ||
		shape->ds_len != def->ds_len)
		return false;
	for (size_t i = 0; i < def->ds_len; i++) {
		const struct nf_ds *a = &shape->ds[i], *b = &def->ds[i];
		if (strcmp(a->name, b->name) != 0 || a->kind != b->kind ||
			!same_bound(a->min, b->min) || !same_bound(a->max, b->max))
			return false;
	}
	return true;
}

/* Shapes are few (one a profile's table and link speed). The newest are looked at first. */
static uint32_t shape_of(struct nf_journal *j, const struct nf_series_def *def)
{
	for (size_t i = j->shapes_len; i > 0; i--) {
		if (same_shape(&j->shapes[i - 1].shape, def))
			return (uint32_t)(i - 1);
	}
	j->shapes = nf_grow(j->shapes, j->shapes_len, &j->shapes_cap, sizeof *j->shapes);
	struct shape_entry *entry = &j->shapes[j->shapes_len];
	memset(entry, 0, sizeof *entry);
	entry->shape.step_s = def->step_s;
	entry->shape.heartbeat_s = def->heartbeat_s;
	entry->shape.ds_len = def->ds_len;
	memcpy(entry->shape.ds, def->ds, def->ds_len * sizeof def->ds[0]);
	return (uint32_t)j->shapes_len++;
}

static uint32_t add_number(struct nf_journal *j, const struct series *series, uint32_t shape)
{
	j->numbers = nf_grow(j->numbers, j->numbers_len, &j->numbers_cap, sizeof *j->numbers);
	j->numbers[j->numbers_len] = (struct number){series, shape, 0};
	return (uint32_t)j->numbers_len++;
}

static struct series *add_series(struct nf_journal *j, const char *key, size_t key_len)
{
	struct series *s = nf_xcalloc(1, sizeof *s + key_len);
	memcpy(s->key, key, key_len);
	s->network = s->key;
	s->device = s->network + strlen(s->network) + 1;
	s->name = s->device + strlen(s->device) + 1;
	s->handle = (uint32_t)j->series_len;
	j->series = nf_grow(j->series, j->series_len, &j->series_cap, sizeof *j->series);
	j->series[j->series_len++] = s;
	HASH_ADD_KEYPTR(hh, j->by_key, s->key, key_len, s);
	return s;
}

uint32_t nf_journal_series(struct nf_journal *journal, const struct nf_series_def *def)
{
	struct nf_strbuf key = {0};
	nf_strbuf_add(&key, def->network, strlen(def->network) + 1);
	nf_strbuf_add(&key, def->device, strlen(def->device) + 1);
	nf_strbuf_add(&key, def->series, strlen(def->series) + 1);
	struct series *s;
	HASH_FIND(hh, journal->by_key, key.data, key.len, s);
	uint32_t shape = shape_of(journal, def);
	if (s == NULL) {
		s = add_series(journal, key.data, key.len);
		s->number = add_number(journal, s, shape);
	} else if (journal->numbers[s->number].shape != shape) {
		s->number = add_number(journal, s, shape);
	}
	nf_strbuf_free(&key);
	return s->handle;
}

static size_t record_len(const struct nf_strbuf *queue, size_t at)
{
	uint32_t length;
	memcpy(&length, queue->data + at, sizeof length);
	return NF_JOURNAL_FRAME + le32toh(length);
}

static uint8_t record_type(const struct nf_strbuf *queue, size_t at)
{
	return (uint8_t)queue->data[at + NF_JOURNAL_FRAME];
}

static uint32_t record_number(const struct nf_strbuf *queue, size_t at)
{
	uint32_t number;
	memcpy(&number, queue->data + at + NF_JOURNAL_FRAME + 1, sizeof number);
	return le32toh(number);
}

static uint64_t samples_before(const struct nf_strbuf *queue, size_t end)
{
	uint64_t n = 0;
	for (size_t at = 0; at < end; at += record_len(queue, at))
		n += record_type(queue, at) == NF_JOURNAL_SAMPLE;
	return n;
}

static void cut_front(struct nf_strbuf *queue, size_t bytes)
{
	memmove(queue->data, queue->data + bytes, queue->len - bytes);
	queue->len -= bytes;
}

/* The end of the last whole record that ends at or before `bytes`. */
static size_t whole_records(const struct nf_strbuf *queue, size_t bytes)
{
	size_t at = 0;
	while (at < queue->len && at + record_len(queue, at) <= bytes)
		at += record_len(queue, at);
	return at;
}

static void drop_oldest(struct nf_journal *j)
{
	size_t bytes = whole_records(&j->queue, DROP_BYTES);
	j->dropped += samples_before(&j->queue, bytes);
	cut_front(&j->queue, bytes);
}

void nf_journal_sample(struct nf_journal *journal, uint32_t series, int64_t wall_s,
	const struct nf_value *values)
{
	uint32_t number = journal->series[series]->number;
	uint32_t shape = journal->numbers[number].shape;
	if (journal->queue.len > QUEUE_BYTES_MAX)
		drop_oldest(journal);
	nf_journal_put_sample(
		&journal->queue, number, wall_s, &journal->shapes[shape].shape, values);
}

void nf_journal_rename(
	struct nf_journal *journal, const struct nf_series_def *def, const char *old_series)
{
	nf_journal_put_rename(
		&journal->queue, def->network, def->device, old_series, def->series);
}

static enum nf_err begin_file(struct nf_journal *j, int64_t mono_us, struct nf_error *err)
{
	char *path = nf_journal_file(j->dir, j->file_number + 1);
	int fd = nf_open_shared(path, O_WRONLY | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		/* Another process of this name took the number: the next flush tries the one after. */
		j->file_number += errno == EEXIST;
		enum nf_err rc = nf_error_errno(err, "%s", path);
		free(path);
		return rc;
	}
	struct nf_strbuf header = {0};
	nf_journal_put_header(&header, nf_clock_now().wall_us);
	enum nf_err rc = NF_OK;
	if (write(fd, header.data, header.len) != (ssize_t)header.len) {
		rc = nf_error_errno(err, "%s", path);
		unlink(path);
		close(fd);
	} else {
		j->fd = fd;
		j->file_number++;
		j->file_bytes = header.len;
		j->file_define_bytes = 0;
		j->file_begun_mono_us = mono_us;
	}
	nf_strbuf_free(&header);
	free(path);
	return rc;
}

static void define(struct nf_journal *j, uint32_t n)
{
	struct number *number = &j->numbers[n];
	struct shape_entry *shape = &j->shapes[number->shape];
	if (shape->defined_in != j->file_number) {
		nf_journal_put_shape(&j->defines, number->shape, &shape->shape);
		shape->defined_in = j->file_number;
	}
	nf_journal_put_define(&j->defines, n, number->shape, number->series->network,
		number->series->device, number->series->name);
	number->defined_in = j->file_number;
}

/* What the queue's samples refer to and this file does not have yet. */
static void collect_defines(struct nf_journal *j)
{
	nf_strbuf_clear(&j->defines);
	for (size_t at = 0; at < j->queue.len; at += record_len(&j->queue, at)) {
		if (record_type(&j->queue, at) != NF_JOURNAL_SAMPLE)
			continue;
		uint32_t n = record_number(&j->queue, at);
		if (j->numbers[n].defined_in != j->file_number)
			define(j, n);
	}
}

static void forget_defines(struct nf_journal *j)
{
	for (size_t i = 0; i < j->numbers_len; i++)
		j->numbers[i].defined_in = 0;
	for (size_t i = 0; i < j->shapes_len; i++)
		j->shapes[i].defined_in = 0;
}

/* After a write that took only `done` bytes: whole records stay, the rest goes back. A reader may have
 * seen the whole ones already. */
static void take_back(struct nf_journal *j, size_t done)
{
	size_t kept = 0;
	if (done >= j->defines.len) {
		size_t whole = whole_records(&j->queue, done - j->defines.len);
		kept = j->defines.len + whole;
		j->file_define_bytes += j->defines.len;
		j->samples += samples_before(&j->queue, whole);
		cut_front(&j->queue, whole);
	} else {
		forget_defines(j);
	}
	j->file_bytes += kept;
	if (ftruncate(j->fd, (off_t)j->file_bytes) != 0)
		end_file(j);
}

static enum nf_err write_queue(struct nf_journal *j, struct nf_error *err)
{
	struct iovec parts[2] = {
		{j->defines.data, j->defines.len},
		{j->queue.data,	j->queue.len  },
	};
	size_t total = j->defines.len + j->queue.len;
	ssize_t done = writev(j->fd, parts, 2);
	if (done == (ssize_t)total) {
		j->file_bytes += total;
		j->file_define_bytes += j->defines.len;
		j->samples += samples_before(&j->queue, j->queue.len);
		nf_strbuf_clear(&j->queue);
		return NF_OK;
	}
	if (done >= 0)
		errno = ENOSPC; /* a short write to a file means just that */
	enum nf_err rc = nf_error_errno(err, "%s: cannot write samples", j->dir);
	take_back(j, done > 0 ? (size_t)done : 0);
	return rc;
}

static bool file_is_done(const struct nf_journal *j, int64_t mono_us)
{
	struct stat st;
	/* Somebody deleted it: what is written there would be lost. */
	if (fstat(j->fd, &st) != 0 || st.st_nlink == 0)
		return true;
	return j->file_bytes > FILE_BYTES_MAX + 8 * j->file_define_bytes ||
	       mono_us - j->file_begun_mono_us > FILE_AGE_US;
}

enum nf_err nf_journal_flush(struct nf_journal *journal, struct nf_error *err)
{
	if (journal->queue.len == 0)
		return NF_OK;
	int64_t mono_us = nf_clock_now().mono_us;
	if (journal->fd >= 0 && file_is_done(journal, mono_us))
		end_file(journal);
	if (journal->fd < 0) {
		enum nf_err rc = begin_file(journal, mono_us, err);
		if (rc != NF_OK)
			return rc;
	}
	collect_defines(journal);
	return write_queue(journal, err);
}

struct nf_journal_stats nf_journal_stats(const struct nf_journal *journal)
{
	return (struct nf_journal_stats){
		.samples = journal->samples,
		.dropped = journal->dropped,
		.queued_bytes = journal->queue.len,
	};
}
