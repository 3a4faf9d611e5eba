// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/parse.h"
#include "checks/backup/hostkey.h"
#include "store/backups.h"
#include "store/cutover.h"

/* How many looks are begun at once; the pool has caps of its own. */
enum {
	LOOKS_MAX = 100,
	OTHERS_EVERY_S = 5,
	SERIES_STEP_S = 3600,
	SERIES_HEARTBEAT_S = 2 * 86400
};

#define ROUND_US (60 * NF_US_PER_S)

struct entry {
	struct nf_verify *verify;
	const struct nf_backup *job;
	int64_t next_us; /* wall */
	int64_t at_us;	 /* of the last look kept, whoever looked; wall */
	unsigned tries;
	enum nf_proof_result verdict;
	bool looking;
};

struct nf_verify {
	struct nf_verify_parts parts;
	struct nf_remote_pool *pool;
	struct entry *entries;
	size_t len, under_way;
	uint64_t looks, unwritten;
	int64_t round_mono_us;	/* when gaps, keys and moves were last looked at; 0: never */
	bool *moved;		/* by device's index */
	int64_t others_mono_us; /* when looks of others were asked for */
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

static struct entry *entry_of(const struct nf_verify *v, const char *job)
{
	for (size_t i = 0; i < v->len; i++) {
		if (strcmp(v->entries[i].job->id, job) == 0)
			return &v->entries[i];
	}
	return NULL;
}

static void resume(const struct nf_backup_look *row, void *arg);

/* Where the ledger has proof that a device moved, its new address is the one to ask. */
static void take_stage(const struct nf_stage_row *row, void *arg)
{
	static const char *const moved[] = {"moved", "confirmed", "released"};
	struct nf_verify *v = arg;
	const struct nf_device *device = nf_site_device(v->parts.site, row->device);

	for (size_t i = 0; device && i < sizeof moved / sizeof *moved; i++) {
		if (strcmp(row->stage, moved[i]) == 0)
			v->moved[device->index] = true;
	}
}

enum nf_err nf_verify_new(
	const struct nf_verify_parts *parts, struct nf_verify **verify, struct nf_error *err)
{
	struct nf_verify *v = nf_xcalloc(1, sizeof *v);
	enum nf_err e = nf_remote_pool_new(parts->loop, parts->site, NULL, &v->pool, err);
	const char *const *mistakes;

	if (e != NF_OK) {
		free(v);
		return e;
	}
	v->parts = *parts;
	v->len = parts->site->backups.len;
	v->entries = nf_xcalloc(v->len + 1, sizeof *v->entries);
	v->moved = nf_xcalloc(parts->site->devices.len + 1, sizeof *v->moved);
	nf_stages(parts->store, take_stage, v);
	for (size_t i = 0; i < v->len; i++) {
		v->entries[i].verify = v;
		v->entries[i].job = &parts->site->backups.items[i];
	}
	nf_backup_jobs(parts->store, resume, v);
	for (size_t i = 0, n = nf_remote_known_hosts_mistakes(v->pool, &mistakes); i < n; i++)
		nf_log(NF_LOG_WARN, "verify", "%s", mistakes[i]);
	*verify = v;
	return NF_OK;
}

static void pool_closed(void *arg)
{
	struct nf_verify *v = arg;

	if (v->closed)
		v->closed(v->closed_arg);
	free(v->entries);
	free(v->moved);
	free(v);
}

void nf_verify_close(struct nf_verify *verify, void (*closed)(void *arg), void *arg)
{
	verify->closing = true;
	verify->closed = closed;
	verify->closed_arg = arg;
	nf_remote_pool_close(verify->pool, pool_closed, verify);
}

static void take_past(const struct nf_backup_look *row, void *arg)
{
	struct nf_look_past *past = arg;

	if (past->artefacts_len == NF_LOOK_PAST_MAX)
		return;
	struct nf_artefact_past *p = &past->artefacts[past->artefacts_len++];
	p->size = (uint64_t)row->size;
	p->mtime_s = row->mtime_wall_us / NF_US_PER_S;
	snprintf(p->hash, sizeof p->hash, "%s", row->hash);
	snprintf(p->path, sizeof p->path, "%s", row->path);
}

static void take_drill(const struct nf_drill *drill, void *arg)
{
	struct nf_look_past *past = arg;

	past->drill = (struct nf_drill_seen){
		.recorded = true, .good = drill->good, .at_us = drill->at_wall_us};
	snprintf(past->drill_who, sizeof past->drill_who, "%s", drill->who);
	snprintf(past->drill_note, sizeof past->drill_note, "%s", drill->note);
}

static char *check_name(const struct nf_backup *job)
{
	return nf_xasprintf("verify.check.%s", job->id);
}

/* "TIME ok" or "TIME bad". */
static void load_check(struct nf_verify *v, struct entry *e, struct nf_look_past *past)
{
	char *name = check_name(e->job), *value = NULL;

	if (nf_store_value_get(v->parts.store, name, &value) == NF_OK) {
		char *word = strchr(value, ' ');
		if (word)
			*word++ = '\0';
		if (word && nf_parse_i64(value, 0, INT64_MAX, &past->check_us) == NF_OK)
			past->check_good = strcmp(word, "ok") == 0;
	}
	free(value);
	free(name);
}

static void keep_check(struct nf_verify *v, const struct nf_look_result *r)
{
	char *name = check_name(r->job);
	char *value =
		nf_xasprintf("%lld %s", (long long)r->run.now_us, r->check_good ? "ok" : "bad");

	nf_store_value_put(v->parts.store, name, value);
	free(value);
	free(name);
}

static char *proofs_json(const struct nf_look_result *r)
{
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);

