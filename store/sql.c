// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sql.h"

#define CHECK_COLUMNS                                                                              \
	"c.network, c.device, c.name, c.program, c.state, c.since_us, c.soft, c.soft_count, "      \
	"c.soft_since_us, c.flap_history, c.flapping, c.output, c.cause, c.interval_us, "          \
	"coalesce(a.at_us, 0) "                                                                    \
	"FROM check_state c LEFT JOIN asked a ON a.program = c.program AND a.network = c.network " \
	"AND a.device = c.device "
#define CHECK_ORDER "ORDER BY c.network, c.device, c.name"

#define EVENT_COLUMNS                                                                                     \
	"SELECT id, at_us, network, device, name, kind, before, after, output, cause, maintenance, held " \
	"FROM event "
#define EVENT_FILTER                                                                           \
	"id > ?1 AND at_us >= ?2 AND (?3 IS NULL OR network = ?3) AND (?4 IS NULL OR device = ?4) "

#define FACT_COLUMNS "SELECT network, device, name, json, at_us FROM fact "

static const char *const statements[NF_SQL_LEN] = {
	[NF_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[NF_SQL_COMMIT] = "COMMIT",
	[NF_SQL_ROLLBACK] = "ROLLBACK",
	[NF_SQL_CHECK_PUT] =
		"INSERT INTO check_state (network, device, name, program, state, since_us, soft, "
		"soft_count, soft_since_us, flap_history, flapping, output, cause, interval_us) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
		"ON CONFLICT (network, device, name) DO UPDATE SET program = excluded.program, "
		"state = excluded.state, since_us = excluded.since_us, soft = excluded.soft, "
		"soft_count = excluded.soft_count, soft_since_us = excluded.soft_since_us, "
		"flap_history = excluded.flap_history, flapping = excluded.flapping, "
		"output = excluded.output, cause = excluded.cause, "
		"interval_us = excluded.interval_us",
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
};

const char *nf_sql_text(enum nf_sql id)
{
	return statements[id];
}
