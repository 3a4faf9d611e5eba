// SPDX-License-Identifier: GPL-3.0-or-later
/* sql: every statement that netfold runs on state.db and outbox.db, in one table; the schema's own stand in
 * store/migrate.c.
 * Shape:   parameters are ?1, ?2, … and always bound; a text NULL means "any" where the statement says
 *          IS NULL. Plain enough for PostgreSQL, but for the one statement marked as SQLite's own.
 */
#pragma once

enum nf_sql {
	NF_SQL_BEGIN,
	NF_SQL_COMMIT,
	NF_SQL_ROLLBACK,
	NF_SQL_CHECK_PUT,
	NF_SQL_CHECK_DROP,
	NF_SQL_CHECKS,
	NF_SQL_CHECKS_PROGRAM,
	NF_SQL_CHECKS_NAMED,
	NF_SQL_ASKED_PUT,
	NF_SQL_EVENT_ADD,
	NF_SQL_EVENT_SEED,
	NF_SQL_EVENTS,
	NF_SQL_EVENTS_NEWEST,
	NF_SQL_EVENTS_DEVICE,
	NF_SQL_EVENTS_DEVICE_NEWEST,
	NF_SQL_FACT_PUT,
	NF_SQL_FACTS,
	NF_SQL_FACTS_DEVICE,
	NF_SQL_ENGINE_PUT,
	NF_SQL_ENGINES,
	NF_SQL_PROGRAM_PUT,
	NF_SQL_PROGRAMS,
	NF_SQL_VALUE_PUT,
	NF_SQL_VALUE_GET,
	/* of outbox.db, which has values, too */
	NF_SQL_INCIDENT_PUT,
	NF_SQL_INCIDENTS,
	NF_SQL_INCIDENT_TRIM,
	NF_SQL_MEMBER_PUT,
	NF_SQL_MEMBER_DROP,
	NF_SQL_MEMBERS,
	NF_SQL_MEMBERS_BAD,
	NF_SQL_MEMBER_TRIM,
	NF_SQL_TELLING_PUT,
	NF_SQL_TELLINGS,
	NF_SQL_TELLING_TRIM,
	NF_SQL_WORD_ADD,
	NF_SQL_WORDS,
	NF_SQL_WORDS_AT,
	NF_SQL_WORD_TRIM,
	NF_SQL_OUTBOX_ADD,
	NF_SQL_OUTBOX_DUE,
	NF_SQL_OUTBOX_NEXT,
	NF_SQL_OUTBOX_OF,
	NF_SQL_OUTBOX_TRIED,
	NF_SQL_OUTBOX_FIGURES,
	NF_SQL_OUTBOX_LAST,
	NF_SQL_OUTBOX_TRIM,
	NF_SQL_LEN
};

const char *nf_sql_text(enum nf_sql id);
