// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sql.h"

#define CHECK_COLUMNS                                                                              \
	"c.network, c.device, c.name, c.program, c.state, c.since_us, c.soft, c.soft_count, "      \
	"c.soft_since_us, c.flap_history, c.flapping, c.output, c.cause, c.interval_us, "          \
	"c.looked_us, coalesce(nullif(c.looked_us, 0), a.at_us, 0) "                               \
	"FROM check_state c LEFT JOIN asked a ON a.program = c.program AND a.network = c.network " \
	"AND a.device = c.device "
#define CHECK_ORDER "ORDER BY c.network, c.device, c.name"

#define EVENT_COLUMNS                                                                                     \
	"SELECT id, at_us, network, device, name, kind, before, after, output, cause, maintenance, held " \
	"FROM event "
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
	[NF_SQL_ASKED_PUT] =
		"INSERT INTO asked (program, network, device, at_us) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (program, network, device) DO UPDATE SET at_us = excluded.at_us",
	[NF_SQL_EVENT_ADD] =
		"INSERT INTO event (at_us, network, device, name, kind, before, after, output, cause, "
		"maintenance, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	/* SQLite's own table: the next event gets an id above this. */
	[NF_SQL_EVENT_SEED] = "INSERT INTO sqlite_sequence (name, seq) VALUES ('event', ?1)",
	[NF_SQL_EVENTS] = EVENT_COLUMNS "WHERE " EVENT_FILTER "ORDER BY id LIMIT ?5",
	[NF_SQL_EVENTS_NEWEST] =
		EVENT_COLUMNS "WHERE " EVENT_FILTER "ORDER BY id DESC LIMIT ?5",
	/* The same with a device that is not NULL, so that its index serves. */
	[NF_SQL_EVENTS_DEVICE] =
		EVENT_COLUMNS "WHERE device = ?4 AND " EVENT_FILTER "ORDER BY id LIMIT ?5",
	[NF_SQL_EVENTS_DEVICE_NEWEST] =
		EVENT_COLUMNS "WHERE device = ?4 AND " EVENT_FILTER "ORDER BY id DESC LIMIT ?5",
	[NF_SQL_FACT_PUT] =
		"INSERT INTO fact (network, device, name, json, at_us) VALUES (?1, ?2, ?3, ?4, ?5) "
		"ON CONFLICT (network, device, name) DO UPDATE SET json = excluded.json, "
		"at_us = excluded.at_us",
	[NF_SQL_FACTS] = FACT_COLUMNS
	"WHERE (?1 IS NULL OR network = ?1) AND (?2 IS NULL OR device = ?2) "
	"ORDER BY network, device, name",
	[NF_SQL_FACTS_DEVICE] = FACT_COLUMNS "WHERE network = ?1 AND device = ?2 ORDER BY name",
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
	[NF_SQL_INCIDENT_TRIM] = "DELETE FROM incident WHERE ended_us > 0 AND ended_us < ?1",
	[NF_SQL_MEMBER_PUT] =
		"INSERT INTO member (number, network, device, name, state, worst, "
		"since_us, ended_us, how_ended, moved_to, flapping, muted, silenced, "
		"told_us, event_id, hold_us, output, cause, maintenance) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
		"?19) ON CONFLICT (number, network, device, name) DO UPDATE SET state = "
		"excluded.state, worst = excluded.worst, since_us = excluded.since_us, "
		"ended_us = excluded.ended_us, how_ended = excluded.how_ended, moved_to = "
		"excluded.moved_to, flapping = excluded.flapping, muted = excluded.muted, "
		"silenced = excluded.silenced, told_us = excluded.told_us, event_id = "
		"excluded.event_id, hold_us = excluded.hold_us, output = excluded.output, "
		"cause = excluded.cause, maintenance = excluded.maintenance",
	[NF_SQL_MEMBER_DROP] =
		"DELETE FROM member WHERE number = ?1 AND network = ?2 AND device = ?3 AND "
		"name = ?4",
	[NF_SQL_MEMBERS] =
		"SELECT number, network, device, name, state, worst, since_us, ended_us, "
		"how_ended, moved_to, flapping, muted, silenced, told_us, event_id, "
		"hold_us, output, cause, maintenance FROM member WHERE number = ?1 ORDER "
		"BY network, device, name",
	[NF_SQL_MEMBERS_BAD] =
		"SELECT number, network, device, name, state, worst, since_us, ended_us, "
		"how_ended, moved_to, flapping, muted, silenced, told_us, event_id, "
		"hold_us, output, cause, maintenance FROM member WHERE ended_us = 0 ORDER "
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
		"contact) AND (next_us <= ?1 OR next_us > ?2) ORDER BY id LIMIT ?3",
	[NF_SQL_OUTBOX_NEXT] =
		"SELECT min(next_us), count(*) FROM outbox WHERE id IN (SELECT min(id) "
		"FROM outbox WHERE state = 'waiting' GROUP BY number, contact)",
	[NF_SQL_OUTBOX_OF] =
		"SELECT id, number, kind, contact, address, message_id, notice, made_us, "
		"state, attempts, next_us, first_us, ended_us, error FROM outbox WHERE "
		"number = ?1 ORDER BY id",
	[NF_SQL_OUTBOX_TRIED] =
		"UPDATE outbox SET state = ?2, attempts = attempts + ?3, next_us = ?4, "
		"first_us = CASE WHEN first_us = 0 THEN ?5 ELSE first_us END, ended_us = "
		"?6, error = ?7 WHERE id = ?1",
	[NF_SQL_OUTBOX_FIGURES] =
		"SELECT state, count(*), min(made_us) FROM outbox GROUP BY state",
	[NF_SQL_OUTBOX_LAST] =
		"SELECT ended_us, ended_us - made_us FROM outbox WHERE state = 'sent' "
		"ORDER BY ended_us DESC LIMIT 1",
	[NF_SQL_OUTBOX_TRIM] = "DELETE FROM outbox WHERE ended_us > 0 AND ended_us < ?1",
};

const char *nf_sql_text(enum nf_sql id)
{
	return statements[id];
}
