// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/jobs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/backups.h"

#define DAY_S 86400

struct nf_jobs *nf_jobs_new(const struct nf_site *site)
{
	struct nf_jobs *jobs = nf_xcalloc(1, sizeof *jobs);
	jobs->site = site;
	jobs->items = nf_xcalloc(site->backups.len + 1, sizeof *jobs->items);
	return jobs;
}

static void forget(struct nf_job *job)
{
	free(job->reason);
	free(job->path);
	free(job->hash);
	free(job->proofs);
	free(job->drill_who);
	free(job->drill_note);
	*job = (struct nf_job){0};
}

void nf_jobs_free(struct nf_jobs *jobs)
{
	if (jobs == NULL)
		return;
	for (size_t i = 0; i < jobs->site->backups.len; i++)
		forget(&jobs->items[i]);
	free(jobs->items);
	free(jobs);
}

/* The calendar's day as a number that rises by one a day, whatever its length. */
static int64_t day_of(int64_t wall_us)
{
	time_t s = (time_t)(wall_us / NF_US_PER_S);
	struct tm tm = {0};
	localtime_r(&s, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return (int64_t)timegm(&tm) / DAY_S;
}

static int64_t begin_of(const char *zone, int64_t day)
{
	time_t s = (time_t)(day * DAY_S);
	struct tm tm = {0};
	gmtime_r(&s, &tm);
	struct nf_date date = {
		(int16_t)(tm.tm_year + 1900), (uint8_t)(tm.tm_mon + 1), (uint8_t)tm.tm_mday};
	return nf_zone_instant(zone, date, (struct nf_daytime){0, 0});
}

static void plan(const struct nf_jobs *jobs, size_t index)
{
	const struct nf_backup *job = &jobs->site->backups.items[index];
	for (size_t i = 0; i < NF_JOB_DAYS; i++) {
		int64_t from = jobs->day_wall_us[i] - 1, until = jobs->day_wall_us[i + 1] - 1;
		jobs->items[index].days[i].planned =
			nf_window_count(&job->starts, jobs->site->timezone, from, until) > 0;
	}
}

/* A new day pushes the oldest out. */
static void move_to(struct nf_jobs *jobs, int64_t today)
{
	int64_t by = today - jobs->today;
	if (by == 0)
		return;
	for (size_t i = 0; i <= NF_JOB_DAYS; i++)
		jobs->day_wall_us[i] =
			begin_of(jobs->site->timezone, today - NF_JOB_DAYS + 1 + (int64_t)i);
	for (size_t i = 0; i < jobs->site->backups.len; i++) {
		struct nf_job_day *days = jobs->items[i].days;
		size_t keep = by > 0 && by < NF_JOB_DAYS ? NF_JOB_DAYS - (size_t)by : 0;
		memmove(days, days + (NF_JOB_DAYS - keep), keep * sizeof *days);
		memset(days + keep, 0, (NF_JOB_DAYS - keep) * sizeof *days);
		plan(jobs, i);
	}
	if (by < 0) /* the clock was set back: what is known of these days is read again */
		jobs->last_id = 0;
	jobs->today = today;
}

static struct nf_job *job_of(struct nf_jobs *jobs, const char *id)
{
	for (size_t i = 0; i < jobs->site->backups.len; i++)
		if (strcmp(jobs->site->backups.items[i].id, id) == 0)
			return &jobs->items[i];
	return NULL;
}

static void take_look(const struct nf_backup_look *look, void *arg)
{
	struct nf_jobs *jobs = arg;
	struct nf_job *job = job_of(jobs, look->job);
	int64_t about = look->run_wall_us != 0 ? look->run_wall_us : look->at_wall_us;
	int64_t day = day_of(about) - jobs->today + NF_JOB_DAYS - 1;
	jobs->last_id = look->id;
	if (job == NULL || day < 0 || day >= NF_JOB_DAYS)
		return;
	struct nf_job_day *d = &job->days[day];
	d->last = nf_proof_result_of(look->verdict);
	d->worst = d->looked && d->worst > d->last ? d->worst : d->last;
	d->looked = true;
}

static void take_now(const struct nf_backup_look *look, void *arg)
{
	struct nf_job *job = job_of(arg, look->job);
	if (job == NULL)
		return;
	free(job->reason);
	free(job->path);
	free(job->hash);
	free(job->proofs);
	job->looked = true;
	job->verdict = nf_proof_result_of(look->verdict);
	job->since_wall_us = look->since_wall_us;
	job->at_wall_us = look->at_wall_us;
	job->run_wall_us = look->run_wall_us;
	job->duration_us = look->duration_us;
	job->mtime_wall_us = look->mtime_wall_us;
	job->size = look->size;
	job->reason = nf_xstrdup(look->reason);
	job->path = nf_xstrdup(look->path);
	job->hash = nf_xstrdup(look->hash);
	job->proofs = nf_xstrdup(look->proofs);
}

static void take_drill(const struct nf_drill *drill, void *arg)
{
	struct nf_job *job = arg;
	free(job->drill_who);
	free(job->drill_note);
	job->drilled = true;
	job->drill_good = drill->good;
	job->drill_wall_us = drill->at_wall_us;
	job->drill_who = nf_xstrdup(drill->who);
	job->drill_note = nf_xstrdup(drill->note);
}

enum nf_err nf_jobs_follow(struct nf_jobs *jobs, struct nf_store *store, int64_t now_wall_us)
{
	enum nf_err rc = NF_OK;
	if (store != NULL && nf_store_generation(store) != jobs->generation) {
		for (size_t i = 0; i < jobs->site->backups.len; i++)
			forget(&jobs->items[i]);
		jobs->today = jobs->last_id = 0;
		jobs->generation = nf_store_generation(store);
	}
	move_to(jobs, day_of(now_wall_us));
	if (store == NULL)
		return NF_OK;
	int64_t before = jobs->last_id;
	rc = nf_backup_looks_since(
		store, jobs->day_wall_us[0] - DAY_S * NF_US_PER_S, before, take_look, jobs);
	if (rc == NF_OK && (before == 0 || jobs->last_id != before))
		rc = nf_backup_jobs(store, take_now, jobs);
	for (size_t i = 0; i < jobs->site->backups.len && rc == NF_OK; i++)
		rc = nf_drill_last(
			store, jobs->site->backups.items[i].id, take_drill, &jobs->items[i]);
	return rc;
}

uint64_t nf_job_hash(const struct nf_job *job)
{
	const int64_t parts[] = {job->at_wall_us, job->verdict, job->looked, job->drill_wall_us,
		job->drill_good};
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		hash = (hash ^ (uint64_t)parts[i]) * UINT64_C(0x100000001b3);
	return hash;
}
