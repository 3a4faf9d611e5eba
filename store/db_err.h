// SPDX-License-Identifier: GPL-3.0-or-later
/* db_err: SQLite's result codes in netfold's words.
 * Role:    inside store/ only; with sqlite3.h.
 */
#pragma once

#include "base/err.h"

#include <sqlite3.h>

/* The code alone; a full disk is seen behind I/O errors, too. */
enum nf_err nf_db_code(sqlite3 *db, int rc);

/* The code, with "state.db: " and SQLite's own text in err (which may be NULL). db may be NULL. */
enum nf_err nf_db_error(sqlite3 *db, int rc, struct nf_error *err);
