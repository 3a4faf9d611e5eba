// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/share.h"
#include "store/ballast.h"
#include "store/db_err.h"
#include "store/migrate.h"
#include "store/quarantine.h"

#define OPEN_BUSY_MS 5000

/* LIBRARIES.md 8. journal_mode comes last: it writes. */
static const char *const pragmas[] = {
	"PRAGMA foreign_keys = ON",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON",
	"PRAGMA mmap_size = 0",
	"PRAGMA wal_autocheckpoint = 1000",
	"PRAGMA journal_size_limit = 67108864",
};

static void remember_files(struct nf_store *store)
{
	struct stat st;
	store->dev = 0;
	store->ino = 0;
	store->wal_ino = 0;
	if (stat(store->path, &st) == 0) {
		store->dev = st.st_dev;
		store->ino = st.st_ino;
	}
	if (stat(store->wal_path, &st) == 0)
		store->wal_ino = st.st_ino;
}

static bool files_changed(struct nf_store *store)
{
	struct stat st;
	if (stat(store->path, &st) != 0 || st.st_dev != store->dev || st.st_ino != store->ino)
		return true;
	if (stat(store->wal_path, &st) != 0)
		return store->wal_ino != 0;
	if (store->wal_ino == 0)
		store->wal_ino = st.st_ino;
	return st.st_ino != store->wal_ino;
}

static enum nf_err exec(struct nf_store *store, const char *sql)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? NF_OK : nf_db_error(store->db, rc, &store->error);
}

static int only_ok(void *arg, int columns, char **values, char **names)
{
	(void)names;
	bool *ok = arg;
	*ok = columns == 1 && values[0] != NULL && strcmp(values[0], "ok") == 0;
	return 0;
}

static enum nf_err quick_check(struct nf_store *store)
{
	bool ok = false;
	int rc = sqlite3_exec(store->db, "PRAGMA quick_check(1)", only_ok, &ok, NULL);
	if (rc != SQLITE_OK)
		return nf_db_error(store->db, rc, &store->error);
	return ok ? NF_OK
		  : nf_error_set(&store->error, NF_ECORRUPT, "%s is damaged",
			    nf_db_file_name(store->file));
}

static enum nf_err set_up_writer(struct nf_store *store)
{
	enum nf_err rc = nf_migrate_check(store->db, store->file, &store->error);
	if (rc == NF_OK || rc == NF_ENOENT)
		rc = quick_check(store);
	if (rc == NF_OK)
		rc = exec(store, "PRAGMA journal_mode = WAL");
	if (rc == NF_OK)
		rc = nf_migrate(store->db, store->file, &store->error);
	return rc;
}

/* Before SQLite, which gives the files beside it the same owner and mode. Only where there is none: closing a
 * descriptor of a database lets go of every lock that this process holds on it. */
static void make_file(const struct nf_store *store)
{
	struct stat st;
	if (stat(store->path, &st) == 0 || errno != ENOENT)
		return;
	int fd = nf_open_shared(store->path, O_RDWR | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		close(fd);
}

static enum nf_err open_once(struct nf_store *store)
{
	bool write = store->mode == NF_STORE_WRITE;
	struct stat st;
	if (write)
		make_file(store);
	if (!write && stat(store->path, &st) != 0)
		return errno == ENOENT
			       ? nf_error_set(&store->error, NF_ENOENT,
					 "%s is not there: has netfold run yet?", store->path)
			       : nf_error_errno(&store->error, "%s", store->path);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	flags |= write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	int rc = sqlite3_open_v2(store->path, &store->db, flags, NULL);
	if (rc != SQLITE_OK)
		return nf_db_error(store->db, rc, &store->error);
	sqlite3_busy_timeout(store->db, OPEN_BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	enum nf_err result =
		exec(store, store->file == NF_DB_OUTBOX ? "PRAGMA synchronous = FULL"
							: "PRAGMA synchronous = NORMAL");
	for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0] && result == NF_OK; i++)
		result = exec(store, pragmas[i]);
	if (result == NF_OK)
		result = write ? set_up_writer(store)
			       : nf_migrate_check(store->db, store->file, &store->error);
	if (result == NF_OK)
		sqlite3_busy_timeout(store->db, store->busy_ms);
	return result;
}

