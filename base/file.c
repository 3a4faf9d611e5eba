// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include "base/mem.h"
#include "base/share.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SECRET_MAX 65536

static enum nf_err open_regular(
	const char *path, int *fd, struct stat *st, struct nf_error *err)
{
	/* O_NONBLOCK: a FIFO in the place of a file must not hang us. */
	int f = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f < 0 && errno == ENOENT)
		return nf_error_set(err, NF_ENOENT, "%s: no such file", path);
	if (f < 0)
		return nf_error_errno(err, "%s", path);
	if (fstat(f, st) != 0) {
		enum nf_err e = nf_error_errno(err, "%s", path);
		close(f);
		return e;
	}
	if (!S_ISREG(st->st_mode)) {
		close(f);
		return nf_error_set(err, NF_EINVAL, "%s: not a regular file", path);
	}
	*fd = f;
	return NF_OK;
}

static enum nf_err read_all(int fd, const char *path, size_t max_bytes, char **data,
	size_t *len, struct nf_error *err)
{
	size_t cap = 0, n = 0;
	char *buf = NULL;
	for (;;) {
		buf = nf_grow(buf, n + 1, &cap, 1);
		ssize_t got = read(fd, buf + n, cap - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(buf);
			return nf_error_errno(err, "%s", path);
		}
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > max_bytes) {
			free(buf);
			return nf_error_set(
				err, NF_ERANGE, "%s: larger than %zu bytes", path, max_bytes);
		}
	}
	buf[n] = '\0';
	*data = buf;
	*len = n;
	return NF_OK;
}

enum nf_err nf_file_read(
	const char *path, size_t max_bytes, char **data, size_t *len, struct nf_error *err)
{
	int fd = -1;
	struct stat st;
	enum nf_err e = open_regular(path, &fd, &st, err);
	if (e != NF_OK)
		return e;
	e = read_all(fd, path, max_bytes, data, len, err);
	close(fd);
	return e;
}

static enum nf_err check_private(const char *path, const struct stat *st, struct nf_error *err)
{
	if (st->st_mode & 077)
		return nf_error_set(err, NF_EPERM,
			"%s: a secret that others may read (mode %04o); chmod 600 it", path,
			(unsigned)st->st_mode & 07777);
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return nf_error_set(err, NF_EPERM,
			"%s: a secret that belongs to uid %u, not to us (%u)", path,
			(unsigned)st->st_uid, (unsigned)geteuid());
	return NF_OK;
}

enum nf_err nf_file_read_secret(
	const char *path, char **data, size_t *len, struct nf_error *err)
{
	int fd = -1;
	struct stat st;
	char *text = NULL;
	size_t n = 0;
	enum nf_err e = open_regular(path, &fd, &st, err);
	if (e != NF_OK)
		return e;
	e = check_private(path, &st, err);
	if (e == NF_OK)
		e = read_all(fd, path, SECRET_MAX, &text, &n, err);
	close(fd);
	if (e != NF_OK)
		return e;
	if (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	*data = text;
	*len = n;
	return NF_OK;
}

static enum nf_err write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	while (len > 0) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NF_ESYS;
		p += n;
		len -= (size_t)n;
	}
	return NF_OK;
}

static void sync_folder_of(const char *path)
{
	char *copy = nf_xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

static enum nf_err write_temporary(
	const char *path, const void *data, size_t len, mode_t mode, struct nf_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return nf_error_errno(err, "%s", path);
	enum nf_err e = NF_OK;
	if (write_all(fd, data, len) != NF_OK || fchmod(fd, mode) != 0 || fsync(fd) != 0)
		e = nf_error_errno(err, "%s", path);
	if (close(fd) != 0 && e == NF_OK)
		e = nf_error_errno(err, "%s", path);
	return e;
}

enum nf_err nf_file_write_atomic(
	const char *path, const void *data, size_t len, mode_t mode, struct nf_error *err)
{
	char *temporary = nf_xasprintf("%s.tmp-%d", path, (int)getpid());
	enum nf_err e = write_temporary(temporary, data, len, mode, err);
	if (e == NF_OK && rename(temporary, path) != 0)
		e = nf_error_errno(err, "%s", path);
	if (e == NF_OK)
		sync_folder_of(path);
	else
		unlink(temporary);
	free(temporary);
	return e;
}

enum nf_err nf_mkdirs(const char *path, mode_t mode, struct nf_error *err)
{
	char *copy = nf_xstrdup(path);
	enum nf_err e = NF_OK;
	for (char *p = copy + 1; e == NF_OK; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char end = *p;
		*p = '\0';
		struct stat st;
		if (nf_mkdir_shared(copy, mode) != 0 &&
			(errno != EEXIST || stat(copy, &st) != 0 || !S_ISDIR(st.st_mode)))
			e = nf_error_errno(err, "%s", copy);
		*p = end;
		if (end == '\0')
			break;
	}
	free(copy);
	return e;
}

enum nf_err nf_disk_free(
	const char *path, uint64_t *free_bytes, uint64_t *total_bytes, struct nf_error *err)
{
	struct statvfs v;
	if (statvfs(path, &v) != 0)
		return nf_error_errno(err, "%s", path);
	if (free_bytes != NULL)
		*free_bytes = (uint64_t)v.f_bavail * v.f_frsize;
	if (total_bytes != NULL)
		*total_bytes = (uint64_t)v.f_blocks * v.f_frsize;
	return NF_OK;
}

static enum nf_err refuse_locked(int fd, const char *path, struct nf_error *err)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;
	return nf_error_set(
		err, NF_EEXIST, "%s: held by another instance (process %ld)", path, pid);
}

enum nf_err nf_file_lock(const char *path, int *fd, struct nf_error *err)
{
	int f = nf_open_shared(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (f < 0)
		return nf_error_errno(err, "%s", path);
	enum nf_err e = NF_OK;
	if (flock(f, LOCK_EX | LOCK_NB) != 0)
		e = errno == EWOULDBLOCK ? refuse_locked(f, path, err)
					 : nf_error_errno(err, "%s", path);
	if (e != NF_OK) {
		close(f);
		return e;
	}
	char text[32];
	int n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	/* The pid is for people; a full disk must not stop us from starting. */
	if (ftruncate(f, 0) == 0)
		(void)!pwrite(f, text, (size_t)n, 0);
	*fd = f;
	return NF_OK;
}