	nf_json_array(&json);
	for (size_t i = 0; i < r->answers_len; i++) {
		nf_json_object(&json);
		nf_json_key(&json, "kind");
		nf_json_puts(&json, r->answers[i].kind);
		nf_json_key(&json, "result");
		nf_json_puts(&json, nf_proof_result_text(r->answers[i].result));
		nf_json_key(&json, "detail");
		nf_json_puts(&json, r->answers[i].detail);
		nf_json_end(&json);
	}
	nf_json_end(&json);
	return nf_strbuf_take(&text);
}

static enum nf_err write_row(struct nf_verify *v, const struct nf_look_result *r)
{
	char *proofs = proofs_json(r);
	struct nf_backup_look row = {
		.job = r->job->id,
		.device = r->job->device->name,
		.verdict = nf_proof_result_text(r->verdict),
		.at_wall_us = r->run.now_us,
		.run_wall_us = r->run.has_wanted ? r->run.wanted_us : 0,
		.duration_us = r->duration_us,
		.reason = r->reason,
		.path = r->path,
		.size = r->has_size ? (int64_t)r->size : -1,
		.mtime_wall_us = r->mtime_s * NF_US_PER_S,
		.hash = r->hash,
		.proofs = proofs,
	};
	enum nf_err e = nf_backup_look_add(v->parts.store, &row);

	free(proofs);
	if (e == NF_OK && r->checked)
		keep_check(v, r);
	return e;
}

static void sample(struct nf_verify *v, const struct nf_look_result *r)
{
	char series[200];
	struct nf_series_def def = {
		.network = r->job->device->legs[0].network->id,
		.device = r->job->device->name,
		.series = series,
		.step_s = SERIES_STEP_S,
		.heartbeat_s = SERIES_HEARTBEAT_S,
		.ds = {{"size", NF_DS_GAUGE, 0, NAN}, {"duration", NF_DS_GAUGE, 0, NAN}},
		.ds_len = 2,
	};

	if (!v->parts.journal)
		return;
	snprintf(series, sizeof series, "backup %s", r->job->id);
	uint32_t handle = nf_journal_series(v->parts.journal, &def);
	struct nf_value values[2] = {
		{.known = r->has_size, .gauge = (double)r->size		       },
		{.known = true,	.gauge = (double)r->duration_us / NF_US_PER_S},
	};
	nf_journal_sample(v->parts.journal, handle, r->run.now_us / NF_US_PER_S, values);
}

static enum nf_state state_of(
	struct nf_verify *v, const struct nf_look_result *r, const char *check)
{
	switch (r->verdict) {
	case NF_PROOF_OK:
		return NF_STATE_OK;
	case NF_PROOF_WARNING:
		return NF_STATE_WARNING;
	case NF_PROOF_UNVERIFIABLE:
		return NF_STATE_UNKNOWN;
	case NF_PROOF_RUNNING:
		return nf_judge_state(v->parts.judge, r->job->device, check);
	case NF_PROOF_LATE:
	case NF_PROOF_BAD:
		break;
	}
	return NF_STATE_CRITICAL;
}

