// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/service.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "checks/backup/verify.h"
#include "checks/cutover/aside.h"
#include "checks/cutover/freeze.h"
#include "checks/cutover/passes.h"
#include "checks/write_out.h"
#include "conf/load.h"
#include "store/backups.h"
#include "store/beat.h"

#define PROGRAM "netfold-verify"
#define KEEP_US (400 * 86400 * NF_US_PER_S)

enum {
	SECOND_MS = 1000,
	BEAT_EVERY_S = 5,
	FREEZE_EVERY_S = 60,
	TRIM_EVERY_S = 6 * 3600,
	STORE_BUSY_MS = 1000
};

struct service {
	struct nf_program_ctx *ctx;
	struct nf_site *site, *next;
	struct nf_store *store;
	struct nf_journal *journal;
	struct nf_judge *judge;
	struct nf_verify *verify; /* NULL while it is exchanged */
	struct nf_aside *cutover; /* NULL with --once */
	uv_timer_t second;
	bool ticking, stopping;
	uint64_t seconds;
	size_t looked;
	struct nf_beat beat;
	int64_t cycle_wall_us;
};

/* What the process beside this one said of its last pass. */
static void put_cutover(struct service *s, struct nf_json *out)
{
	const char *name;
	char *text = NULL;
	json_t *value;

	if (nf_store_value_get(s->store, NF_PASSES_FIGURES, &text) != NF_OK)
		return;
	json_t *figures = json_loads(text, 0, NULL);
	json_object_foreach(figures, name, value)
	{
		nf_json_key(out, name);
		nf_json_i64(out, json_integer_value(value));
	}
	json_decref(figures);
	free(text);
}

static void beat(struct service *s, struct nf_now now)
{
	struct nf_verify_stats v =
		s->verify ? nf_verify_stats(s->verify) : (struct nf_verify_stats){0};
	const struct nf_figure figures[] = {
		{"jobs",	 v.jobs	       },
		{"under_way",   v.under_way	 },
		{"looks",	  v.looks		 },
		{"unwritten",   v.unwritten	 },
		{"connections", v.remote.connections},
		{"sessions",    v.remote.sessions   },
		{"questions",   v.remote.answers    },
		{"crashes",	    v.remote.crashes    },
	};
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);

	nf_json_object(&json);
	nf_beat_figures(&json, figures, sizeof figures / sizeof figures[0]);
	put_cutover(s, &json);
	nf_json_end(&json);
	/* A busy store: with the next beat. */
	nf_beat_put(s->store, &s->beat, now, s->cycle_wall_us, text.data);
	nf_strbuf_free(&text);
}

static enum nf_err open_verify(struct service *s, struct nf_error *err);

static void exchanged(void *arg)
{
	struct service *s = arg;
	struct nf_error err;

	if (s->stopping)
		return;
	nf_judge_reload(s->judge, s->next, nf_clock_now());
	nf_site_free(s->site);
	s->site = s->next;
	s->next = NULL;
	if (open_verify(s, &err) != NF_OK) {
		nf_log(NF_LOG_ERROR, "verify", "%s", err.text);
		nf_program_exit(s->ctx, NF_EXIT_FAILED);
		return;
	}
	nf_log(NF_LOG_INFO, "service", "reloaded jobs=%zu", s->site->backups.len);
}

static void on_second(uv_timer_t *timer)
{
	struct service *s = timer->data;
	struct nf_now now = nf_clock_now();

	if (s->verify && s->next) {
		if (nf_verify_stats(s->verify).under_way == 0) {
			struct nf_verify *old = s->verify;
			s->verify = NULL;
			nf_verify_close(old, exchanged, s);
		}
	} else if (s->verify && !s->ctx->args.once) {
		nf_verify_tick(s->verify, now);
	}
	nf_write_out(s->judge, s->journal, now);
	if (s->cutover)
		nf_aside_tick(s->cutover, s->site, now);
	if (s->seconds % FREEZE_EVERY_S == 0)
		nf_freeze_judge(s->site, s->store, s->judge, now); /* busy: in a minute */
	if (s->seconds % TRIM_EVERY_S == 0)
		nf_backup_looks_trim(s->store, now.wall_us - KEEP_US);
	if (s->seconds++ % BEAT_EVERY_S == 0)
		beat(s, now);
	if (s->verify && nf_verify_stats(s->verify).under_way == 0)
		s->cycle_wall_us = now.wall_us;
}

