// SPDX-License-Identifier: GPL-3.0-or-later
/* db_file: the SQLite files of a state directory, which differ in name, schema and how sure a commit is.
 * Role:    inside store/ only.
 */
#pragma once

enum nf_db_file {
	NF_DB_STATE, /* state.db: written every second; a power cut may take the last commits */
	NF_DB_OUTBOX, /* outbox.db: a commit is on the disk */
};

const char *nf_db_file_name(enum nf_db_file file);
