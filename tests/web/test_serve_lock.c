// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "web/serve_file.h"
#include "web/serve_lock.h"

static char folder[] = "/tmp/nf-test-lock-XXXXXX";

static int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "x\n", 2), 2);
	close(fd);
}

/* Which check failed, as an exit status; 0: none. */
static int look_from_inside(const struct nf_site *site, struct nf_serve_lock *lock)
{
	struct nf_error err = {0};
	struct nf_serve_file file;
	if (nf_serve_lock_up(site, "etc/site.yaml", lock, &err) != NF_OK)
		return 1;
	if (!lock->locked)
		return NF_SKIP;
	if (opens("www/page.html", O_RDONLY) != 0 || opens("etc/site.yaml", O_RDONLY) != 0)
		return 2;
	if (opens("state.db", O_RDONLY) != EACCES || opens("/etc/passwd", O_RDONLY) != EACCES)
		return 3;
	if (opens("www/page.html", O_WRONLY) != EACCES ||
		opens("www/new.html", O_WRONLY | O_CREAT) != EACCES)
		return 4;
	if (!nf_serve_file_open("www", "/page.html", &file))
		return 5;
	close(file.fd);
	if (nf_serve_file_open("www", "/out.html", &file) || errno != ENOENT)
		return 6;
	return nf_serve_lock_lost(lock, "www") ? 7 : 0;
}

static void lock__up__pages_and_the_site_only(void **state)
{
	(void)state;
	const struct nf_site site = {.www_dir = "www"};
	struct nf_serve_lock lock = {0};
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("www", 0755), 0);
	assert_int_equal(mkdir("etc", 0755), 0);
	put("www/page.html");
	put("etc/site.yaml");
	put("state.db");
	assert_int_equal(symlink("../state.db", "www/out.html"), 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(look_from_inside(&site, &lock));
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NF_SKIP)
		printf("this kernel has no Landlock\n");
	else
		assert_int_equal(WEXITSTATUS(status), 0);
}

static void lock__www_dir_made_anew__lost(void **state)
{
	(void)state;
	struct stat st;
	assert_int_equal(stat("www", &st), 0);
	const struct nf_serve_lock lock = {true, st.st_dev, st.st_ino};
	assert_false(nf_serve_lock_lost(&lock, "www"));
	assert_int_equal(rename("www", "gone"), 0);
	assert_false(nf_serve_lock_lost(&lock, "www"));
	assert_int_equal(mkdir("www", 0755), 0);
	assert_true(nf_serve_lock_lost(&lock, "www"));
	const struct nf_serve_lock none = {0};
	assert_false(nf_serve_lock_lost(&none, "www"));
	const char *const files[] = {
		"gone/page.html", "gone/out.html", "etc/site.yaml", "state.db"};
	for (size_t i = 0; i < NF_LEN(files); i++)
		unlink(files[i]);
	rmdir("gone");
	rmdir("www");
	rmdir("etc");
	rmdir(folder);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lock__up__pages_and_the_site_only),
		cmocka_unit_test(lock__www_dir_made_anew__lost),
	};
	return NF_RUN(tests, argc, argv);
}
