// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/journal_files.h"

#define CHUNK_BYTES (256U << 10)

struct file {
	char *path; /* NULL: the place is free */
	char *dir;
	uint64_t number;
	int fd;
	uint64_t at;
	uint32_t owed;
	bool seen;     /* in this scan */
	bool last;     /* of its folder: may still grow */
	bool finished; /* nothing more will be read */
	bool foreign;  /* not a journal of this version: not ours to delete */
	bool resync;   /* looking for the next good record */
	const struct nf_shape **shapes;
	size_t shapes_len;
	struct nf_journal_series *series;
	size_t series_len;
};

struct nf_journal_reader {
	char *root;
	struct nf_shapes *shapes;
	struct nf_journal_ops ops;
	void *arg;
	struct file *files;
	size_t len, cap;
	uint8_t *chunk;
	uint64_t samples, damaged;
};

struct nf_journal_reader *nf_journal_reader_new(const char *state_dir, struct nf_shapes *shapes,
	const struct nf_journal_ops *ops, void *arg)
{
	struct nf_journal_reader *r = nf_xcalloc(1, sizeof *r);
	r->root = nf_xasprintf("%s/journal", state_dir);
	r->shapes = shapes;
	r->ops = *ops;
	r->arg = arg;
	r->chunk = nf_xmalloc(CHUNK_BYTES);
	return r;
}

static void let_go(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	free(file->dir);
	free(file->shapes);
	free(file->series);
	*file = (struct file){.fd = -1};
}

void nf_journal_reader_free(struct nf_journal_reader *reader)
{
	if (reader == NULL)
		return;
	for (size_t i = 0; i < reader->len; i++)
		let_go(&reader->files[i]);
	free(reader->files);
	free(reader->root);
	free(reader->chunk);
	free(reader);
}

/* Finding files */

static struct file *known(struct nf_journal_reader *r, const char *dir, uint64_t number)
{
	for (size_t i = 0; i < r->len; i++) {
		struct file *f = &r->files[i];
		if (f->path != NULL && f->number == number && strcmp(f->dir, dir) == 0)
			return f;
	}
	return NULL;
}

static struct file *free_place(struct nf_journal_reader *r)
{
	for (size_t i = 0; i < r->len; i++) {
		if (r->files[i].path == NULL)
			return &r->files[i];
	}
	r->files = nf_grow(r->files, r->len, &r->cap, sizeof *r->files);
	return &r->files[r->len++];
}

static struct file *add_file(struct nf_journal_reader *r, const char *dir, uint64_t number)
{
	char *path = nf_journal_file(dir, number);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		nf_log_limited(path, NF_LOG_ERROR, "journal", "cannot read %s: %s", path,
			strerror(errno));
		free(path);
		return NULL;
	}
	struct file *f = free_place(r);
	*f = (struct file){.path = path, .dir = nf_xstrdup(dir), .number = number, .fd = fd};
	return f;
}

static int is_journal(const struct dirent *e)
{
	uint64_t number;
	return nf_journal_file_number(e->d_name, &number);
}

static void scan_dir(struct nf_journal_reader *r, const char *dir)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_journal, alphasort);
	for (int i = 0; i < n; i++) {
		uint64_t number = 0;
		nf_journal_file_number(entries[i]->d_name, &number);
		struct file *f = known(r, dir, number);
		if (f == NULL)
			f = add_file(r, dir, number);
		if (f != NULL) {
			f->seen = true;
			f->last = i == n - 1;
		}
		free(entries[i]);
	}
	free(entries);
}

static void scan(struct nf_journal_reader *r)
{
	/* A file that somebody deleted is still open here: it is read to its end and then let go. */
	for (size_t i = 0; i < r->len; i++) {
		r->files[i].seen = false;
		r->files[i].last = false;
	}
	DIR *root = opendir(r->root);
	if (root == NULL)
		return;
	for (struct dirent *e; (e = readdir(root)) != NULL;) {
		if (e->d_name[0] == '.')
			continue;
		char *dir = nf_xasprintf("%s/%s", r->root, e->d_name);
		scan_dir(r, dir);
		free(dir);
	}
	closedir(root);
}

/* Taking records */