static void judge(struct nf_verify *v, const struct nf_look_result *r, int64_t interval_us,
	struct nf_now now)
{
	char check[200], output[NF_PROOF_DETAIL_MAX + 240];

	if (!v->parts.judge)
		return;
	snprintf(check, sizeof check, "backup %s", r->job->id);
	snprintf(output, sizeof output, "%s: %s", nf_proof_result_text(r->verdict), r->reason);
	struct nf_answer answer = {.device = r->job->device,
		.check = check,
		.state = state_of(v, r, check),
		.output = output,
		.interval_us = interval_us,
		.alone = true,
		.finding = true};
	nf_judge_observe(v->parts.judge, &answer, now);
	nf_hostkey_judge(v->parts.judge, r, interval_us, now);
}

static int64_t next_look(const struct entry *e, const struct nf_job_run *run)
{
	int64_t at_us = nf_job_next_look(run, e->verdict, e->tries);
	int64_t most_us = run->now_us + e->job->look_every_us;

	return at_us < most_us ? at_us : most_us;
}

/* A look that this process did not make: the schedule follows it, and the check, too, where always or where
 * it says something else. */
static void follow(struct entry *e, const struct nf_backup_look *row, bool always)
{
	struct nf_verify *v = e->verify;
	struct nf_now now = nf_clock_now();
	struct nf_look_result r = {.job = e->job};
	char *check = nf_xasprintf("backup %s", e->job->id);

	r.verdict = nf_proof_result_of(row->verdict);
	r.run = nf_job_run_at(e->job, v->parts.site->timezone, row->at_wall_us);
	snprintf(r.reason, sizeof r.reason, "%s", row->reason);
	e->at_us = row->at_wall_us;
	e->verdict = r.verdict;
	e->tries = 1;
	e->next_us = next_look(e, &r.run);
	if (v->parts.judge && (always || nf_judge_state(v->parts.judge, e->job->device,
						 check) != state_of(v, &r, check)))
		judge(v, &r, e->next_us - now.wall_us, now);
	free(check);
}

/* Where the schedule stood before a restart. Killed between the look and its judgement, only the look was
 * kept: it is judged now. */
static void resume(const struct nf_backup_look *row, void *arg)
{
	struct entry *e = entry_of(arg, row->job);

	if (e && row->at_wall_us <= nf_clock_now().wall_us)
		follow(e, row, false);
}

/* `netfold verify` looked. */
static void follow_other(const struct nf_backup_look *row, void *arg)
{
	struct entry *e = entry_of(arg, row->job);

	if (e && !e->looking && row->at_wall_us > e->at_us)
		follow(e, row, true);
}

/* A bad backup is looked at every few minutes: it is news once. */
static void tell(const struct entry *e, const struct nf_look_result *r)
{
	enum nf_log_level level = r->verdict <= NF_PROOF_RUNNING ? NF_LOG_INFO
				  : e->tries > 1		 ? NF_LOG_DEBUG
								 : NF_LOG_WARN;

	nf_log(level, "verify", "%s %s: %s", r->job->id, nf_proof_result_text(r->verdict),
		r->reason);
}

static void on_looked(const struct nf_look_result *r, void *arg)
{
	struct entry *e = arg;
	struct nf_verify *v = e->verify;
	struct nf_now now = nf_clock_now();

	e->looking = false;
	v->under_way--;
	if (v->closing) /* its questions were cancelled: no look at all */
		return;
	v->looks++;
	e->tries = e->tries > 0 && r->verdict == e->verdict ? e->tries + 1 : 1;
	e->verdict = r->verdict;
	struct nf_job_run run = r->run;
	run.now_us = now.wall_us;
	e->next_us = next_look(e, &run);
	e->at_us = r->run.now_us;
	if (write_row(v, r) != NF_OK) {
		/* Looked in vain: the store is busy or full, so it is done again soon. */
		v->unwritten++;
		e->next_us = now.wall_us + 60 * NF_US_PER_S;
		nf_log_limited("look", NF_LOG_ERROR, "verify", "%s: %s", r->job->id,
			nf_store_error(v->parts.store));
	}
	nf_hostkey_keep(v->parts.store, r, now);
	sample(v, r);
	judge(v, r, e->next_us - now.wall_us, now);
	if (!v->parts.quiet)
		tell(e, r);
	if (v->parts.looked)
		v->parts.looked(r, v->parts.arg);
}

