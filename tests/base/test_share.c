// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/share.h"

static struct stat look_at(const char *path)
{
	struct stat st = {0};
	assert_int_equal(stat(path, &st), 0);
	return st;
}

/* umask, mode of the folder, and what a file and a folder made in it get */
static void open__in_a_folder__mode_follows_it(void **state)
{
	static const struct {
		const char *name;
		mode_t umask, folder, file, below;
	} rows[] = {
		{"own folder",	       0022, 0750,  0640, 0750 },
		{"shared, usual umask",	0022, 02770, 0660, 02770},
		{"shared, unit's umask",	 0007, 02770, 0660, 02770},
		{"shared, nobody's umask", 0077, 02770, 0660, 02770},
		{"group may not write",	0022, 02750, 0640, 02750},
		{"group not inherited",	0022, 0770,  0640, 0750 },
		{"a public folder",	    0022, 01777, 0640, 0750 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char folder[] = "/tmp/nf-test-share-XXXXXX";
		assert_non_null(mkdtemp(folder));
		assert_int_equal(chmod(folder, rows[i].folder), 0);
		char *file = nf_xasprintf("%s/file", folder);
		char *below = nf_xasprintf("%s/below", folder);
		mode_t before = umask(rows[i].umask);
		int fd = nf_open_shared(file, O_WRONLY | O_CLOEXEC);
		assert_int_equal(nf_mkdir_shared(below, 0750), 0);
		umask(before);
		assert_true(fd >= 0);
		close(fd);
		if ((look_at(file).st_mode & 07777) != rows[i].file ||
			(look_at(below).st_mode & 07777) != rows[i].below)
			fail_msg("%s: file %04o, folder %04o", rows[i].name,
				(unsigned)look_at(file).st_mode & 07777,
				(unsigned)look_at(below).st_mode & 07777);
		assert_int_equal(unlink(file), 0);
		assert_int_equal(rmdir(below), 0);
		assert_int_equal(rmdir(folder), 0);
		free(file);
		free(below);
	}
}

static void open__there_already__content_and_mode_stay(void **state)
{
	(void)state;
	char folder[] = "/tmp/nf-test-share-XXXXXX";
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 02770), 0);
	char *file = nf_xasprintf("%s/file", folder);
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	fd = nf_open_shared(file, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(look_at(file).st_size, 3);
	assert_int_equal(look_at(file).st_mode & 07777, 0600);
	assert_int_equal(nf_open_shared(file, O_RDWR | O_EXCL | O_CLOEXEC), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(nf_mkdir_shared(file, 0750), -1);
	assert_int_equal(errno, EEXIST);
	unlink(file);
	rmdir(folder);
	free(file);
}

static void open__by_root__given_to_the_folders_owner(void **state)
{
	(void)state;
	char folder[] = "/tmp/nf-test-share-XXXXXX";
	assert_non_null(mkdtemp(folder));
	/* In a user namespace with one user there is nobody to give it to. */
	if (chown(folder, 12, 13) != 0 || chmod(folder, 02770) != 0) {
		rmdir(folder);
		return;
	}
	char *file = nf_xasprintf("%s/file", folder);
	char *below = nf_xasprintf("%s/below", folder);
	close(nf_open_shared(file, O_WRONLY | O_CLOEXEC));
	assert_int_equal(nf_mkdir_shared(below, 0750), 0);
	const char *const made[] = {file, below};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(look_at(made[i]).st_uid, 12);
		assert_int_equal(look_at(made[i]).st_gid, 13);
	}
	unlink(file);
	rmdir(below);
	rmdir(folder);
	free(file);
	free(below);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__in_a_folder__mode_follows_it),
		cmocka_unit_test(open__there_already__content_and_mode_stay),
		cmocka_unit_test(open__by_root__given_to_the_folders_owner),
	};
	return NF_RUN(tests, argc, argv);
}
