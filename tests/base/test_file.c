// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static char folder[] = "/tmp/nf-test-file-XXXXXX";

static char *in_folder(const char *name)
{
	return nf_xasprintf("%s/%s", folder, name);
}

static size_t entries(void)
{
	DIR *d = opendir(folder);
	size_t n = 0;
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void atomic__written__whole_and_no_litter(void **state)
{
	(void)state;
	char *path = in_folder("page.html"), *data;
	size_t len, before = entries();
	struct nf_error err;
	assert_int_equal(nf_file_write_atomic(path, "old", 3, 0644, &err), NF_OK);
	assert_int_equal(nf_file_write_atomic(path, "newer", 5, 0640, &err), NF_OK);
	assert_int_equal(nf_file_read(path, 100, &data, &len, &err), NF_OK);
	assert_string_equal(data, "newer");
	assert_int_equal(entries(), before + 1);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(nf_file_read(path, 4, &data, &len, &err), NF_ERANGE);
	free(data);
	free(path);
}

static void atomic__full_disk__old_content_stays(void **state)
{
	(void)state;
	struct nf_error err;
	assert_int_equal(nf_file_write_atomic("/dev/full/x", "a", 1, 0644, &err), NF_ESYS);
	assert_non_null(strstr(err.text, "/dev/full/x"));
}

static void read__not_a_file__named(void **state)
{
	(void)state;
	char *data;
	size_t len;
	struct nf_error err;
	char *missing = in_folder("missing");
	assert_int_equal(nf_file_read(missing, 1, &data, &len, &err), NF_ENOENT);
	free(missing);
	assert_int_equal(nf_file_read(folder, 1, &data, &len, &err), NF_EINVAL);
	char *fifo = in_folder("fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(nf_file_read(fifo, 1, &data, &len, &err), NF_EINVAL);
	free(fifo);
}

static void secret__readable_by_others__refused(void **state)
{
	(void)state;
	char *path = in_folder("secret"), *data;
	size_t len;
	struct nf_error err;
	assert_int_equal(nf_file_write_atomic(path, "public\n", 7, 0600, &err), NF_OK);
	assert_int_equal(nf_file_read_secret(path, &data, &len, &err), NF_OK);
	assert_string_equal(data, "public");
	free(data);
	static const mode_t open_modes[] = {0640, 0604, 0660, 0644};
	NF_ROWS(i, open_modes)
	{
		assert_int_equal(chmod(path, open_modes[i]), 0);
		assert_int_equal(nf_file_read_secret(path, &data, &len, &err), NF_EPERM);
		assert_null(strstr(err.text, "public"));
	}
	free(path);
}

static void folders__nested__made_once(void **state)
{
	(void)state;
	char *path = in_folder("a/b//c/"), *blocked = in_folder("page.html/x");
	struct nf_error err;
	assert_int_equal(nf_mkdirs(path, 0755, &err), NF_OK);
	assert_int_equal(nf_mkdirs(path, 0755, &err), NF_OK);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(nf_mkdirs(blocked, 0755, &err), NF_ESYS);
	uint64_t bytes_free, total;
	assert_int_equal(nf_disk_free(path, &bytes_free, &total, &err), NF_OK);
	assert_true(bytes_free <= total);
	free(path);
	free(blocked);
}

static void lock__second_process__refused_with_pid(void **state)
{
	(void)state;
	char *path = in_folder("lock");
	struct nf_error err;
	int fd;
	assert_int_equal(nf_file_lock(path, &fd, &err), NF_OK);
	pid_t child = fork();
	if (child == 0) {
		int other;
		struct nf_error why;
		char pid[32];
		snprintf(pid, sizeof pid, "process %d", (int)getppid());
		bool refused = nf_file_lock(path, &other, &why) == NF_EEXIST;
		_exit(refused && strstr(why.text, pid) ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
	assert_int_equal(nf_file_lock(path, &fd, &err), NF_OK);
	close(fd);
	free(path);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	static const char *const made[] = {
		"page.html", "fifo", "secret", "lock", "a/b/c", "a/b", "a", ""};
	NF_ROWS(i, made)
	{
		char *path = in_folder(made[i]);
		remove(path);
		free(path);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(atomic__written__whole_and_no_litter),
		cmocka_unit_test(atomic__full_disk__old_content_stays),
		cmocka_unit_test(read__not_a_file__named),
		cmocka_unit_test(secret__readable_by_others__refused),
		cmocka_unit_test(folders__nested__made_once),
		cmocka_unit_test(lock__second_process__refused_with_pid),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