static void on_progress(const struct nf_backup *job, uint64_t bytes, uint64_t size, void *arg)
{
	const struct entry *e = arg;

	e->verify->parts.progress(job, bytes, size, e->verify->parts.arg);
}

bool nf_verify_look(struct nf_verify *verify, size_t index)
{
	struct entry *e = &verify->entries[index];
	struct nf_look_past past = {0};

	if (e->looking)
		return false;
	nf_backup_proved(verify->parts.store, e->job->id, take_past, &past);
	nf_drill_last(verify->parts.store, e->job->id, take_drill, &past);
	load_check(verify, e, &past);
	e->looking = true;
	verify->under_way++;
	nf_look_start(&(struct nf_look_parts){
		.loop = verify->parts.loop,
		.pool = verify->pool,
		.site = verify->parts.site,
		.job = e->job,
		.past = &past,
		.moved = verify->moved,
		.progress = verify->parts.progress ? on_progress : NULL,
		.done = on_looked,
		.arg = e,
	});
	return true;
}

void nf_verify_round(struct nf_verify *verify, struct nf_now now)
{
	const struct nf_verify_parts *p = &verify->parts;

	verify->round_mono_us = now.mono_us;
	memset(verify->moved, 0, p->site->devices.len * sizeof *verify->moved);
	nf_stages(p->store, take_stage, verify);
	if (!p->judge)
		return;
	nf_gaps_judge(p->judge, p->site, ROUND_US, now);
	nf_hostkey_judge_shared(p->judge, p->store, p->site, ROUND_US, now);
}

void nf_verify_tick(struct nf_verify *verify, struct nf_now now)
{
	if (verify->round_mono_us == 0 || now.mono_us - verify->round_mono_us >= ROUND_US)
		nf_verify_round(verify, now);
	if (now.mono_us - verify->others_mono_us >= OTHERS_EVERY_S * NF_US_PER_S) {
		verify->others_mono_us = now.mono_us;
		nf_backup_jobs(verify->parts.store, follow_other, verify);
	}
	for (size_t i = 0; i < verify->len && verify->under_way < LOOKS_MAX; i++) {
		struct entry *e = &verify->entries[i];
		/* A clock that went back must not put a look off for years. */
		bool far = e->next_us > now.wall_us + 26 * 3600 * NF_US_PER_S;
		if (!e->looking && (e->next_us <= now.wall_us || far))
			nf_verify_look(verify, i);
	}
}

struct nf_verify_stats nf_verify_stats(const struct nf_verify *verify)
{
	return (struct nf_verify_stats){
		.jobs = verify->len,
		.under_way = verify->under_way,
		.looks = verify->looks,
		.unwritten = verify->unwritten,
		.remote = nf_remote_pool_stats(verify->pool),
	};
}

struct gone {
	const struct nf_verify *verify;
	char *jobs[64], *devices[64];
	size_t len;
};

static void find_gone(const struct nf_backup_look *row, void *arg)
{
	struct gone *g = arg;

	if (entry_of(g->verify, row->job) || g->len == 64)
		return;
	g->jobs[g->len] = nf_xstrdup(row->job);
	g->devices[g->len++] = nf_xstrdup(row->device);
}

void nf_verify_forget_gone(const struct nf_verify *verify, struct nf_now now)
{
	struct gone g = {.verify = verify};

	nf_backup_jobs(verify->parts.store, find_gone, &g);
	for (size_t i = 0; i < g.len; i++) {
		const struct nf_device *device =
			nf_site_device(verify->parts.site, g.devices[i]);
		char *check = nf_xasprintf("backup %s", g.jobs[i]);
		if (device && verify->parts.judge)
			nf_judge_drop(verify->parts.judge, device, check, now);
		nf_backup_job_drop(verify->parts.store, g.jobs[i]);
		free(check);
		free(g.jobs[i]);
		free(g.devices[i]);
	}
}
