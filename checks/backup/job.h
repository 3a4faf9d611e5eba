// SPDX-License-Identifier: GPL-3.0-or-later
/* job: which run of a backup job must be finished now, which may be under way, and what its proofs amount to.
 * Shape:   pure. A run starts at `starts`, must show itself within `start_within` (the start deadline), and
 *          must be finished at `due` (the finish deadline), the next such time of day after its start. Two
 *          runs matter: the one that must be there (its finish deadline has passed), and the one that
 *          started last; they are the same between a due time and the next start.
 * Units:   wall microseconds; DST as in conf/window.h.
 */
#pragma once

#include "checks/backup/proof.h"
#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a job may begin early or its clock be off, before its file counts as an earlier run's. */
#define NF_JOB_SLACK_US (120 * INT64_C(1000000))

struct nf_job_run {
	int64_t now_us;
	bool has_wanted;   /* a run had to be finished before now */
	int64_t wanted_us; /* its start */
	int64_t wanted_due_us;
	bool has_current;   /* a run started before now */
	int64_t current_us; /* the last start */
	int64_t current_due_us;
	bool under_way;	     /* current is not due yet: it may be running, or not have begun */
	int64_t start_by_us; /* current's start deadline; 0: not judged */
	bool twice;	     /* the clock shows current's start twice: the night of 25 hours */
	int64_t next_us, next_due_us; /* the first start after now; 0: never again */
	int64_t next_start_by_us;
	bool clock_known;
	int64_t clock_ahead_us; /* the server's clock minus ours */
	const char *zone;	/* for texts */
};

struct nf_job_run nf_job_run_at(const struct nf_backup *job, const char *zone, int64_t now_us);

/* A time on the server's clock as one of ours. */
int64_t nf_job_ours(const struct nf_job_run *run, int64_t server_us);
/* Whether something of this time (ours) can belong to the run that must be finished, or a later one. */
bool nf_job_is_fresh(const struct nf_job_run *run, int64_t ours_us);
/* Whether it can belong to the last started run. */
bool nf_job_is_current(const struct nf_job_run *run, int64_t ours_us);

/* "Tue 2011-02-08 06:00 (05:00 UTC)": one instant on both clocks, the site's and the one most servers keep;
 * returns buf. */
#define NF_JOB_CLOCKS_MAX 60
char *nf_job_clocks(const struct nf_job_run *run, int64_t ours_us, char buf[NF_JOB_CLOCKS_MAX]);

/* sign: something was seen of the last started run. True: its start deadline has passed without any, and
 * answer says so. */
bool nf_job_start_judge(
	const struct nf_job_run *run, bool sign, struct nf_proof_answer *answer);

/* What several proofs amount to: the gravest; a run that is still going after its due time is late. */
enum nf_proof_result nf_job_verdict(const struct nf_job_run *run,
	const struct nf_proof_answer *answers, size_t len, char *reason, size_t reason_size);

/* When to look next. tries: looks in a row that ended like this one, at least 1. */
int64_t nf_job_next_look(
	const struct nf_job_run *run, enum nf_proof_result verdict, unsigned tries);
