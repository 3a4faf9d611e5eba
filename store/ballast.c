// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/share.h"

#define LITTLE_BYTES (1 << 20)

/* Of the folder, because the ballast itself may be gone. */
static bool free_bytes(const char *path, unsigned long long *bytes)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash != NULL ? nf_xstrndup(path, (size_t)(slash - path)) : nf_xstrdup(".");
	struct statvfs fs;
	bool known = statvfs(dir, &fs) == 0;
	if (known)
		*bytes = (unsigned long long)fs.f_bavail * fs.f_frsize;
	free(dir);
	return known;
}

void nf_ballast_keep(const char *path)
{
	struct stat st;
	unsigned long long room = 0;
	if (stat(path, &st) == 0 && st.st_size >= NF_BALLAST_BYTES)
		return;
	if (!free_bytes(path, &room) || room < 4ULL * NF_BALLAST_BYTES)
		return;
	int fd = nf_open_shared(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, NF_BALLAST_BYTES) != 0)
		unlink(path);
	close(fd);
}

bool nf_ballast_release(const char *path)
{
	return unlink(path) == 0;
}

bool nf_ballast_needed(const char *path)
{
	unsigned long long room = 0;
	return free_bytes(path, &room) && room < LITTLE_BYTES;
}
