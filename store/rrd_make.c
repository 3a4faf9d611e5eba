// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rrd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/share.h"
#include "store/rrd_args.h"
#include "store/rrd_file.h"

#define NEW_NAME ".new"
/* One page at a write: a newer kernel keeps what is written at once in one large folio, and then every
 * small update through the mapping dirties, and writes, all of it. */
#define PAGE_BYTES    4096U
#define RRD_BYTES_MAX (16U << 20)

struct nf_rrd_maker {
	char *dir;	/* <state_dir>/rrd */
	char *new_path; /* where a file is before it gets its name; one at a time */
	struct nf_shape shape;
	struct nf_rrd_info
		info; /* of the last file made; its last_s is the time it begins at */
	char *bytes;  /* the last file made; NULL: none yet */
	size_t len;
};

/* What a killed predecessor was making; librrd adds six letters to the name. */
static void sweep(const char *dir)
{
	DIR *d = opendir(dir);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (strncmp(e->d_name, NEW_NAME, strlen(NEW_NAME)) == 0)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
}

struct nf_rrd_maker *nf_rrd_maker_new(const char *state_dir)
{
	struct nf_rrd_maker *m = nf_xcalloc(1, sizeof *m);
	m->dir = nf_xasprintf("%s/rrd", state_dir);
	m->new_path = nf_xasprintf("%s/" NEW_NAME, m->dir);
	sweep(m->dir);
	return m;
}

void nf_rrd_maker_free(struct nf_rrd_maker *maker)
{
	if (maker == NULL)
		return;
	free(maker->dir);
	free(maker->new_path);
	free(maker->bytes);
	free(maker);
}

/* A step's boundary, so that files begun in the same minute are alike; near enough before the first
 * sample that a gauge counts at once, where the heartbeat allows it. */
static int64_t start_for(const struct nf_shape *shape, int64_t first_s)
{
	int64_t step = shape->step_s;
	int64_t start = first_s / step * step - step;
	return first_s - start <= shape->heartbeat_s ? start : first_s - step;
}

/* rrd_create_r2 says nothing at all when the disk is full. */
static enum nf_err make_error(const char *path, struct nf_error *err)
{
	int sys = errno;
	const char *text = rrd_get_error();
	if (text[0] == '\0' || sys == ENOSPC || sys == EDQUOT) {
		errno = sys != 0 ? sys : ENOSPC;
		return nf_error_errno(err, "cannot make %s", path);
	}
	return nf_error_set(err, NF_ESYS, "cannot make %s: %s", path, text);
}

static enum nf_err make_pattern(struct nf_rrd_maker *m, const struct nf_shape *shape,
	int64_t start_s, struct nf_error *err)
{
	struct nf_rrd_args args = {0};
	nf_rrd_args_shape(&args, shape);
	rrd_clear_error();
	errno = 0;
	int bad = rrd_create_r2(m->new_path, shape->step_s, (time_t)start_s, 0, NULL, NULL,
		(int)args.len, args.items);
	enum nf_err rc = bad != 0 ? make_error(m->new_path, err) : NF_OK;
	nf_rrd_args_free(&args);
	if (rc != NF_OK)
		return rc;
	char *bytes = NULL;
	size_t len = 0;
	struct nf_rrd_info info;
	rc = nf_rrd_look(m->new_path, &info, err);
	if (rc == NF_OK)
		rc = nf_file_read(m->new_path, RRD_BYTES_MAX, &bytes, &len, err);
	unlink(m->new_path);
	if (rc != NF_OK)
		return rc;
	free(m->bytes);
	m->bytes = bytes;
	m->len = len;
	m->shape = *shape;
	m->info = info;
	return NF_OK;
}

static enum nf_err write_whole(const struct nf_rrd_maker *m, struct nf_error *err)
{
	int fd = nf_open_shared(m->new_path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return nf_error_errno(err, "%s", m->new_path);
	enum nf_err rc = NF_OK;
	size_t done = 0;
	while (done < m->len) {
		size_t left = m->len - done;
		ssize_t n = write(fd, m->bytes + done, left < PAGE_BYTES ? left : PAGE_BYTES);
		if (n <= 0 && errno != EINTR) {
			rc = nf_error_errno(err, "%s", m->new_path);
			break;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	/* Where the file system takes bytes before it has found room for them. */
	int no_room = rc == NF_OK ? posix_fallocate(fd, 0, (off_t)m->len) : 0;
	if (no_room == ENOSPC || no_room == EDQUOT) {
		errno = no_room;
		rc = nf_error_errno(err, "%s", m->new_path);
	}
	close(fd);
	if (rc != NF_OK)
		unlink(m->new_path);
	return rc;
}

static enum nf_err put_in_place(
	const struct nf_rrd_maker *m, const char *path, struct nf_error *err)
{
	if (rename(m->new_path, path) == 0)
		return NF_OK;
	if (errno != ENOENT)
		return nf_error_errno(err, "%s", path);
	char *dir = nf_xstrndup(path, (size_t)(strrchr(path, '/') - path));
	enum nf_err rc = nf_mkdirs(dir, 0750, err);
	free(dir);
	if (rc == NF_OK && rename(m->new_path, path) != 0)
		rc = nf_error_errno(err, "%s", path);
	return rc;
}

enum nf_err nf_rrd_make(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *shape, int64_t first_s, struct nf_rrd_info *info,
	struct nf_error *err)
{
	int64_t start_s = start_for(shape, first_s);
	enum nf_err rc = NF_OK;
	if (maker->bytes == NULL || maker->info.last_s != start_s ||
		!nf_shape_equal(&maker->shape, shape)) {
		rc = nf_mkdirs(maker->dir, 0750, err);
		if (rc == NF_OK)
			rc = make_pattern(maker, shape, start_s, err);
	}
	if (rc == NF_OK)
		rc = write_whole(maker, err);
	if (rc == NF_OK)
		rc = put_in_place(maker, path, err);
	if (rc == NF_OK)
		*info = maker->info;
	else
		unlink(maker->new_path);
	return rc;
}

enum nf_err nf_rrd_grow(struct nf_rrd_maker *maker, const char *path, int64_t last_s,
	const struct nf_shape *shape, struct nf_error *err)
{
	struct nf_rrd_args args = {0};
	nf_rrd_args_shape(&args, shape);
	const char *sources[] = {path, NULL};
	rrd_clear_error();
	errno = 0;
	int bad = rrd_create_r2(maker->new_path, shape->step_s, (time_t)last_s, 0, sources,
		NULL, (int)args.len, args.items);
	enum nf_err rc = bad != 0 ? make_error(path, err) : NF_OK;
	nf_rrd_args_free(&args);
	if (rc == NF_OK)
		rc = put_in_place(maker, path, err);
	if (rc != NF_OK)
		unlink(maker->new_path);
	return rc;
}
