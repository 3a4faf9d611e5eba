// SPDX-License-Identifier: GPL-3.0-or-later
/* jobs: where the backup jobs stand, and what became of each of the last thirty days' runs.
 * Shape:   looks are only ever added, so a publisher keeps this from cycle to cycle and reads what is new.
 *          A look belongs to the day on which the run began that it was about. A day says how its run
 *          ended (the last look), and the worst that was said of it before.
 * Units:   wall microseconds, bytes. Days are the site's: the process's TZ.
 * Memory:  borrows the site; nf_jobs_free ends it.
 */
#pragma once

#include "checks/backup/proof.h"
#include "conf/site.h"
#include "store/store.h"

#include <stdbool.h>

#define NF_JOB_DAYS 30

struct nf_job_day {
	bool looked;  /* false: nobody looked at a run of that day */
	bool planned; /* a run was to begin that day */
	enum nf_proof_result last, worst;
};

struct nf_job {
	bool looked; /* false: never, and the next lines are empty */
	enum nf_proof_result verdict;
	int64_t since_wall_us, at_wall_us, run_wall_us, duration_us, mtime_wall_us;
	int64_t size;			     /* -1 unknown */
	char *reason, *path, *hash, *proofs; /* never NULL once looked at */
	bool drilled, drill_good;
	int64_t drill_wall_us;
	char *drill_who, *drill_note;
	struct nf_job_day days[NF_JOB_DAYS]; /* the last is today */
};

struct nf_jobs {
	const struct nf_site *site;
	int64_t last_id, today; /* the newest look that was read; days since 1970 */
	uint64_t generation;
	int64_t day_wall_us[NF_JOB_DAYS + 1]; /* when each day begins, and the last one ends */
	struct nf_job *items;		      /* by index in site->backups */
};

struct nf_jobs *nf_jobs_new(const struct nf_site *site);
void nf_jobs_free(struct nf_jobs *jobs); /* takes; NULL is fine */
/* Reads what is new. store NULL: nothing was ever recorded. */
enum nf_err nf_jobs_follow(struct nf_jobs *jobs, struct nf_store *store, int64_t now_wall_us);
/* What a job's page depends on, as one number. */
uint64_t nf_job_hash(const struct nf_job *job);