/* The one pass of `once`: what the other programs have just put is in it. */
static void finish_once(struct service *s)
{
	struct nf_recompute *r = nf_recompute_new(s->store);
	struct nf_error err;

	if (nf_recompute_pass(r, s->site, nf_clock_now(), &err) != NF_OK)
		nf_log(NF_LOG_ERROR, "cutover", "%s", err.text);
	nf_recompute_free(r);
	s->cycle_wall_us = nf_clock_now().wall_us;
	/* Looked in vain: nobody will ever know what was seen. */
	nf_program_exit(s->ctx,
		nf_verify_stats(s->verify).unwritten > 0 ? NF_EXIT_FAILED : NF_EXIT_GOOD);
}

static void looked(const struct nf_look_result *result, void *arg)
{
	struct service *s = arg;

	(void)result;
	if (++s->looked >= s->site->backups.len && s->ctx->args.once) {
		finish_once(s);
	}
}

static enum nf_err open_verify(struct service *s, struct nf_error *err)
{
	struct nf_verify_parts parts = {
		.loop = s->ctx->loop,
		.site = s->site,
		.store = s->store,
		.judge = s->judge,
		.journal = s->journal,
		.looked = looked,
		.arg = s,
	};
	enum nf_err e = nf_verify_new(&parts, &s->verify, err);

	if (e == NF_OK)
		nf_verify_forget_gone(s->verify, nf_clock_now());
	return e;
}

static enum nf_err open_parts(struct service *s, struct nf_error *err)
{
	const char *folder = s->site->state_dir;
	struct nf_now now = nf_clock_now();
	struct nf_judge_options options = {
		.program = PROGRAM,
		.cycle_us = NF_US_PER_S,
		.once = s->ctx->args.once,
	};
	enum nf_err e = nf_store_open(folder, NF_STORE_WRITE, STORE_BUSY_MS, &s->store, err);

	if (e == NF_OK)
		e = nf_beat_begin(&s->beat, PROGRAM, folder, now, err);
	if (e == NF_OK)
		e = nf_journal_open(folder, PROGRAM, &s->journal, err);
	if (e == NF_OK)
		e = nf_judge_new(&options, s->site, s->store, now, &s->judge, err);
	if (e == NF_OK)
		e = open_verify(s, err);
	return e;
}

enum nf_err nf_verify_service_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct service *s = ctx->state = nf_xcalloc(1, sizeof *s);

	s->ctx = ctx;
	enum nf_err e = nf_site_load_logged(ctx->args.config_file, &s->site, err);

	if (e == NF_OK)
		e = open_parts(s, err);
	if (e != NF_OK)
		return e;
	if (!ctx->args.once)
		s->cutover = nf_aside_new(ctx->loop, ctx->args.config_file, ctx->args.debug);
	uv_timer_init(ctx->loop, &s->second);
	s->second.data = s;
	s->ticking = true;
	uv_timer_start(&s->second, on_second, SECOND_MS, SECOND_MS);
	nf_log(NF_LOG_INFO, "service", "verifying jobs=%zu", s->site->backups.len);
	if (ctx->args.once)
		nf_verify_round(s->verify, nf_clock_now());
	for (size_t i = 0; ctx->args.once && i < s->site->backups.len; i++)
		nf_verify_look(s->verify, i);
	if (ctx->args.once && s->site->backups.len == 0)
		finish_once(s);
	return NF_OK;
}

void nf_verify_service_reload(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);

	if (!site)
		return;
	nf_site_free(s->next); /* the newest counts, also where an earlier one waits still */
	s->next = site;
	if (s->verify && nf_verify_stats(s->verify).under_way > 0)
		nf_log(NF_LOG_INFO, "service", "reload waits for under_way=%zu",
			nf_verify_stats(s->verify).under_way);
	if (s->cutover)
		nf_aside_reload(s->cutover);
}

static void closed(void *arg)
{
	struct service *s = arg;

	s->verify = NULL;
}

void nf_verify_service_stop(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	if (!s)
		return;
	s->stopping = true;
	if (s->ticking)
		uv_close((uv_handle_t *)&s->second, NULL);
	if (s->ticking) {
		nf_write_out_last(s->judge, s->journal);
		beat(s, nf_clock_now());
	}
	s->ticking = false;
	nf_aside_close(s->cutover);
	s->cutover = NULL;
	if (s->verify)
		nf_verify_close(s->verify, closed, s);
}

void nf_verify_service_destroy(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	if (!s)
		return;
	nf_judge_free(s->judge);
	nf_journal_close(s->journal);
	nf_store_close(s->store);
	nf_beat_end(&s->beat);
	nf_site_free(s->next);
	nf_site_free(s->site);
	free(s);
	ctx->state = NULL;
}
