// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/share.h"
#include "store/db.h"

#define WAIT_TRIES 1000 /* × 10 ms */

static bool wait_for(int lock)
{
	struct timespec pause = {0, 10 * 1000 * 1000};
	for (int i = 0; i < WAIT_TRIES; i++) {
		if (flock(lock, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

enum nf_err nf_quarantine_lock(const char *state_dir, int *fd, struct nf_error *err)
{
	enum nf_err rc = nf_mkdirs(state_dir, 0750, err);
	if (rc != NF_OK)
		return rc;
	char *path = nf_xasprintf("%s/state.db.open", state_dir);
	int lock = nf_open_shared(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (lock < 0) {
		rc = nf_error_errno(err, "%s", path);
	} else if (!wait_for(lock)) {
		close(lock);
		rc = nf_error_set(err, NF_EBUSY,
			"%s: another program is opening state.db and "
			"does not get on",
			path);
	} else {
		*fd = lock;
	}
	free(path);
	return rc;
}

static char *free_name(const char *path)
{
	char stamp[32];
	time_t now = (time_t)(nf_clock_now().wall_us / NF_US_PER_S);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	char *name = nf_xasprintf("%s.corrupt-%s", path, stamp);
	for (int n = 1; access(name, F_OK) == 0; n++) {
		free(name);
		name = nf_xasprintf("%s.corrupt-%s-%d", path, stamp, n);
	}
	return name;
}

enum nf_err nf_quarantine(const char *db_path, char **moved_to, struct nf_error *err)
{
	char *name = free_name(db_path);
	char *wal = nf_xasprintf("%s-wal", db_path);
	char *wal_name = nf_xasprintf("%s-wal", name);
	char *shm = nf_xasprintf("%s-shm", db_path);
	enum nf_err rc = NF_OK;
	/* The log first: a new state.db must never meet the old one's log. */
	if (rename(wal, wal_name) != 0 && errno != ENOENT)
		rc = nf_error_errno(err, "cannot move %s aside", wal);
	else if (rename(db_path, name) != 0)
		rc = nf_error_errno(err, "cannot move %s aside", db_path);
	else
		unlink(shm);
	free(wal);
	free(wal_name);
	free(shm);
	if (rc != NF_OK) {
		free(name);
		return rc;
	}
	*moved_to = name;
	return NF_OK;
}

void nf_quarantine_note(
	struct nf_store *store, const struct nf_error *damage, const char *moved_to)
{
	char *text = nf_xasprintf("%s was damaged (%s); it is kept as %s, a new one was begun: "
				  "what it knew from before is only in there",
		nf_db_file_name(store->file), damage->text, moved_to);
	nf_log(NF_LOG_ERROR, "store", "%s", text);
	free(store->owed);
	store->owed = text;
}
