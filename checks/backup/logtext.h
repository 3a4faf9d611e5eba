// SPDX-License-Identifier: GPL-3.0-or-later
/* logtext: does the end of a job's log tell of this run's success?
 * Shape:   pure. Lines are dated by what they begin with: "2011-02-08 01:12:13", with T, a fraction or an
 *          offset, "Feb  8 01:12:13", "[…]" around it; a line without a time has that of the one before.
 *          Times without an offset are the site's, or UTC where the last line then fits the file's own
 *          time. A log without any times belongs to this run when the file was written since its start
 *          and nothing follows its success.
 * Bounds:  NF_LOG_BYTES_MAX of the end are looked at; lines are cut at 4 KiB for matching.
 */
#pragma once

#include "checks/backup/job.h"

#define NF_LOG_BYTES_MAX (512u << 10)

struct nf_log_seen {
	const char *path;
	const char
		*text; /* the file's end, rotated forerunner first; may begin inside a line */
	size_t len;
	int64_t mtime_s; /* the server's clock */
};

void nf_log_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_log_seen *seen, struct nf_proof_answer *answer);

/* When a line says that it was written. utc: a time without an offset is UTC, not the zone's. year_us:
 * a time near to it, for dates without a year. */
bool nf_log_line_time(const char *line, size_t len, const char *zone, bool utc, int64_t year_us,
	int64_t *at_us);
