// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/db_err.h"

#include <errno.h>
#include <string.h>

static const struct {
	int primary;
	enum nf_err code;
} codes[] = {
	{SQLITE_OK,	    NF_OK	 },
	{SQLITE_ROW,	     NF_OK	  },
	{SQLITE_DONE,     NF_OK	   },
	{SQLITE_BUSY,     NF_EBUSY   },
	{SQLITE_LOCKED,	NF_EBUSY	},
	{SQLITE_NOMEM,    NF_ENOMEM	},
	{SQLITE_FULL,     NF_EFULL   },
	{SQLITE_CORRUPT,	 NF_ECORRUPT},
	{SQLITE_NOTADB,	NF_ECORRUPT},
	{SQLITE_FORMAT,	NF_ECORRUPT},
	{SQLITE_READONLY, NF_EPERM	  },
	{SQLITE_PERM,     NF_EPERM   },
	{SQLITE_AUTH,     NF_EPERM   },
	{SQLITE_IOERR,    NF_ESYS    },
	{SQLITE_CANTOPEN, NF_ESYS	 },
	{SQLITE_PROTOCOL, NF_EBUSY	  },
};

enum nf_err nf_db_code(sqlite3 *db, int rc)
{
	int primary = rc & 0xff;
	if (rc == SQLITE_IOERR_SHORT_READ)
		return NF_ECORRUPT;
	if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && db != NULL) {
		int sys = sqlite3_system_errno(db);
		if (sys == ENOSPC || sys == EDQUOT)
			return NF_EFULL;
		if (sys == EACCES || sys == EPERM || sys == EROFS)
			return NF_EPERM;
	}
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		if (codes[i].primary == primary)
			return codes[i].code;
	}
	return NF_EINVAL;
}

static const char *file_of(sqlite3 *db)
{
	const char *path = db != NULL ? sqlite3_db_filename(db, "main") : NULL;
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;
	return slash != NULL ? slash + 1 : "state.db";
}

enum nf_err nf_db_error(sqlite3 *db, int rc, struct nf_error *err)
{
	enum nf_err code = nf_db_code(db, rc);
	const char *text = db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
	nf_error_set(err, code, "%s: %s", file_of(db), text);
	if (err != NULL && db != NULL &&
		(code == NF_ESYS || code == NF_EFULL || code == NF_EPERM))
		err->sys_errno = sqlite3_system_errno(db);
	return code;
}
