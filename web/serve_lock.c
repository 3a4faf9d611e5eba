// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* Everything that the first version of Landlock knows: 13 rights; later kernels know them, too. */
#define ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static int allow(int rules, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;
	if (fd < 0)
		return -1;
	bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = folder ? READING : LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = fd,
	};
	long rc = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(fd);
	return rc == 0 ? 0 : -1;
}

/* The folder itself, or where it will be made. */
static void allow_nearest(int rules, const char *path)
{
	char *copy = nf_xstrdup(path), *at = copy;
	while (allow(rules, at) != 0 && errno == ENOENT && strcmp(at, "/") != 0 &&
		strcmp(at, ".") != 0)
		at = dirname(at);
	free(copy);
}

static void allow_folder_of(int rules, const char *file)
{
	char *copy = nf_xstrdup(file);
	allow(rules, dirname(copy));
	free(copy);
}

/* Whatever is missing here fails a reload at most, which then says so. */
static void allow_reload(int rules, const struct nf_site *site, const char *config_file)
{
	static const char *const system[] = {"/usr/share/zoneinfo", "/etc/localtime"};
	allow_folder_of(rules, config_file);
	if (site->devices_csv != NULL)
		allow_folder_of(rules, site->devices_csv);
	if (site->profile_dir != NULL)
		allow(rules, site->profile_dir);
	for (size_t i = 0; i < sizeof system / sizeof *system; i++)
		allow(rules, system[i]);
	const char *zones = getenv("TZDIR");
	if (zones != NULL)
		allow(rules, zones);
}

enum nf_err nf_serve_lock_up(const struct nf_site *site, const char *config_file,
	struct nf_serve_lock *lock, struct nf_error *err)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = ALL};
	struct stat st;
	*lock = (struct nf_serve_lock){0};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0)
		return NF_OK;
	if (stat(site->www_dir, &st) == 0) {
		lock->dev = st.st_dev;
		lock->ino = st.st_ino;
	}
	allow_nearest(rules, site->www_dir);
	allow_reload(rules, site, config_file);
	enum nf_err rc = NF_OK;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		rc = nf_error_errno(err, "allowing nothing but %s", site->www_dir);
	lock->locked = rc == NF_OK;
	close(rules);
	return rc;
}

bool nf_serve_lock_lost(const struct nf_serve_lock *lock, const char *www_dir)
{
	struct stat st;
	if (!lock->locked || lock->ino == 0 || stat(www_dir, &st) != 0)
		return false;
	return st.st_dev != lock->dev || st.st_ino != lock->ino;
}
