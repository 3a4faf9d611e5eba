// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrate.h"

#include <stdbool.h>

#include "store/db_err.h"

#define STATE_WORDS "('ok', 'warning', 'critical', 'unknown', 'unreachable')"
#define SUBJECT	    "network TEXT NOT NULL, device TEXT NOT NULL, "

#define LOOK_COLUMNS                                                                           \
	"job TEXT NOT NULL, device TEXT NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN "    \
	"('ok', 'warning', 'bad', 'late', 'running', 'unverifiable')), "                       \
	"at_us INTEGER NOT NULL, run_us INTEGER NOT NULL, duration_us INTEGER NOT NULL, "      \
	"since_us INTEGER NOT NULL, reason TEXT NOT NULL, path TEXT NOT NULL, "                \
	"size INTEGER NOT NULL, mtime_us INTEGER NOT NULL, hash TEXT NOT NULL, "               \
	"proofs TEXT NOT NULL"

#define DAY_COLUMNS                                                                            \
	"day INTEGER NOT NULL, hours INTEGER NOT NULL, first_us INTEGER NOT NULL, "            \
	"last_us INTEGER NOT NULL, count INTEGER NOT NULL, "

static const char *const versions[] = {
	/* 1: netfold 0.1 */
	"CREATE TABLE check_state (" SUBJECT "name TEXT NOT NULL, program TEXT NOT NULL, "
	"state TEXT NOT NULL CHECK (state IN " STATE_WORDS "), since_us INTEGER NOT NULL, "
	"soft TEXT NOT NULL CHECK (soft IN " STATE_WORDS "), soft_count INTEGER NOT NULL, "
	"soft_since_us INTEGER NOT NULL, flap_history INTEGER NOT NULL, "
	"flapping INTEGER NOT NULL, output TEXT NOT NULL, cause TEXT NOT NULL, "
	"interval_us INTEGER NOT NULL, looked_us INTEGER NOT NULL, "
	"PRIMARY KEY (network, device, name)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX check_by_name ON check_state (name, network, device);"
	"CREATE TABLE asked (program TEXT NOT NULL, " SUBJECT "at_us INTEGER NOT NULL, "
	"PRIMARY KEY (program, network, device)) STRICT, WITHOUT ROWID;"
	/* AUTOINCREMENT: an id is never used twice, so that "after id" means "later". The first is the
	   time in ms: a file that takes another's place goes on above it, whatever became of that one. */
	"CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, " SUBJECT
	"name TEXT NOT NULL, kind TEXT NOT NULL, "
	"before TEXT NOT NULL CHECK (before IN " STATE_WORDS "), "
	"after TEXT NOT NULL CHECK (after IN " STATE_WORDS "), output TEXT NOT NULL, "
	"cause TEXT NOT NULL, maintenance TEXT NOT NULL, held INTEGER NOT NULL) STRICT;"
	"INSERT INTO sqlite_sequence (name, seq) VALUES ('event', 1000 * strftime('%s', 'now'));"
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
	/* 2: backups */
	"CREATE TABLE backup_look (id INTEGER PRIMARY KEY AUTOINCREMENT, " LOOK_COLUMNS
	") STRICT;"
	"CREATE INDEX backup_look_by_job ON backup_look (job, id);"
	"CREATE TABLE backup_job (" LOOK_COLUMNS ", PRIMARY KEY (job)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE backup_drill (id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, "
	"at_us INTEGER NOT NULL, result TEXT NOT NULL CHECK (result IN ('ok', 'failed')), "
	"who TEXT NOT NULL, note TEXT NOT NULL) STRICT;"
	"CREATE INDEX backup_drill_by_job ON backup_drill (job, at_us);"
	"PRAGMA user_version = 2;",
	/* 3: the cutover. A thing that was seen stands once, its days refer to it: ten million days
	 * take half a gigabyte. */
	"CREATE TABLE seen (id INTEGER PRIMARY KEY, network TEXT NOT NULL, source TEXT NOT NULL, "
	"seen_by TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, address TEXT NOT NULL, "
	"place TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, "
	"until_us INTEGER NOT NULL, count INTEGER NOT NULL, detail TEXT NOT NULL, "
	"UNIQUE (network, source, seen_by, kind, value, address, place)) STRICT;"
	"CREATE INDEX seen_by_value ON seen (kind, value);"
	"CREATE TABLE seen_day (seen INTEGER NOT NULL, " DAY_COLUMNS
	"PRIMARY KEY (seen, day)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX seen_day_by_day ON seen_day (day);"
	"CREATE TABLE caller (id INTEGER PRIMARY KEY, network TEXT NOT NULL, "
	"seen_by TEXT NOT NULL, from_mac TEXT NOT NULL, from_address TEXT NOT NULL, "
	"to_address TEXT NOT NULL, how TEXT NOT NULL, first_us INTEGER NOT NULL, "
	"last_us INTEGER NOT NULL, count INTEGER NOT NULL, "
	"UNIQUE (network, seen_by, from_mac, from_address, to_address, how)) STRICT;"
	"CREATE INDEX caller_by_target ON caller (to_address);"
	"CREATE INDEX caller_by_mac ON caller (from_mac);"
	"CREATE TABLE caller_day (caller INTEGER NOT NULL, " DAY_COLUMNS
	"PRIMARY KEY (caller, day)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX caller_day_by_day ON caller_day (day);"
	"CREATE TABLE coverage (network TEXT NOT NULL, sensor TEXT NOT NULL, "
	"hour INTEGER NOT NULL, seconds INTEGER NOT NULL, frames INTEGER NOT NULL, "
	"drops INTEGER NOT NULL, canaries_sent INTEGER NOT NULL, "
	"canaries_seen INTEGER NOT NULL, PRIMARY KEY (network, sensor, hour)) "
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE stage (device TEXT PRIMARY KEY, stage TEXT NOT NULL CHECK (stage IN "
	"('planned', 'prepared', 'dual', 'moved', 'confirmed', 'released', 'regressed', 'lost', "
	"'exempt')), since_us INTEGER NOT NULL, computed_us INTEGER NOT NULL, "
	"json TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE exemption (device TEXT PRIMARY KEY, reason TEXT NOT NULL, "
	"owner TEXT NOT NULL, until_us INTEGER NOT NULL, at_us INTEGER NOT NULL) "
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE snapshot (wave TEXT NOT NULL, device TEXT NOT NULL, "
	"at_us INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (wave, device, at_us)) "
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE wave_result (wave TEXT NOT NULL, at_us INTEGER NOT NULL, "
	"json TEXT NOT NULL, PRIMARY KEY (wave, at_us)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE progress (network TEXT NOT NULL, day INTEGER NOT NULL, "
	"json TEXT NOT NULL, PRIMARY KEY (network, day)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE network_end (network TEXT PRIMARY KEY, ready INTEGER NOT NULL, "
	"blockers TEXT NOT NULL, computed_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"PRAGMA user_version = 3;",
	/* 4: coverage to the minute. Of an hour that was covered in part nobody knows any more which
	 * minutes; an unbroken one was counted as 3600 whole seconds, or one less. */
	"ALTER TABLE coverage ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0;"
	"UPDATE coverage SET minutes = 1152921504606846975 WHERE seconds >= 3599 AND frames > 0 "
	"AND drops <= frames / 1000 AND canaries_seen >= (canaries_sent + 1) / 2;"
	"PRAGMA user_version = 4;",
	/* 5: when a lease was lent, so that a later one may end earlier. */
	"ALTER TABLE seen ADD COLUMN lent_us INTEGER NOT NULL DEFAULT 0;"
	"UPDATE seen SET lent_us = last_us WHERE until_us > 0;"
	"PRAGMA user_version = 5;",
	/* 6: what an event says as data, for those who read another language. */
	"ALTER TABLE event ADD COLUMN data TEXT NOT NULL DEFAULT ''; PRAGMA user_version = 6;",
	/* 7: sums that outlive their days. */
	"ALTER TABLE seen ADD COLUMN spared INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 7;",
};

#define WORD(name)  name " TEXT NOT NULL, "
#define WHEN(name)  name "_us INTEGER NOT NULL, "
#define COUNT(name) name " INTEGER NOT NULL, "

// clang-format off
static const char *const outbox_versions[] = {
	/* 1: netfold 0.1. AUTOINCREMENT, because a number stands in mails: it is never used twice. */
	"CREATE TABLE incident (number INTEGER PRIMARY KEY AUTOINCREMENT, "
		WORD("cause") WORD("title") WORD("network")
		"phase TEXT NOT NULL CHECK (phase IN ('settling', 'open', 'ended')), "
		"state TEXT NOT NULL CHECK (state IN " STATE_WORDS "), "
		WHEN("opened") WHEN("made") WHEN("due") WHEN("told") WHEN("ended")
		WHEN("acknowledged") WHEN("acknowledged_until")
		WORD("acknowledged_by") WORD("acknowledged_text")
		WHEN("escalated") COUNT("merged_into") WHEN("digested")
		"follow_ups INTEGER NOT NULL) STRICT;"
	"CREATE INDEX incident_by_end ON incident (ended_us);"
	"CREATE TABLE member ("
		COUNT("number") WORD("network") WORD("device") WORD("name")
		"state TEXT NOT NULL CHECK (state IN " STATE_WORDS "), "
		"worst TEXT NOT NULL CHECK (worst IN " STATE_WORDS "), "
		WHEN("since") WHEN("ended") COUNT("how_ended") COUNT("moved_to")
		COUNT("flapping") COUNT("muted") COUNT("silenced")
		WHEN("told") COUNT("event_id") WHEN("hold")
		WORD("output") WORD("cause") WORD("maintenance")
		"PRIMARY KEY (number, network, device, name)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX member_by_end ON member (ended_us);"
	"CREATE TABLE telling ("
		COUNT("number") WORD("contact") WORD("address") WHEN("told") WHEN("last")
		COUNT("mails") WORD("first_id") WORD("last_id") COUNT("recovered") COUNT("escalated")
		"PRIMARY KEY (number, contact)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE word (id INTEGER PRIMARY KEY AUTOINCREMENT, "
		WORD("kind") WHEN("at") WHEN("begins") WHEN("ends") COUNT("number")
		WORD("scope") WORD("who")
		"text TEXT NOT NULL) STRICT;"
	"CREATE INDEX word_by_end ON word (ends_us);"
	"CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, "
		COUNT("number") WORD("kind") WORD("contact") WORD("address")
		"message_id TEXT NOT NULL UNIQUE, "
		WORD("notice") WHEN("made")
		"state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'dropped')), "
		COUNT("attempts") WHEN("next") WHEN("first") WHEN("ended")
		"error TEXT NOT NULL) STRICT;"
	"CREATE INDEX outbox_by_line ON outbox (state, number, contact, id);"
	"CREATE INDEX outbox_by_number ON outbox (number, id);"
	"CREATE INDEX outbox_by_end ON outbox (ended_us);"
	"CREATE TABLE value (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"INSERT INTO sqlite_sequence (name, seq) VALUES ('incident', 1000);"
	"PRAGMA user_version = 1;",
	/* 2: how a member was when its window began. */
	"ALTER TABLE member ADD COLUMN muted_state TEXT NOT NULL DEFAULT 'ok' "
		"CHECK (muted_state IN " STATE_WORDS ");"
	"ALTER TABLE member ADD COLUMN muted_flapping INTEGER NOT NULL DEFAULT 0;"
	"PRAGMA user_version = 2;",
};
// clang-format on

static const struct {
	const char *name;
	const char *const *versions;
	int newest;
} files[] = {
	[NF_DB_STATE] = {"state.db",  versions,	       sizeof versions / sizeof *versions},
	[NF_DB_OUTBOX] = {"outbox.db", outbox_versions,
			 sizeof outbox_versions / sizeof *outbox_versions		},
};

const char *nf_db_file_name(enum nf_db_file file)
{
	return files[file].name;
}

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

static enum nf_err refuse_newer(enum nf_db_file file, int version, struct nf_error *err)
{
	return nf_error_set(err, NF_ENEWER,
		"%s has version %d, this netfold knows versions up to %d: a newer netfold wrote it; "
		"start that one, or move %s aside",
		files[file].name, version, files[file].newest, files[file].name);
}

static enum nf_err run(sqlite3 *db, const char *sql, struct nf_error *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? NF_OK : nf_db_error(db, rc, err);
}

enum nf_err nf_migrate(sqlite3 *db, enum nf_db_file file, struct nf_error *err)
{
	int version = 0;
	enum nf_err rc = read_version(db, &version, err);
	const int newest = files[file].newest;
	if (rc != NF_OK || version == newest)
		return rc;
	if (version > newest)
		return refuse_newer(file, version, err);
	rc = run(db, "BEGIN IMMEDIATE", err);
	if (rc != NF_OK)
		return rc;
	/* Another process may have been faster. */
	rc = read_version(db, &version, err);
	if (rc == NF_OK && version > newest)
		rc = refuse_newer(file, version, err);
	for (int v = version; rc == NF_OK && v < newest; v++)
		rc = run(db, files[file].versions[v], err);
	if (rc == NF_OK)
		rc = run(db, "COMMIT", err);
	if (rc != NF_OK && sqlite3_get_autocommit(db) == 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

enum nf_err nf_migrate_check(sqlite3 *db, enum nf_db_file file, struct nf_error *err)
{
	int version = 0;
	enum nf_err rc = read_version(db, &version, err);
	if (rc != NF_OK)
		return rc;
	const int newest = files[file].newest;
	if (version > newest)
		return refuse_newer(file, version, err);
	if (version < newest)
		return nf_error_set(err, NF_ENOENT,
			"%s is not set up yet (version %d of %d): start netfold first",
			files[file].name, version, newest);
	return NF_OK;
}