static void take_shape(
	struct nf_journal_reader *r, struct file *f, const struct nf_journal_record *record)
{
	size_t n = record->shape.number;
	if (n >= f->shapes_len) {
		size_t len = n + 16;
		f->shapes = nf_xreallocarray(f->shapes, len, sizeof(struct nf_shape *));
		memset(f->shapes + f->shapes_len, 0,
			(len - f->shapes_len) * sizeof(struct nf_shape *));
		f->shapes_len = len;
	}
	if (f->shapes[n] == NULL)
		f->shapes[n] = nf_shapes_intern(r->shapes, &record->shape.shape);
}

static char *copy_text(struct nf_journal_text text)
{
	return nf_xstrndup(text.at, text.len);
}

static void take_define(
	struct nf_journal_reader *r, struct file *f, const struct nf_journal_record *record)
{
	size_t n = record->define.number;
	if (record->define.shape >= f->shapes_len || f->shapes[record->define.shape] == NULL) {
		r->damaged++;
		return;
	}
	if (n >= f->series_len) {
		size_t len = n + n / 2 + 64;
		f->series = nf_xreallocarray(f->series, len, sizeof *f->series);
		memset(f->series + f->series_len, 0, (len - f->series_len) * sizeof *f->series);
		f->series_len = len;
	}
	if (f->series[n].series != NULL)
		return;
	char *network = copy_text(record->define.network),
	     *device = copy_text(record->define.device),
	     *series = copy_text(record->define.series);
	f->series[n].shape = f->shapes[record->define.shape];
	f->series[n].series =
		r->ops.define(network, device, series, f->series[n].shape, r->arg);
	free(network);
	free(device);
	free(series);
}

static const struct nf_journal_series *series_of(
	const struct file *f, const struct nf_journal_record *record)
{
	uint32_t n = record->sample.number;
	if (n >= f->series_len || f->series[n].series == NULL ||
		f->series[n].shape->ds_len != record->sample.count)
		return NULL;
	return &f->series[n];
}

static void take_sample(
	struct nf_journal_reader *r, struct file *f, const struct nf_journal_record *record)
{
	const struct nf_journal_series *s = series_of(f, record);
	if (s == NULL || f->at > UINT32_MAX) {
		r->damaged++;
		return;
	}
	f->owed++;
	r->samples++;
	r->ops.sample(s->series, (uint32_t)(f - r->files), (uint32_t)f->at, r->arg);
}

static void take_rename(struct nf_journal_reader *r, const struct nf_journal_record *record)
{
	char *network = copy_text(record->rename.network),
	     *device = copy_text(record->rename.device),
	     *old_series = copy_text(record->rename.old_series),
	     *new_series = copy_text(record->rename.new_series);
	r->ops.rename(network, device, old_series, new_series, r->arg);
	free(network);
	free(device);
	free(old_series);
	free(new_series);
}

static void take(
	struct nf_journal_reader *r, struct file *f, const struct nf_journal_record *record)
{
	switch (record->type) {
	case NF_JOURNAL_SHAPE:
		take_shape(r, f, record);
		break;
	case NF_JOURNAL_DEFINE:
		take_define(r, f, record);
		break;
	case NF_JOURNAL_SAMPLE:
		take_sample(r, f, record);
		break;
	case NF_JOURNAL_RENAME:
		take_rename(r, record);
		break;
	default:
		break;
	}
}

/* Reading */

static bool take_header(struct file *f, const uint8_t *bytes, size_t len)
{
	if (len < NF_JOURNAL_HEADER)
		return false;
	enum nf_err rc = nf_journal_get_header(bytes);
	if (rc == NF_OK) {
		f->at = NF_JOURNAL_HEADER;
		return true;
	}
	f->finished = true;
	f->foreign = true;
	nf_log(NF_LOG_ERROR, "journal", "%s: %s", f->path,
		f->foreign ? "written by a newer netfold, left alone"
			   : "not a journal file, skipped");
	return false;
}

static void note_damage(struct nf_journal_reader *r, struct file *f)
{
	if (f->resync)
		return;
	f->resync = true;
	r->damaged++;
	nf_log_limited(f->path, NF_LOG_WARN, "journal", "%s: damaged at byte %llu", f->path,
		(unsigned long long)f->at);
}

/* Takes what is whole in the chunk; returns the bytes used. Behind damage every byte may begin a record,
 * and what looks like a long one may be an accident: only where the chunk ends is more waited for. */