void nf_db_close(struct nf_store *store)
{
	for (size_t i = 0; i < NF_SQL_LEN; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
	sqlite3_close_v2(store->db);
	store->db = NULL;
}

static enum nf_err open_writer(struct nf_store *store)
{
	int lock = -1;
	enum nf_err rc = nf_quarantine_lock(store->state_dir, &lock, &store->error);
	if (rc != NF_OK)
		return rc;
	rc = open_once(store);
	if (rc == NF_EFULL && nf_db_make_room(store)) {
		nf_db_close(store);
		rc = open_once(store);
	}
	if (rc == NF_ECORRUPT) {
		struct nf_error damage = store->error;
		nf_db_close(store);
		char *moved = NULL;
		rc = nf_quarantine(store->path, &moved, &store->error);
		if (rc == NF_OK) {
			nf_quarantine_note(store, &damage, moved);
			rc = open_once(store);
		}
		free(moved);
	}
	close(lock);
	if (rc == NF_OK)
		nf_ballast_keep(store->ballast_path);
	return rc;
}

enum nf_err nf_db_open(struct nf_store *store)
{
	enum nf_err rc = store->mode == NF_STORE_WRITE ? open_writer(store) : open_once(store);
	if (rc != NF_OK) {
		nf_db_close(store);
		return rc;
	}
	store->suspect = false;
	store->generation++;
	remember_files(store);
	nf_db_tell(store);
	return NF_OK;
}

bool nf_db_make_room(struct nf_store *store)
{
	if (store->mode != NF_STORE_WRITE || !nf_ballast_release(store->ballast_path))
		return false;
	nf_log(NF_LOG_ERROR, "store",
		"the disk of %s is full: gave up the reserve of 16 MiB, so that "
		"states and alarms can still be written; make room soon",
		store->state_dir);
	if (store->owed == NULL)
		store->owed =
			nf_xstrdup("the disk is full: the reserve of 16 MiB was given up");
	return true;
}

void nf_db_tell(struct nf_store *store)
{
	char *text = store->owed;
	if (text == NULL)
		return;
	if (store->file != NF_DB_STATE) { /* no events there; the log has it */
		store->owed = NULL;
		free(text);
		return;
	}
	struct nf_event event = {
		.at_wall_us = nf_clock_now().wall_us,
		.check = "state.db",
		.kind = "finding",
		.before = NF_STATE_OK,
		.after = NF_STATE_CRITICAL,
		.output = text,
	};
	/* Taken out first: adding it comes through here again. */
	store->owed = NULL;
	if (nf_store_event_add(store, &event, NULL) == NF_OK)
		free(text);
	else
		store->owed = text;
}

enum nf_err nf_db_revive(struct nf_store *store)
{
	if (store->db != NULL && !store->suspect && !files_changed(store))
		return NF_OK;
	nf_log_limited("store-revive", NF_LOG_WARN, "store", "opening %s again: %s",
		store->path, store->suspect ? "it looks damaged" : "the file was replaced");
	nf_db_close(store);
	return nf_db_open(store);
}

enum nf_err nf_db_open_file(const char *state_dir, enum nf_db_file file,
	enum nf_store_mode mode, int busy_ms, struct nf_store **store, struct nf_error *err)
{
	struct nf_store *s = nf_xcalloc(1, sizeof *s);
	s->state_dir = nf_xstrdup(state_dir);
	s->file = file;
	s->path = nf_xasprintf("%s/%s", state_dir, nf_db_file_name(file));
	s->wal_path = nf_xasprintf("%s-wal", s->path);
	s->ballast_path = nf_xasprintf("%s/ballast", state_dir);
	s->mode = mode;
	s->busy_ms = busy_ms;
	enum nf_err rc = nf_db_open(s);
	if (rc == NF_OK) {
		*store = s;
		return NF_OK;
	}
	if (err != NULL)
		*err = s->error;
	nf_store_close(s);
	return rc;
}

enum nf_err nf_store_open(const char *state_dir, enum nf_store_mode mode, int busy_ms,
	struct nf_store **store, struct nf_error *err)
{
	return nf_db_open_file(state_dir, NF_DB_STATE, mode, busy_ms, store, err);
}

void nf_store_close(struct nf_store *store)
{
	if (store == NULL)
		return;
	nf_db_close(store);
	free(store->state_dir);
	free(store->path);
	free(store->wal_path);
	free(store->ballast_path);
	free(store->owed);
	free(store);
}

const char *nf_store_error(const struct nf_store *store)
{
	return store->error.code != NF_OK ? store->error.text : nf_strerror(NF_OK);
}

uint64_t nf_store_generation(const struct nf_store *store)
{
	return store->generation;
}

void nf_store_keep_ballast(struct nf_store *store)
{
	nf_ballast_keep(store->ballast_path);
}
