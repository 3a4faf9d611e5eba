// SPDX-License-Identifier: GPL-3.0-or-later
/* migrate: the versions of the schemas of state.db and outbox.db.
 * Shape:   PRAGMA user_version counts them; each entry of the table brings a file from one version to
 *          the next. Entries that were released are never changed, new ones are added at the end.
 * Role:    inside store/ only; with sqlite3.h.
 */
#pragma once

#include "base/err.h"
#include "store/db_file.h"

#include <sqlite3.h>

/* Brings db to the newest version inside one IMMEDIATE transaction; several processes may try at once.
 * NF_ENEWER: a newer netfold wrote it, nothing was touched; NF_ECORRUPT, NF_EBUSY, NF_EFULL, NF_ESYS. */
enum nf_err nf_migrate(sqlite3 *db, enum nf_db_file file, struct nf_error *err);

/* For a reader: NF_OK at the newest version, NF_ENOENT while there is no schema yet or an older one,
 * NF_ENEWER. */
enum nf_err nf_migrate_check(sqlite3 *db, enum nf_db_file file, struct nf_error *err);
