// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sql.h"

#define CHECK_COLUMNS                                                                              \
	"c.network, c.device, c.name, c.program, c.state, c.since_us, c.soft, c.soft_count, "      \
	"c.soft_since_us, c.flap_history, c.flapping, c.output, c.cause, c.interval_us, "          \
	"c.looked_us, coalesce(nullif(c.looked_us, 0), a.at_us, 0) "                               \
	"FROM check_state c LEFT JOIN asked a ON a.program = c.program AND a.network = c.network " \
	"AND a.device = c.device "
#define CHECK_ORDER "ORDER BY c.network, c.device, c.name"

#define EVENT_COLUMNS                                                                                      \
	"SELECT id, at_us, network, device, name, kind, before, after, output, cause, maintenance, held, " \
	"data FROM event "
#define EVENT_FILTER                                                                           \
	"id > ?1 AND at_us >= ?2 AND (?3 IS NULL OR network = ?3) AND (?4 IS NULL OR device = ?4) "

#define FACT_COLUMNS "SELECT network, device, name, json, at_us FROM fact "

#define LOOK_VALUES                                                                            \
	"job, device, verdict, at_us, run_us, duration_us, since_us, reason, path, size, "     \
	"mtime_us, hash, proofs) "                                                             \
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
#define LOOK_COLUMNS                                                                           \
	"job, device, verdict, since_us, at_us, run_us, duration_us, reason, path, size, "     \
	"mtime_us, hash, proofs "

#define SMALLER(table, column)                                                                 \
	column " = CASE WHEN excluded." column " < " table "." column " THEN excluded." column \
	       " ELSE " table "." column " END, "
#define LARGER(table, column)                                                                  \
	column " = CASE WHEN excluded." column " > " table "." column " THEN excluded." column \
	       " ELSE " table "." column " END, "
#define SEEN_NAMES                                                                             \
	"s.network, s.source, s.seen_by, s.kind, s.value, s.address, s.place, s.detail, "      \
	"s.until_us, s.lent_us, "
#define SEEN_SUM                                                                               \
	"SELECT " SEEN_NAMES "s.first_us, s.last_us, s.count, s.last_us / 86400000000, 0 "     \
	"FROM seen s WHERE (?1 IS NULL OR s.network = ?1) "
#define SEEN_SUM_DAYS "AND s.last_us >= ?4 AND s.last_us < ?5 ORDER BY s.id"
#define SEEN_DAY                                                                               \
	"SELECT " SEEN_NAMES "d.first_us, d.last_us, d.count, d.day, d.hours "                 \
	"FROM seen s JOIN seen_day d ON d.seen = s.id WHERE (?1 IS NULL OR s.network = ?1) "
#define SEEN_DAY_DAYS "AND d.day BETWEEN ?4 AND ?5 ORDER BY s.id, d.day"
/* Of what is spared the first and the last day stay. */
#define SEEN_DAY_OLD                                                                           \
	"d.day < ?1 AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.id = d.seen AND "             \
	"s.spared = 1 AND d.day IN ((SELECT min(x.day) FROM seen_day x WHERE x.seen = s.id), " \
	"(SELECT max(x.day) FROM seen_day x WHERE x.seen = s.id))) "
#define SEEN_NEWEST "(SELECT max(d.last_us) FROM seen_day d WHERE d.seen = seen.id)"
#define SEEN_ANY    "AND (?2 IS NULL OR s.kind = ?2) AND (?3 IS NULL OR s.value = ?3) "
#define SEEN_ONE    "AND s.kind = ?2 AND s.value = ?3 "
/* A MAC's own rows, and what the machine said of itself, beside which its MAC stands. */
#define SEEN_OF(mac)                                                                           \
	"(kind = 'mac' AND value = " mac " OR kind IN ('name', 'serial') AND "                 \
	"detail = 'of ' || " mac ") "
#define CALLER_NAMES "c.network, c.seen_by, c.from_mac, c.from_address, c.to_address, c.how, "
#define CALLER_SUM                                                                             \
	"SELECT " CALLER_NAMES "c.first_us, c.last_us, c.count, c.last_us / 86400000000, 0 "   \
	"FROM caller c WHERE (?1 IS NULL OR c.network = ?1) "
#define CALLER_SUM_DAYS "AND c.last_us >= ?3 AND c.last_us < ?4 ORDER BY c.id"
#define CALLER_DAY                                                                             \
	"SELECT " CALLER_NAMES "d.first_us, d.last_us, d.count, d.day, d.hours FROM caller c " \
	"JOIN caller_day d ON d.caller = c.id WHERE (?1 IS NULL OR c.network = ?1) "
