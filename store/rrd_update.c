// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>
#include <time.h>

#include <rrd.h>

#include "store/rrd_file.h"

#define TRIES	 3
#define PAUSE_NS 10000000

/* librrd takes a lock without waiting for it; a reader holds it for a moment only. */
enum nf_err nf_rrd_update(
	const char *path, int count, const char **updates, struct nf_error *err)
{
	for (int try = 1;; try++) {
		rrd_clear_error();
		if (rrd_updatex_r(path, NULL, RRD_SKIP_PAST_UPDATES, count, updates) == 0)
			return NF_OK;
		if (strstr(rrd_get_error(), "could not lock") == NULL)
			return nf_error_set(err, NF_EINVAL, "%s", rrd_get_error());
		if (try == TRIES)
			return nf_error_set(err, NF_EBUSY, "%s", rrd_get_error());
		struct timespec pause = {0, PAUSE_NS};
		nanosleep(&pause, NULL);
	}
}
