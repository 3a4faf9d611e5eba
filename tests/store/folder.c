// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/store/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/test.h"

/* Of a machine whose small disk is none, no more than this is taken. */
#define FILL_MAX ((size_t)512 << 20)

int test_folder_make(void **state)
{
	char *path = nf_xstrdup("/tmp/nf-test-store-XXXXXX");
	*state = mkdtemp(path);
	return *state != NULL ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void test_tree_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int test_folder_remove(void **state)
{
	test_tree_remove(*state);
	free(*state);
	return 0;
}

size_t test_count(const char *folder, const char *begin)
{
	size_t n = 0;
	DIR *dir = opendir(folder);
	if (dir == NULL)
		return 0;
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		n += strncmp(e->d_name, begin, strlen(begin)) == 0;
	closedir(dir);
	return n;
}

void test_flip(const char *path, long offset, size_t len)
{
	FILE *f = fopen(path, "r+b");
	if (f == NULL)
		abort();
	fseek(f, offset, SEEK_SET);
	while (len-- > 0)
		fputc(0xA5, f);
	fclose(f);
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good;
}

static bool enter_namespace(void)
{
	if (geteuid() == 0)
		return unshare(CLONE_NEWNS) == 0;
	char *map = nf_xasprintf("0 %u 1", (unsigned int)geteuid());
	bool in = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
		  write_text("/proc/self/uid_map", map);
	free(map);
	return in;
}

bool test_mount_small(const char *path, size_t bytes)
{
	char *options = nf_xasprintf("size=%zu", bytes);
	bool mounted = enter_namespace() &&
		       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		       mount("tmpfs", path, "tmpfs", 0, options) == 0;
	free(options);
	return mounted;
}

void test_fill(const char *path)
{
	static const char block[4096] = {1};
	char *name = nf_xasprintf("%s/filler", path);
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	size_t written = 0;
	free(name);
	while (written < FILL_MAX && write(fd, block, sizeof block) > 0)
		written += sizeof block;
	close(fd);
	if (written < FILL_MAX)
		return;
	test_unfill(path);
	fail_msg("%s is on no small disk", path);
}

void test_unfill(const char *path)
{
	char *name = nf_xasprintf("%s/filler", path);
	unlink(name);
	free(name);
}
