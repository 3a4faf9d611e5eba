// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

static const char *const folders[] = {
	"assets", "backup", "cutover", "device", "network", "wave"};

enum nf_err nf_output_open(const char *www_dir, struct nf_output *out, struct nf_error *err)
{
	enum nf_err rc = nf_mkdirs(www_dir, 0755, err);
	for (size_t i = 0; i < sizeof folders / sizeof *folders && rc == NF_OK; i++) {
		char *path = nf_xasprintf("%s/%s", www_dir, folders[i]);
		rc = nf_mkdirs(path, 0755, err);
		free(path);
	}
	if (rc != NF_OK)
		return rc;
	int dir = open(www_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return nf_error_errno(err, "%s", www_dir);
	*out = (struct nf_output){.dir = dir};
	return NF_OK;
}

void nf_output_close(struct nf_output *out)
{
	if (out->dir >= 0)
		close(out->dir);
	out->dir = -1;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int64_t mtime_us(const struct stat *st)
{
	return st->st_mtim.tv_sec * NF_US_PER_S + st->st_mtim.tv_nsec / 1000;
}

int64_t nf_output_written_us(const struct nf_output *out, const char *path)
{
	struct stat st;
	return fstatat(out->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? mtime_us(&st) : 0;
}

enum nf_err nf_output_put(struct nf_output *out, const char *path, const void *data, size_t len,
	struct nf_error *err)
{
	char *temporary = nf_xasprintf("%s.tmp", path);
	enum nf_err rc = NF_OK;
	int fd = openat(out->dir, temporary,
		O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	struct stat st = {0};
	bool good = fd >= 0 && write_all(fd, data, len) == 0 && fstat(fd, &st) == 0;
	if (fd >= 0)
		good = close(fd) == 0 && good;
	if (good)
		good = renameat(out->dir, temporary, out->dir, path) == 0;
	if (!good) {
		rc = nf_error_errno(err, "%s", path);
		unlinkat(out->dir, temporary, 0);
	} else {
		out->written++;
		out->bytes += len;
		out->written_wall_us = mtime_us(&st);
	}
	free(temporary);
	return rc;
}

enum nf_err nf_output_link(
	struct nf_output *out, const char *from, const char *path, struct nf_error *err)
{
	char *temporary = nf_xasprintf("%s.tmp", path);
	enum nf_err rc = NF_OK;
	unlinkat(out->dir, temporary, 0);
	if (linkat(out->dir, from, out->dir, temporary, 0) != 0 ||
		renameat(out->dir, temporary, out->dir, path) != 0)
		rc = nf_error_errno(err, "%s", path);
	else /* a browser asks whether it is newer than what it has */
		utimensat(out->dir, path, NULL, 0);
	/* rename does nothing where both names are one file already */
	unlinkat(out->dir, temporary, 0);
	free(temporary);
	return rc;
}

void nf_output_sweep(
	struct nf_output *out, const char *folder, nf_output_keep_fn *keep, void *arg)
{
	int fd = openat(out->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && !keep(entry->d_name, arg))
			unlinkat(fd, entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
}