#define CALLER_DAY_DAYS "AND d.day BETWEEN ?3 AND ?4 ORDER BY c.id, d.day"
#define CALLER_ANY	"AND (?2 IS NULL OR c.to_address = ?2) "
#define CALLER_ONE	"AND c.to_address = ?2 "

static const char *const statements[NF_SQL_LEN] = {
	[NF_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[NF_SQL_COMMIT] = "COMMIT",
	[NF_SQL_ROLLBACK] = "ROLLBACK",
	[NF_SQL_CHECK_PUT] =
		"INSERT INTO check_state (network, device, name, program, state, since_us, soft, "
		"soft_count, soft_since_us, flap_history, flapping, output, cause, interval_us, "
		"looked_us) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
		"ON CONFLICT (network, device, name) DO UPDATE SET program = excluded.program, "
		"state = excluded.state, since_us = excluded.since_us, soft = excluded.soft, "
		"soft_count = excluded.soft_count, soft_since_us = excluded.soft_since_us, "
		"flap_history = excluded.flap_history, flapping = excluded.flapping, "
		"output = excluded.output, cause = excluded.cause, "
		"interval_us = excluded.interval_us, looked_us = excluded.looked_us",
	[NF_SQL_CHECK_DROP] =
		"DELETE FROM check_state WHERE network = ?1 AND device = ?2 AND name = ?3",
	[NF_SQL_CHECKS] = "SELECT " CHECK_COLUMNS CHECK_ORDER,
	[NF_SQL_CHECKS_PROGRAM] = "SELECT " CHECK_COLUMNS "WHERE c.program = ?1 " CHECK_ORDER,
	[NF_SQL_CHECKS_NAMED] = "SELECT " CHECK_COLUMNS "WHERE c.name = ?1 " CHECK_ORDER,
	[NF_SQL_CHECKS_BAD] =
		"SELECT " CHECK_COLUMNS "WHERE c.state NOT IN ('ok', 'warning') " CHECK_ORDER,
	[NF_SQL_ASKED_PUT] =
		"INSERT INTO asked (program, network, device, at_us) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (program, network, device) DO UPDATE SET at_us = excluded.at_us",
	[NF_SQL_EVENT_ADD] =
		"INSERT INTO event (at_us, network, device, name, kind, before, after, output, cause, "
		"maintenance, held, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	/* SQLite's own table: the next event gets an id above this. */
	[NF_SQL_EVENTS] = EVENT_COLUMNS "WHERE " EVENT_FILTER "ORDER BY id LIMIT ?5",
	[NF_SQL_EVENTS_NEWEST] =
		EVENT_COLUMNS "WHERE " EVENT_FILTER "ORDER BY id DESC LIMIT ?5",
	/* The same with a device that is not NULL, so that its index serves. */
	[NF_SQL_EVENTS_DEVICE] =
		EVENT_COLUMNS "WHERE device = ?4 AND " EVENT_FILTER "ORDER BY id LIMIT ?5",
	[NF_SQL_EVENTS_DEVICE_NEWEST] =
		EVENT_COLUMNS "WHERE device = ?4 AND " EVENT_FILTER "ORDER BY id DESC LIMIT ?5",
	/* A window at the head, so that no step reads more than it may remove. */
	[NF_SQL_EVENTS_TRIM] =
		"DELETE FROM event WHERE id < (SELECT min(id) FROM event) + ?3 AND id < ?2 "
		"AND at_us < ?1",
	[NF_SQL_FACT_PUT] =
		"INSERT INTO fact (network, device, name, json, at_us) VALUES (?1, ?2, ?3, ?4, ?5) "
		"ON CONFLICT (network, device, name) DO UPDATE SET json = excluded.json, "
		"at_us = excluded.at_us",
	[NF_SQL_FACTS] = FACT_COLUMNS
	"WHERE (?1 IS NULL OR network = ?1) AND (?2 IS NULL OR device = ?2) "
	"ORDER BY network, device, name",
	[NF_SQL_FACTS_DEVICE] = FACT_COLUMNS "WHERE network = ?1 AND device = ?2 ORDER BY name",
	[NF_SQL_FACTS_NAMED] = FACT_COLUMNS "WHERE name = ?1 ORDER BY network, device",
	[NF_SQL_FACTS_SINCE] = FACT_COLUMNS "WHERE at_us > ?1 ORDER BY network, device, name",
	[NF_SQL_ENGINE_PUT] =
		"INSERT INTO engine (network, address, engine_id, boots, time_s, at_us) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (network, address) DO UPDATE SET "
		"engine_id = excluded.engine_id, boots = excluded.boots, time_s = excluded.time_s, "
		"at_us = excluded.at_us",
	[NF_SQL_ENGINES] =
		"SELECT network, address, engine_id, boots, time_s, at_us FROM engine "
		"ORDER BY network, address",
	[NF_SQL_PROGRAM_PUT] =
		"INSERT INTO program (name, pid, started_us, beat_us, cycle_us, json) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO UPDATE SET "
		"pid = excluded.pid, started_us = excluded.started_us, beat_us = excluded.beat_us, "
		"cycle_us = excluded.cycle_us, json = excluded.json",
	[NF_SQL_PROGRAMS] =
		"SELECT name, pid, started_us, beat_us, cycle_us, json FROM program ORDER BY name",
	[NF_SQL_VALUE_PUT] = "INSERT INTO value (name, value) VALUES (?1, ?2) "
			     "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	[NF_SQL_VALUE_GET] = "SELECT value FROM value WHERE name = ?1",
	[NF_SQL_LOOK_ADD] = "INSERT INTO backup_look (" LOOK_VALUES,
	[NF_SQL_BACKUP_PUT] =
		"INSERT INTO backup_job (" LOOK_VALUES " ON CONFLICT (job) DO UPDATE SET "
		"since_us = CASE WHEN backup_job.verdict = excluded.verdict "
		"THEN backup_job.since_us ELSE excluded.since_us END, "
		"device = excluded.device, verdict = excluded.verdict, at_us = excluded.at_us, "
		"run_us = excluded.run_us, duration_us = excluded.duration_us, "
		"reason = excluded.reason, path = excluded.path, size = excluded.size, "
		"mtime_us = excluded.mtime_us, hash = excluded.hash, proofs = excluded.proofs",
	[NF_SQL_BACKUPS] = "SELECT 0, " LOOK_COLUMNS "FROM backup_job ORDER BY job",
	[NF_SQL_BACKUP_DROP] = "DELETE FROM backup_job WHERE job = ?1",
	[NF_SQL_LOOKS] =
		"SELECT id, " LOOK_COLUMNS
		"FROM backup_look WHERE (?1 IS NULL OR job = ?1) AND id > ?2 ORDER BY id",
	/* Ids rise with time: the looks are walked from the newest back, and no further than wanted. */
	[NF_SQL_LOOKS_SINCE] =
		"SELECT id, " LOOK_COLUMNS
		"FROM backup_look WHERE id > max(?2, coalesce((SELECT id FROM backup_look "
		"WHERE at_us < ?1 ORDER BY id DESC LIMIT 1), 0)) ORDER BY id",
	[NF_SQL_LOOKS_NEWEST] = "SELECT id, " LOOK_COLUMNS
				"FROM backup_look WHERE job = ?1 ORDER BY id DESC LIMIT ?2",
	/* Of each proved artefact its last look. */
	[NF_SQL_LOOKS_PROVED] =
		"SELECT id, " LOOK_COLUMNS "FROM backup_look WHERE id IN (SELECT max(id) "
		"FROM backup_look WHERE job = ?1 AND verdict IN ('ok', 'warning') AND size >= 0 "
		"GROUP BY path, mtime_us, size) ORDER BY mtime_us DESC, id DESC LIMIT 10",
	[NF_SQL_LOOK_TRIM] =
		"DELETE FROM backup_look WHERE at_us < ?1 AND id NOT IN (SELECT max(id) FROM "
		"backup_look WHERE verdict IN ('ok', 'warning') GROUP BY job)",
	[NF_SQL_DRILL_ADD] = "INSERT INTO backup_drill (job, at_us, result, who, note) "
			     "VALUES (?1, ?2, ?3, ?4, ?5)",
	[NF_SQL_DRILL_LAST] = "SELECT job, at_us, result, who, note FROM backup_drill "
			      "WHERE job = ?1 ORDER BY at_us DESC, id DESC LIMIT 1",
	[NF_SQL_SEEN_PUT] =
		"INSERT INTO seen (network, source, seen_by, kind, value, address, place, first_us, "
		"last_us, until_us, count, detail, lent_us) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
		"ON CONFLICT (network, source, seen_by, kind, value, address, place) "
		"DO UPDATE SET detail = CASE WHEN excluded.last_us > seen.last_us OR "
		"(excluded.last_us = seen.last_us AND excluded.detail > seen.detail) "
		"THEN excluded.detail ELSE seen.detail END, "
		"until_us = CASE WHEN excluded.lent_us > seen.lent_us OR (excluded.lent_us = "
		"seen.lent_us AND excluded.until_us > seen.until_us) "
		"THEN excluded.until_us ELSE seen.until_us END, " SMALLER("seen", "first_us")
			LARGER("seen", "last_us") LARGER("seen",
				"lent_us") "count = seen.count + excluded.count RETURNING id",
	[NF_SQL_SEEN_DAY_PUT] =
		"INSERT INTO seen_day (seen, day, hours, first_us, last_us, count) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seen, day) DO UPDATE SET "
		"hours = seen_day.hours | excluded.hours, " SMALLER("seen_day", "first_us")
			LARGER("seen_day", "last_us") "count = seen_day.count + excluded.count",
	[NF_SQL_SEEN] = SEEN_SUM SEEN_ANY SEEN_SUM_DAYS,
	[NF_SQL_SEEN_OF] = SEEN_SUM SEEN_ONE SEEN_SUM_DAYS,
	[NF_SQL_SEEN_DAYS] = SEEN_DAY SEEN_ANY SEEN_DAY_DAYS,
	[NF_SQL_SEEN_DAYS_OF] = SEEN_DAY SEEN_ONE SEEN_DAY_DAYS,
	[NF_SQL_SEEN_SPARED] = "SELECT " SEEN_NAMES "s.first_us, s.last_us, s.count, "
			       "s.last_us / 86400000000, 0, s.id, s.spared FROM seen s",
	[NF_SQL_SEEN_SPARE] = "UPDATE seen SET spared = ?2 WHERE id = ?1",
	[NF_SQL_SEEN_DAY_OLD] =
		"SELECT d.seen, d.day FROM seen_day d WHERE (d.day, d.seen) > (?2, ?3) AND " SEEN_DAY_OLD
		"ORDER BY d.day, d.seen LIMIT ?4",
	[NF_SQL_SEEN_DAY_TRIM] = "DELETE FROM seen_day WHERE seen = ?1 AND day = ?2",
	[NF_SQL_SEEN_DAY_FORGET] =
		"DELETE FROM seen_day WHERE (seen, day) IN (SELECT d.seen, d.day FROM seen s "
		"JOIN seen_day d ON d.seen = s.id WHERE " SEEN_OF(
			"?3") "AND d.day < ?1 LIMIT ?2)",
	[NF_SQL_SEEN_TRIM] =
		"DELETE FROM seen WHERE first_us < ?1 "
		"AND (?2 IS NULL OR " SEEN_OF(
			"?2") ") AND NOT EXISTS (SELECT 1 FROM seen_day d WHERE d.seen = seen.id)",
	[NF_SQL_SEEN_CLIP] =
		"UPDATE seen SET first_us = (SELECT d.first_us FROM seen_day d "
		"WHERE d.seen = seen.id ORDER BY d.day LIMIT 1) WHERE first_us < ?1 "
		"AND (?2 IS NULL OR " SEEN_OF("?2") ")",
	[NF_SQL_LEDGER_AHEAD] = "SELECT EXISTS (SELECT 1 FROM seen WHERE last_us >= ?1) OR "
				"EXISTS (SELECT 1 FROM caller WHERE last_us >= ?1) OR "
				"EXISTS (SELECT 1 FROM coverage WHERE hour > ?2)",
	[NF_SQL_LEDGER_OLD] =
		"SELECT (SELECT count(DISTINCT d.day) FROM seen_day d WHERE " SEEN_DAY_OLD "), "
		"(SELECT count(DISTINCT day) FROM seen_day WHERE day >= ?1)",
	[NF_SQL_LEDGER_DAYS] =
		"SELECT (SELECT count(DISTINCT day) FROM seen_day WHERE day <= ?1), "
		"(SELECT count(DISTINCT day) FROM seen_day WHERE day > ?1)",
	[NF_SQL_SEEN_DAY_FUTURE] = "DELETE FROM seen_day WHERE day > ?1",
	[NF_SQL_SEEN_EMPTY] = "DELETE FROM seen WHERE last_us >= ?1 AND NOT EXISTS "
			      "(SELECT 1 FROM seen_day d WHERE d.seen = seen.id)",
	/* A lease keeps its length. */
	[NF_SQL_SEEN_BACK] =
		"UPDATE seen SET last_us = " SEEN_NEWEST ", "
		"until_us = CASE WHEN lent_us >= ?1 THEN until_us - lent_us + " SEEN_NEWEST
		" ELSE until_us END, "
		"lent_us = CASE WHEN lent_us >= ?1 THEN " SEEN_NEWEST " ELSE lent_us END "
		"WHERE last_us >= ?1",
	[NF_SQL_CALLER_PUT] =
		"INSERT INTO caller (network, seen_by, from_mac, from_address, to_address, how, "
		"first_us, last_us, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
		"ON CONFLICT (network, seen_by, from_mac, from_address, to_address, how) "
		"DO UPDATE SET " SMALLER("caller", "first_us") LARGER("caller",
			"last_us") "count = caller.count + excluded.count RETURNING id",
	[NF_SQL_CALLER_DAY_PUT] =
		"INSERT INTO caller_day (caller, day, hours, first_us, last_us, count) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (caller, day) DO UPDATE SET "
		"hours = caller_day.hours | excluded.hours, " SMALLER("caller_day", "first_us")
			LARGER("caller_day",
				"last_us") "count = caller_day.count + excluded.count",
	[NF_SQL_CALLERS] = CALLER_SUM CALLER_ANY CALLER_SUM_DAYS,
	[NF_SQL_CALLERS_OF] = CALLER_SUM CALLER_ONE CALLER_SUM_DAYS,
	[NF_SQL_CALLER_DAYS] = CALLER_DAY CALLER_ANY CALLER_DAY_DAYS,
	[NF_SQL_CALLER_DAYS_OF] = CALLER_DAY CALLER_ONE CALLER_DAY_DAYS,
	[NF_SQL_CALLER_DAY_TRIM] =
		"DELETE FROM caller_day WHERE (caller, day) IN "
		"(SELECT caller, day FROM caller_day WHERE day < ?1 LIMIT ?2)",
	[NF_SQL_CALLER_DAY_FORGET] =
		"DELETE FROM caller_day WHERE (caller, day) IN (SELECT d.caller, d.day "
		"FROM caller c JOIN caller_day d ON d.caller = c.id WHERE c.from_mac = ?3 "
		"AND d.day < ?1 LIMIT ?2)",
	[NF_SQL_CALLER_TRIM] =
		"DELETE FROM caller WHERE first_us < ?1 AND (?2 IS NULL OR from_mac = ?2) "
		"AND NOT EXISTS (SELECT 1 FROM caller_day d WHERE d.caller = caller.id)",
	[NF_SQL_CALLER_CLIP] =
		"UPDATE caller SET first_us = (SELECT d.first_us FROM caller_day d "
		"WHERE d.caller = caller.id ORDER BY d.day LIMIT 1) WHERE first_us < ?1 "
		"AND (?2 IS NULL OR from_mac = ?2)",
	[NF_SQL_CALLER_DAY_FUTURE] = "DELETE FROM caller_day WHERE day > ?1",
	[NF_SQL_CALLER_EMPTY] = "DELETE FROM caller WHERE last_us >= ?1 AND NOT EXISTS "
				"(SELECT 1 FROM caller_day d WHERE d.caller = caller.id)",
	[NF_SQL_CALLER_BACK] =
		"UPDATE caller SET last_us = (SELECT max(d.last_us) FROM caller_day d "
		"WHERE d.caller = caller.id) WHERE last_us >= ?1",
	[NF_SQL_COVERAGE_PUT] =
		"INSERT INTO coverage (network, sensor, hour, minutes, seconds, frames, drops, "
		"canaries_sent, canaries_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
		"ON CONFLICT (network, sensor, hour) DO UPDATE SET "
		"minutes = coverage.minutes | excluded.minutes, "
		"seconds = CASE WHEN coverage.seconds + excluded.seconds > 3600 THEN 3600 "
		"ELSE coverage.seconds + excluded.seconds END, "
		"frames = coverage.frames + excluded.frames, "
		"drops = coverage.drops + excluded.drops, "
		"canaries_sent = coverage.canaries_sent + excluded.canaries_sent, "
		"canaries_seen = coverage.canaries_seen + excluded.canaries_seen",
	[NF_SQL_COVERAGES] =
		"SELECT network, sensor, hour, minutes, seconds, frames, drops, canaries_sent, "
		"canaries_seen FROM coverage WHERE (?1 IS NULL OR network = ?1) AND hour >= ?2 "
		"ORDER BY network, sensor, hour",
	[NF_SQL_COVERAGE_TRIM] =
		"DELETE FROM coverage WHERE hour < ?1 AND sensor <> '' AND hour <> coalesce("
		"(SELECT c.hour FROM coverage c WHERE c.network = coverage.network "
		"AND c.sensor = coverage.sensor AND c.frames > 0 ORDER BY c.hour DESC LIMIT 1), -1)",
	[NF_SQL_COVERAGE_FORGET] =
		"DELETE FROM coverage WHERE network = ?1 AND sensor = ?2 AND hour < ?3 AND hour <> "
		"coalesce((SELECT c.hour FROM coverage c WHERE c.network = ?1 AND c.sensor = ?2 "
		"AND c.frames > 0 ORDER BY c.hour DESC LIMIT 1), -1)",
	[NF_SQL_COVERAGE_FUTURE] = "DELETE FROM coverage WHERE hour > ?1",
	[NF_SQL_STAGE_GET] = "SELECT stage FROM stage WHERE device = ?1",
	[NF_SQL_STAGE_PUT] =
		"INSERT INTO stage (device, stage, since_us, computed_us, json) "
		"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device) DO UPDATE SET "
		"since_us = CASE WHEN stage.stage = excluded.stage THEN stage.since_us "
		"ELSE excluded.since_us END, stage = excluded.stage, "
		"computed_us = excluded.computed_us, json = excluded.json",
	[NF_SQL_STAGE_DROP] = "DELETE FROM stage WHERE device = ?1",
	[NF_SQL_STAGES] =
		"SELECT device, stage, since_us, computed_us, json FROM stage ORDER BY device",
	[NF_SQL_EXEMPTION_PUT] =
		"INSERT INTO exemption (device, reason, owner, until_us, at_us) "
		"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device) DO UPDATE SET "
		"reason = excluded.reason, owner = excluded.owner, until_us = excluded.until_us, "
		"at_us = excluded.at_us",
	[NF_SQL_EXEMPTION_DROP] = "DELETE FROM exemption WHERE device = ?1",
	[NF_SQL_EXEMPTIONS] =
		"SELECT device, reason, owner, until_us, at_us FROM exemption ORDER BY device",
	[NF_SQL_SNAPSHOT_PUT] =
		"INSERT INTO snapshot (wave, device, at_us, json) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (wave, device, at_us) DO UPDATE SET json = excluded.json",
	[NF_SQL_SNAPSHOTS] =
		"SELECT wave, device, at_us, json FROM snapshot "
		"WHERE (?1 IS NULL OR wave = ?1) ORDER BY at_us DESC, wave, device",
	/* What a comparison takes stays: the newest from before the wave, else the oldest. */
	[NF_SQL_SNAPSHOT_TRIM] =
		"DELETE FROM snapshot WHERE wave = ?1 AND device = ?2 AND at_us < ?3 AND (?4 = 0 OR at_us "
		"NOT IN ((SELECT max(n.at_us) FROM snapshot n WHERE n.wave = ?1 AND n.device = ?2), "
		"coalesce((SELECT max(b.at_us) FROM snapshot b WHERE b.wave = ?1 AND b.device = ?2 "
		"AND b.at_us < ?4), (SELECT min(o.at_us) FROM snapshot o WHERE o.wave = ?1 "
		"AND o.device = ?2))))",
	[NF_SQL_WAVE_RESULT_PUT] =
		"INSERT INTO wave_result (wave, at_us, json) VALUES (?1, ?2, ?3) "
		"ON CONFLICT (wave, at_us) DO UPDATE SET json = excluded.json",
	[NF_SQL_WAVE_RESULTS] =
		"SELECT wave, at_us, json FROM wave_result WHERE (?1 IS NULL OR wave = ?1) "
		"ORDER BY at_us DESC, wave",
	[NF_SQL_WAVE_RESULT_TRIM] =
		"DELETE FROM wave_result WHERE wave = ?1 AND at_us < ?2 AND (?3 = 0 OR at_us <> "
		"(SELECT max(n.at_us) FROM wave_result n WHERE n.wave = ?1))",
	[NF_SQL_WAVES] =
		"SELECT wave, device FROM snapshot UNION SELECT wave, '' FROM wave_result",
	[NF_SQL_PROGRESS_PUT] = "INSERT INTO progress (network, day, json) VALUES (?1, ?2, ?3) "
				"ON CONFLICT (network, day) DO UPDATE SET json = excluded.json",
	[NF_SQL_PROGRESSES] =
		"SELECT network, day, json FROM progress WHERE (?1 IS NULL OR network = ?1) "
		"AND day >= ?2 ORDER BY network, day",
	[NF_SQL_CUTOVER_STAMP] =
		"SELECT (SELECT coalesce(max(computed_us), 0) FROM network_end) + "
		"(SELECT coalesce(max(at_us), 0) + count(*) FROM exemption) + "
		"(SELECT coalesce(max(at_us), 0) FROM wave_result) + "
		"(SELECT count(*) FROM snapshot) + (SELECT count(*) FROM progress)",
	[NF_SQL_NETWORK_PUT] =
		"INSERT INTO network_end (network, ready, blockers, computed_us) "
		"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (network) DO UPDATE SET "
		"ready = excluded.ready, blockers = excluded.blockers, "
		"computed_us = excluded.computed_us",
	[NF_SQL_NETWORK_DROP] = "DELETE FROM network_end WHERE network = ?1",
	[NF_SQL_NETWORKS] =
		"SELECT network, ready, blockers, computed_us FROM network_end ORDER BY network",
	[NF_SQL_INCIDENT_PUT] =
		"INSERT INTO incident (number, cause, title, network, phase, state, "
		"opened_us, made_us, due_us, told_us, ended_us, acknowledged_us, "
		"acknowledged_until_us, acknowledged_by, acknowledged_text, escalated_us, "
		"merged_into, digested_us, follow_ups) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
		"?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT "
		"(number) DO UPDATE SET cause = excluded.cause, title = excluded.title, "
		"network = excluded.network, phase = excluded.phase, state = "
		"excluded.state, opened_us = excluded.opened_us, made_us = "
		"excluded.made_us, due_us = excluded.due_us, told_us = excluded.told_us, "
		"ended_us = excluded.ended_us, acknowledged_us = excluded.acknowledged_us, "
		"acknowledged_until_us = excluded.acknowledged_until_us, acknowledged_by = "
		"excluded.acknowledged_by, acknowledged_text = excluded.acknowledged_text, "
		"escalated_us = excluded.escalated_us, merged_into = excluded.merged_into, "
		"digested_us = excluded.digested_us, follow_ups = excluded.follow_ups",
	[NF_SQL_INCIDENTS] =
		"SELECT number, cause, title, network, phase, state, opened_us, made_us, "
		"due_us, told_us, ended_us, acknowledged_us, acknowledged_until_us, "
		"acknowledged_by, acknowledged_text, escalated_us, merged_into, "
		"digested_us, follow_ups FROM incident WHERE ended_us = 0 OR ended_us >= "
		"?1 ORDER BY number",
	[NF_SQL_INCIDENT_ENDED] = "SELECT ended_us FROM incident WHERE number = ?1",
	[NF_SQL_INCIDENT_FIRST] = "SELECT min(opened_us) FROM incident WHERE ended_us = 0",
	[NF_SQL_INCIDENT_TRIM] = "DELETE FROM incident WHERE ended_us > 0 AND ended_us < ?1",
	[NF_SQL_MEMBER_PUT] =
		"INSERT INTO member (number, network, device, name, state, worst, "
		"since_us, ended_us, how_ended, moved_to, flapping, muted, silenced, "
		"told_us, event_id, hold_us, output, cause, maintenance, muted_state, "
		"muted_flapping) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
		"?19, ?20, ?21) ON CONFLICT (number, network, device, name) DO UPDATE SET state = "
		"excluded.state, worst = excluded.worst, since_us = excluded.since_us, "
		"ended_us = excluded.ended_us, how_ended = excluded.how_ended, moved_to = "
		"excluded.moved_to, flapping = excluded.flapping, muted = excluded.muted, "
		"silenced = excluded.silenced, told_us = excluded.told_us, event_id = "
		"excluded.event_id, hold_us = excluded.hold_us, output = excluded.output, "
		"cause = excluded.cause, maintenance = excluded.maintenance, muted_state = "
		"excluded.muted_state, muted_flapping = excluded.muted_flapping",
	[NF_SQL_MEMBER_DROP] =
		"DELETE FROM member WHERE number = ?1 AND network = ?2 AND device = ?3 AND "
		"name = ?4",
	[NF_SQL_MEMBERS] =
		"SELECT number, network, device, name, state, worst, since_us, ended_us, "
		"how_ended, moved_to, flapping, muted, silenced, told_us, event_id, "
		"hold_us, output, cause, maintenance, muted_state, muted_flapping FROM member WHERE number = ?1 ORDER "
		"BY network, device, name",
	[NF_SQL_MEMBERS_BAD] =
		"SELECT number, network, device, name, state, worst, since_us, ended_us, "
		"how_ended, moved_to, flapping, muted, silenced, told_us, event_id, "
		"hold_us, output, cause, maintenance, muted_state, muted_flapping FROM member WHERE ended_us = 0 ORDER "
		"BY number, network, device, name",
	[NF_SQL_MEMBER_TRIM] =
		"DELETE FROM member WHERE ended_us > 0 AND number NOT IN (SELECT number "
		"FROM incident)",
	[NF_SQL_TELLING_PUT] =
		"INSERT INTO telling (number, contact, address, told_us, last_us, mails, "
		"first_id, last_id, recovered, escalated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
		"?7, ?8, ?9, ?10) ON CONFLICT (number, contact) DO UPDATE SET address = "
		"excluded.address, told_us = excluded.told_us, last_us = excluded.last_us, "
		"mails = excluded.mails, first_id = excluded.first_id, last_id = "
		"excluded.last_id, recovered = excluded.recovered, escalated = "
		"excluded.escalated",
	[NF_SQL_TELLINGS] =
		"SELECT number, contact, address, told_us, last_us, mails, first_id, "
		"last_id, recovered, escalated FROM telling WHERE number = ?1 ORDER BY "
		"told_us, contact",
	[NF_SQL_TELLING_TRIM] =
		"DELETE FROM telling WHERE number NOT IN (SELECT number FROM incident)",
	[NF_SQL_WORD_ADD] =
		"INSERT INTO word (kind, at_us, begins_us, ends_us, number, scope, who, "
		"text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[NF_SQL_WORDS] =
		"SELECT id, kind, at_us, begins_us, ends_us, number, scope, who, text FROM "
		"word WHERE id > ?1 ORDER BY id",
	[NF_SQL_WORDS_AT] =
		"SELECT id, kind, at_us, begins_us, ends_us, number, scope, who, text FROM "
		"word WHERE ends_us > ?1 ORDER BY id",
	[NF_SQL_WORD_TRIM] = "DELETE FROM word WHERE ends_us < ?1",
	[NF_SQL_OUTBOX_ADD] =
		"INSERT INTO outbox (number, kind, contact, address, message_id, notice, "
		"made_us, state, attempts, next_us, first_us, ended_us, error) VALUES (?1, "
		"?2, ?3, ?4, ?5, ?6, ?7, 'waiting', 0, ?8, 0, 0, '') ON CONFLICT "
		"(message_id) DO NOTHING",
	/* Of each line of mails the head. */
	[NF_SQL_OUTBOX_DUE] =
		"SELECT id, number, kind, contact, address, message_id, notice, made_us, "
		"state, attempts, next_us, first_us, ended_us, error FROM outbox WHERE id "
		"IN (SELECT min(id) FROM outbox WHERE state = 'waiting' GROUP BY number, "
		"contact, iif(number = 0, kind, '')) AND (next_us <= ?1 OR next_us > ?2) ORDER BY id LIMIT ?3",
	[NF_SQL_OUTBOX_NEXT] =
		"SELECT min(next_us), count(*) FROM outbox WHERE id IN (SELECT min(id) "
		"FROM outbox WHERE state = 'waiting' GROUP BY number, contact, "
		"iif(number = 0, kind, ''))",
	[NF_SQL_OUTBOX_OF] =
		"SELECT id, number, kind, contact, address, message_id, notice, made_us, "
		"state, attempts, next_us, first_us, ended_us, error FROM outbox WHERE "
		"number = ?1 ORDER BY id",
	[NF_SQL_OUTBOX_TRIED] =
		"UPDATE outbox SET state = ?2, attempts = attempts + ?3, next_us = ?4, "
		"first_us = CASE WHEN first_us = 0 THEN ?5 ELSE first_us END, ended_us = "
		"?6, error = ?7 WHERE id = ?1",
	[NF_SQL_OUTBOX_FIGURES] =
		"SELECT state, count(*), min(made_us), min(nullif(first_us, 0)) FROM outbox "
		"GROUP BY state",
	[NF_SQL_OUTBOX_LAST] =
		"SELECT ended_us, ended_us - made_us FROM outbox WHERE state = 'sent' "
		"ORDER BY ended_us DESC LIMIT 1",
	/* Of each address the last mail that ended. */
	[NF_SQL_OUTBOX_REFUSED] =
		"SELECT id, number, kind, contact, address, message_id, notice, made_us, "
		"state, attempts, next_us, first_us, ended_us, error FROM outbox WHERE "
		"state = 'refused' AND id IN (SELECT max(id) FROM outbox WHERE state IN "
		"('sent', 'refused') GROUP BY address) ORDER BY address",
	[NF_SQL_OUTBOX_TRIM] = "DELETE FROM outbox WHERE ended_us > 0 AND ended_us < ?1",
};

const char *nf_sql_text(enum nf_sql id)
{
	return statements[id];
}
