// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/share.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

#define SHARED ((mode_t)(S_ISGID | S_IWGRP))

static struct stat folder_of(const char *path)
{
	struct stat st = {0};
	char *copy = nf_xstrdup(path);
	if (stat(dirname(copy), &st) != 0)
		st = (struct stat){0};
	free(copy);
	return st;
}

static bool is_shared(const struct stat *folder)
{
	return (folder->st_mode & SHARED) == SHARED;
}

/* What cannot be given stays usable by us: no failure. */
static void hand_over(int fd, const struct stat *folder, mode_t group)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return;
	if (geteuid() == 0 && folder->st_uid != 0 && st.st_uid == 0)
		(void)!fchown(fd, folder->st_uid, folder->st_gid);
	bool ours = st.st_uid == geteuid();
	if (is_shared(folder) && ours && (st.st_mode & group) != group)
		(void)!fchmod(fd, (st.st_mode & 07777) | group);
}

int nf_open_shared(const char *path, int flags)
{
	int fd = -1;
	if ((flags & O_EXCL) == 0) {
		fd = open(path, flags & ~O_CREAT);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	struct stat folder = folder_of(path);
	fd = open(path, flags | O_CREAT, is_shared(&folder) ? 0660 : 0640);
	if (fd >= 0)
		hand_over(fd, &folder, S_IRGRP | S_IWGRP);
	return fd;
}

int nf_mkdir_shared(const char *path, mode_t mode)
{
	struct stat folder = folder_of(path);
	if (mkdir(path, is_shared(&folder) ? mode | S_IRWXG : mode) != 0)
		return -1;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		hand_over(fd, &folder, S_IRWXG);
		close(fd);
	}
	return 0;
}
