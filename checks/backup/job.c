// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/job.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define MINUTE_US (60 * NF_US_PER_S)

/* Runs that overlap: at most so many are under way at once. */
enum { OVERLAP_MAX = 200 };

static int64_t due_of(const struct nf_backup *job, const char *zone, int64_t start_us)
{
	return nf_daytime_next(job->due, zone, start_us);
}

static void find_wanted(const struct nf_backup *job, const char *zone, int64_t before_us,
	struct nf_job_run *run)
{
	int64_t start_us;

	for (int i = 0; i < OVERLAP_MAX; i++) {
		if (nf_window_last(&job->starts, zone, before_us, &start_us) != NF_OK)
			return;
		int64_t due_us = due_of(job, zone, start_us);
		if (due_us <= run->now_us) {
			run->has_wanted = true;
			run->wanted_us = start_us;
			run->wanted_due_us = due_us;
			return;
		}
		before_us = start_us - 1;
	}
}

/* A deadline that is not before the finish is none. */
static int64_t start_by(const struct nf_backup *job, int64_t start_us, int64_t due_us)
{
	int64_t by_us = start_us + job->start_within_us;

	return job->start_within_us > 0 && by_us < due_us ? by_us : 0;
}

static bool comes_twice(const char *zone, int64_t start_us)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t s = start_us / NF_US_PER_S, local = nf_zone_to_local_s(s);
	bool twice =
		nf_zone_to_local_s(s + 3600) == local || nf_zone_to_local_s(s + 1800) == local;

	nf_zone_leave(&stay);
	return twice;
}

struct nf_job_run nf_job_run_at(const struct nf_backup *job, const char *zone, int64_t now_us)
{
	struct nf_job_run run = {.now_us = now_us, .zone = zone};
	int64_t start_us;

	if (nf_window_next(&job->starts, zone, now_us, &start_us) == NF_OK) {
		run.next_us = start_us;
		run.next_due_us = due_of(job, zone, start_us);
		run.next_start_by_us = start_by(job, start_us, run.next_due_us);
	}
	if (nf_window_last(&job->starts, zone, now_us, &start_us) != NF_OK)
		return run;
	run.has_current = true;
	run.current_us = start_us;
	run.current_due_us = due_of(job, zone, start_us);
	run.under_way = now_us < run.current_due_us;
	run.start_by_us = start_by(job, start_us, run.current_due_us);
	run.twice = comes_twice(zone, start_us);
	find_wanted(job, zone, now_us, &run);
	return run;
}

int64_t nf_job_ours(const struct nf_job_run *run, int64_t server_us)
{
	return run->clock_known ? server_us - run->clock_ahead_us : server_us;
}

bool nf_job_is_fresh(const struct nf_job_run *run, int64_t ours_us)
{
	return !run->has_wanted || ours_us >= run->wanted_us - NF_JOB_SLACK_US;
}

bool nf_job_is_current(const struct nf_job_run *run, int64_t ours_us)
{
	return run->has_current && ours_us >= run->current_us - NF_JOB_SLACK_US;
}

char *nf_job_clocks(const struct nf_job_run *run, int64_t ours_us, char buf[NF_JOB_CLOCKS_MAX])
{
	char local[NF_PROOF_TIME_MAX], utc[NF_PROOF_TIME_MAX];

	nf_proof_time(run->zone, ours_us, local);
	nf_proof_time("UTC", ours_us, utc);
	if (strcmp(local, utc) == 0)
		snprintf(buf, NF_JOB_CLOCKS_MAX, "%s", local);
	else
		snprintf(buf, NF_JOB_CLOCKS_MAX, "%s (%s UTC)", local, utc + strlen(utc) - 5);
	return buf;
}

bool nf_job_start_judge(const struct nf_job_run *run, bool sign, struct nf_proof_answer *answer)
{
	char started[NF_JOB_CLOCKS_MAX], by[NF_PROOF_TIME_MAX], due[NF_PROOF_TIME_MAX];

	if (sign || !run->under_way || run->start_by_us == 0 || run->now_us < run->start_by_us)
		return false;
	nf_proof_say(answer, NF_PROOF_LATE,
		"start deadline passed: the run of %s shows no sign yet, neither a new or growing "
		"file nor a lock, a log line or a status; it had to begin by %s and is due %s",
		nf_job_clocks(run, run->current_us, started),
		nf_proof_time(run->zone, run->start_by_us, by),
		nf_proof_time(run->zone, run->current_due_us, due));
	return true;
}

enum nf_proof_result nf_job_verdict(const struct nf_job_run *run,
	const struct nf_proof_answer *answers, size_t len, char *reason, size_t reason_size)
{
	const struct nf_proof_answer *worst = NULL;
	char due[NF_JOB_CLOCKS_MAX];

	for (size_t i = 0; i < len; i++) {
		if (worst == NULL || answers[i].result > worst->result)
			worst = &answers[i];
	}
	if (worst == NULL) {
		snprintf(reason, reason_size, "nothing was looked at");
		return NF_PROOF_UNVERIFIABLE;
	}
	if (worst->result == NF_PROOF_RUNNING && run->has_current && !run->under_way) {
		snprintf(reason, reason_size,
			"%s: finish deadline %s passed, and it is still running: %s",
			worst->kind, nf_job_clocks(run, run->current_due_us, due),
			worst->detail);
		return NF_PROOF_LATE;
	}
	snprintf(reason, reason_size, "%s: %s", worst->kind, worst->detail);
	return worst->result;
}

/* First after `first`, then twice as long each time, up to `most`. */
static int64_t back_off(int64_t first_us, int64_t most_us, unsigned tries)
{
	int64_t wait_us = first_us;

	for (unsigned i = 1; i < tries && wait_us < most_us; i++)
		wait_us *= 2;
	return wait_us < most_us ? wait_us : most_us;
}

static int64_t deadline(int64_t at_us, int64_t now_us, int64_t passes_us)
{
	int64_t look_us = passes_us + MINUTE_US;

	return passes_us > now_us && look_us < at_us ? look_us : at_us;
}

int64_t nf_job_next_look(
	const struct nf_job_run *run, enum nf_proof_result verdict, unsigned tries)
{
	static const int64_t day_us = 24 * 60 * MINUTE_US;
	int64_t at_us = run->now_us + day_us;

	switch (verdict) {
	case NF_PROOF_OK:
	case NF_PROOF_WARNING:
		break;
	case NF_PROOF_RUNNING:
		at_us = run->now_us + 5 * MINUTE_US;
		break;
	case NF_PROOF_UNVERIFIABLE:
		at_us = run->now_us + back_off(MINUTE_US, 30 * MINUTE_US, tries);
		break;
	case NF_PROOF_LATE:
	case NF_PROOF_BAD:
		at_us = run->now_us + back_off(5 * MINUTE_US, 60 * MINUTE_US, tries);
		break;
	}
	/* The next deadlines are always looked at, a little after them. */
	at_us = deadline(at_us, run->now_us, run->under_way ? run->current_due_us : 0);
	at_us = deadline(at_us, run->now_us, run->start_by_us);
	at_us = deadline(at_us, run->now_us, run->next_start_by_us);
	return deadline(at_us, run->now_us, run->next_due_us);
}