static size_t take_chunk(struct nf_journal_reader *r, struct file *f, size_t len)
{
	struct nf_journal_record record;
	size_t done = 0,
	       patient = len == CHUNK_BYTES ? NF_JOURNAL_RECORD_MAX : NF_JOURNAL_FRAME;
	while (done < len) {
		size_t used = 1;
		enum nf_err rc = nf_journal_get(r->chunk + done, len - done, &record, &used);
		if (rc == NF_ENOENT && (!f->resync || len - done <= patient))
			break;
		if (rc == NF_OK) {
			take(r, f, &record);
			f->resync = false;
		} else {
			note_damage(r, f);
		}
		f->at += used;
		done += used;
	}
	return done;
}

/* Returns the bytes taken; 0 at the end of what is there. */
static size_t read_chunk(struct nf_journal_reader *r, struct file *f)
{
	ssize_t n = pread(f->fd, r->chunk, CHUNK_BYTES, (off_t)f->at);
	if (n < 0) {
		nf_log_limited(f->path, NF_LOG_ERROR, "journal", "cannot read %s: %s", f->path,
			strerror(errno));
		return 0;
	}
	if (f->at == 0)
		return take_header(f, r->chunk, (size_t)n) ? NF_JOURNAL_HEADER : 0;
	return take_chunk(r, f, (size_t)n);
}

/* A series belongs to one folder, whose files must be taken in their order. */
static int by_number(const void *a, const void *b)
{
	const struct file *const *x = a, *const *y = b;
	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

static size_t unfinished(struct nf_journal_reader *r, struct file **out)
{
	size_t n = 0;
	for (size_t i = 0; i < r->len; i++) {
		if (r->files[i].path != NULL && !r->files[i].finished)
			out[n++] = &r->files[i];
	}
	if (n > 1)
		qsort(out, n, sizeof(struct file *), by_number);
	return n;
}

bool nf_journal_reader_read(struct nf_journal_reader *reader, size_t max_bytes)
{
	scan(reader);
	struct file **files = nf_xcalloc(reader->len + 1, sizeof(struct file *));
	size_t n = unfinished(reader, files), got = 0;
	for (size_t i = 0; i < n && got < max_bytes; i++) {
		size_t step;
		while (got < max_bytes && (step = read_chunk(reader, files[i])) > 0)
			got += step;
		if (got < max_bytes && !files[i]->last)
			files[i]->finished = true;
	}
	free(files);
	return got >= max_bytes;
}

enum nf_err nf_journal_reader_sample(struct nf_journal_reader *reader, uint32_t file,
	uint32_t offset, struct nf_journal_record *record, const struct nf_shape **shape)
{
	struct file *f = &reader->files[file];
	uint8_t bytes[NF_JOURNAL_FRAME + 16 + 8 * NF_DS_MAX];
	size_t used;
	ssize_t n = pread(f->fd, bytes, sizeof bytes, (off_t)offset);
	if (n < 0)
		return NF_ESYS;
	if (nf_journal_get(bytes, (size_t)n, record, &used) != NF_OK ||
		record->type != NF_JOURNAL_SAMPLE)
		return NF_ECORRUPT;
	const struct nf_journal_series *s = series_of(f, record);
	if (s == NULL)
		return NF_ECORRUPT;
	*shape = s->shape;
	return NF_OK;
}

void nf_journal_reader_done(struct nf_journal_reader *reader, uint32_t file)
{
	reader->files[file].owed--;
}

void nf_journal_reader_trim(struct nf_journal_reader *reader)
{
	for (size_t i = 0; i < reader->len; i++) {
		struct file *f = &reader->files[i];
		if (f->path == NULL || !f->finished || f->owed > 0 || f->foreign)
			continue;
		if (unlink(f->path) != 0 && errno != ENOENT) {
			nf_log_limited(f->path, NF_LOG_ERROR, "journal", "cannot delete %s: %s",
				f->path, strerror(errno));
			continue;
		}
		let_go(f);
	}
}

struct nf_journal_reader_stats nf_journal_reader_stats(const struct nf_journal_reader *reader)
{
	struct nf_journal_reader_stats stats = {
		.samples = reader->samples, .damaged = reader->damaged};
	for (size_t i = 0; i < reader->len; i++)
		stats.files += reader->files[i].path != NULL;
	return stats;
}
