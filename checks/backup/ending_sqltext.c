// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ending_sqltext.h"

#include <ctype.h>
#include <string.h>

/* Behind the last words only blank lines and, for PostgreSQL, one more comment line may stand. */
#define LAST_WORDS_WITHIN 512

struct dump {
	const char *name;
	const char *first[4]; /* any of these near the beginning */
	const char *last;
};

static const struct dump dumps[] = {
	[NF_SQL_NONE] = {"no",		       {NULL},					   NULL},
	[NF_SQL_MYSQL] = {"MySQL",
			 {"-- MySQL dump", "-- MariaDB dump", "-- mysqldump", "-- Dump of"},
			 "-- Dump completed"							 },
	[NF_SQL_POSTGRESQL] = {"PostgreSQL",	     {"-- PostgreSQL database dump"},
			 "-- PostgreSQL database dump complete"				      },
	[NF_SQL_POSTGRESQL_CLUSTER] = {"PostgreSQL cluster",
			 {"-- PostgreSQL database cluster dump"},
			 "-- PostgreSQL database cluster dump complete"			      },
	[NF_SQL_SQLITE] = {"SQLite",	     {"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;"},
			 "COMMIT;"								   },
};
#define DUMPS (sizeof dumps / sizeof *dumps)

enum nf_sql_dump nf_sql_dump_of(const uint8_t *head, size_t len)
{
	/* A cluster dump holds database dumps, so the longer word is looked for first. */
	for (size_t kind = DUMPS - 1; kind > NF_SQL_NONE; kind--)
		for (size_t i = 0; i < 4 && dumps[kind].first[i]; i++)
			if (memmem(head, len, dumps[kind].first[i],
				    strlen(dumps[kind].first[i])))
				return (enum nf_sql_dump)kind;
	return NF_SQL_NONE;
}

/* A NUL stands for a byte that is not known; at least half of the words must be. */
static bool words_at(const uint8_t *text, const char *words, size_t len)
{
	size_t known = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != 0 && text[i] != (uint8_t)words[i])
			return false;
		known += text[i] != 0;
	}
	return known * 2 >= len;
}

static bool begins_line(const uint8_t *text, size_t at)
{
	return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\0';
}

bool nf_sql_dump_ended(enum nf_sql_dump kind, const uint8_t *tail, size_t len)
{
	const char *last = dumps[kind].last;
	while (len > 0 && isspace(tail[len - 1]))
		len--;
	size_t n = last ? strlen(last) : 0;
	if (n == 0 || len < n)
		return false;
	if (kind == NF_SQL_SQLITE)
		return words_at(tail + len - n, last, n);
	for (size_t at = len - n + 1; at-- > 0 && len - at < LAST_WORDS_WITHIN;)
		/* Words inside a row's text do not begin a line. */
		if (begins_line(tail, at) && words_at(tail + at, last, n))
			return true;
	return false;
}

const char *nf_sql_dump_name(enum nf_sql_dump kind)
{
	return dumps[kind].name;
}
