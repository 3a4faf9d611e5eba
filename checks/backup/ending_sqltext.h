// SPDX-License-Identifier: GPL-3.0-or-later
/* ending_sqltext: the first and the last words of an SQL dump, plain or inside a compressed file.
 * Shape:   pure.
 * Source:  mysqldump(1) --comments, mariadb-dump(1), pg_dump(1), pg_dumpall(1), sqlite3(1) .dump.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_sql_dump {
	NF_SQL_NONE,
	NF_SQL_MYSQL, /* and MariaDB */
	NF_SQL_POSTGRESQL,
	NF_SQL_POSTGRESQL_CLUSTER,
	NF_SQL_SQLITE,
};

/* By the first lines. */
enum nf_sql_dump nf_sql_dump_of(const uint8_t *head, size_t len);
/* Whether the last lines are those that the program writes when it is done. A NUL in tail stands for a byte
 * that is not known (checks/backup/deflate_tail.h). */
bool nf_sql_dump_ended(enum nf_sql_dump kind, const uint8_t *tail, size_t len);
/* "MySQL" … */
const char *nf_sql_dump_name(enum nf_sql_dump kind);
