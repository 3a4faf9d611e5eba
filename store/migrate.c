// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrate.h"

#include <stdbool.h>

#include "store/db_err.h"

#define STATE_WORDS "('ok', 'warning', 'critical', 'unknown', 'unreachable')"
#define SUBJECT	    "network TEXT NOT NULL, device TEXT NOT NULL, "

static const char *const versions[] = {
	/* 1: netfold 0.1 */
	"CREATE TABLE check_state (" SUBJECT "name TEXT NOT NULL, program TEXT NOT NULL, "
	"state TEXT NOT NULL CHECK (state IN " STATE_WORDS "), since_us INTEGER NOT NULL, "
	"soft TEXT NOT NULL CHECK (soft IN " STATE_WORDS "), soft_count INTEGER NOT NULL, "
	"soft_since_us INTEGER NOT NULL, flap_history INTEGER NOT NULL, "
	"flapping INTEGER NOT NULL, output TEXT NOT NULL, cause TEXT NOT NULL, "
	"interval_us INTEGER NOT NULL, PRIMARY KEY (network, device, name)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX check_by_name ON check_state (name, network, device);"
	"CREATE TABLE asked (program TEXT NOT NULL, " SUBJECT "at_us INTEGER NOT NULL, "
	"PRIMARY KEY (program, network, device)) STRICT, WITHOUT ROWID;"
	/* AUTOINCREMENT: an id is never used twice, so that "after id" means "later". */
	"CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, " SUBJECT
	"name TEXT NOT NULL, kind TEXT NOT NULL, "
	"before TEXT NOT NULL CHECK (before IN " STATE_WORDS "), "
	"after TEXT NOT NULL CHECK (after IN " STATE_WORDS "), output TEXT NOT NULL, "
	"cause TEXT NOT NULL, maintenance TEXT NOT NULL, held INTEGER NOT NULL) STRICT;"
	"CREATE INDEX event_by_device ON event (device, id);"
	"CREATE TABLE fact (" SUBJECT "name TEXT NOT NULL, json TEXT NOT NULL, "
	"at_us INTEGER NOT NULL, PRIMARY KEY (network, device, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE engine (network TEXT NOT NULL, address TEXT NOT NULL, "
	"engine_id BLOB NOT NULL, boots INTEGER NOT NULL, time_s INTEGER NOT NULL, "
	"at_us INTEGER NOT NULL, PRIMARY KEY (network, address)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE program (name TEXT PRIMARY KEY, pid INTEGER NOT NULL, "
	"started_us INTEGER NOT NULL, beat_us INTEGER NOT NULL, cycle_us INTEGER NOT NULL, "
	"json TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE value (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"PRAGMA user_version = 1;",
};
#define NEWEST ((int)(sizeof versions / sizeof versions[0]))

static enum nf_err read_version(sqlite3 *db, int *version, struct nf_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*version = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? NF_OK : nf_db_error(db, rc, err);
}

static enum nf_err refuse_newer(int version, struct nf_error *err)
{
	return nf_error_set(err, NF_ENEWER,
		"state.db has version %d, this netfold knows versions up to %d: a newer netfold wrote it; "
		"start that one, or move state.db aside",
		version, NEWEST);
}

static enum nf_err run(sqlite3 *db, const char *sql, struct nf_error *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? NF_OK : nf_db_error(db, rc, err);
}

enum nf_err nf_migrate(sqlite3 *db, struct nf_error *err)
{
	int version = 0;
	enum nf_err rc = read_version(db, &version, err);
	if (rc != NF_OK || version == NEWEST)
		return rc;
	if (version > NEWEST)
		return refuse_newer(version, err);
	rc = run(db, "BEGIN IMMEDIATE", err);
	if (rc != NF_OK)
		return rc;
	/* Another process may have been faster. */
	rc = read_version(db, &version, err);
	if (rc == NF_OK && version > NEWEST)
		rc = refuse_newer(version, err);
	for (int v = version; rc == NF_OK && v < NEWEST; v++)
		rc = run(db, versions[v], err);
	if (rc == NF_OK)
		rc = run(db, "COMMIT", err);
	if (rc != NF_OK && sqlite3_get_autocommit(db) == 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

enum nf_err nf_migrate_check(sqlite3 *db, struct nf_error *err)
{
	int version = 0;
	enum nf_err rc = read_version(db, &version, err);
	if (rc != NF_OK)
		return rc;
	if (version > NEWEST)
		return refuse_newer(version, err);
	if (version < NEWEST)
		return nf_error_set(err, NF_ENOENT,
			"state.db is not set up yet (version %d of %d): start netfold first",
			version, NEWEST);
	return NF_OK;
}
