// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/passes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/program.h"
#include "conf/load.h"
#include "store/beat.h"

enum { SECOND_MS = 1000, STORE_BUSY_MS = 5000, PASS_MOST_S = 600 };
#define ASKED_LATELY_US (3600 * NF_US_PER_S)
#define AWAIT_MOST_US	(300 * NF_US_PER_S)

struct passes {
	struct nf_program_ctx *ctx;
	struct nf_site *site;
	struct nf_store *store;
	struct nf_recompute *recompute;
	uv_timer_t second;
	bool ticking;
	uint64_t told;	      /* passes whose figures were kept */
	struct nf_beat alone; /* .program NULL: another one is there */
	bool awaited;	      /* devices were asked lately, or nobody asks them */
	int64_t begun_mono_us;
};

/* netfold-verify has read the same file, and said what is to say. */
static struct nf_site *load_site(const char *file)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;

	if (nf_site_load(file, diags, &site) != NF_OK)
		site = NULL;
	nf_diags_free(diags);
	return site;
}

static void keep_figures(struct passes *p)
{
	const struct nf_recompute_stats s = nf_recompute_stats(p->recompute);
	struct nf_strbuf text = {0};

	if (s.passes == p->told)
		return;
	p->told = s.passes;
	nf_recompute_figures(&s, &text);
	nf_store_value_put(p->store, NF_PASSES_FIGURES, text.data); /* busy: the next pass's */
	nf_strbuf_free(&text);
}

static bool has_lock(struct passes *p)
{
	struct nf_error err;

	if (p->alone.program)
		return true;
	if (!nf_beat_begin(
		    &p->alone, "netfold-cutover", p->site->state_dir, nf_clock_now(), &err))
		return true;
	nf_log_limited("lock", NF_LOG_INFO, "cutover", "%s", err.text);
	return false;
}

static void take_cycle(const struct nf_program_row *row, void *arg)
{
	if (strcmp(row->name, "netfold-ping") == 0)
		*(int64_t *)arg = row->cycle_wall_us;
}

/* After a long stop of everything the newest answer is old. A pass then would take every stage that rests on it
 * away, as an event each, and give it back a minute later: the first round of netfold-ping is waited for. */
static bool is_asked_lately(struct passes *p, struct nf_now now)
{
	int64_t cycle_wall_us = 0;

	if (p->awaited)
		return true;
	bool is_first = p->begun_mono_us == 0;
	if (is_first)
		p->begun_mono_us = now.mono_us;
	enum nf_err e = nf_store_programs(p->store, take_cycle, &cycle_wall_us);
	p->awaited = (e == NF_OK && (cycle_wall_us == 0 ||
					    now.wall_us - cycle_wall_us < ASKED_LATELY_US)) ||
		     now.mono_us - p->begun_mono_us >= AWAIT_MOST_US;
	if (is_first && !p->awaited)
		nf_log(NF_LOG_INFO, "cutover",
			"nothing was asked for over an hour: waits for netfold-ping's first round");
	return p->awaited;
}

static void on_second(uv_timer_t *timer)
{
	struct passes *p = timer->data;
	struct nf_now now = nf_clock_now();

	if (!has_lock(p) || !is_asked_lately(p, now))
		return;
	alarm(PASS_MOST_S);
	nf_recompute_tick(p->recompute, p->site, now);
	keep_figures(p);
	alarm(0);
}

static enum nf_err start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct passes *p = ctx->state = nf_xcalloc(1, sizeof *p);

	p->ctx = ctx;
	p->site = load_site(ctx->args.config_file);
	if (!p->site)
		return nf_error_set(err, NF_EINVAL, "%s has mistakes", ctx->args.config_file);
	enum nf_err e = nf_store_open(
		p->site->state_dir, NF_STORE_WRITE, STORE_BUSY_MS, &p->store, err);
	if (e != NF_OK)
		return e;
	p->recompute = nf_recompute_new(p->store);
	uv_timer_init(ctx->loop, &p->second);
	p->second.data = p;
	p->ticking = true;
	return uv_timer_start(&p->second, on_second, 0, SECOND_MS) == 0 ? NF_OK : NF_ESYS;
}

static void reload(struct nf_program_ctx *ctx)
{
	struct passes *p = ctx->state;
	struct nf_site *site = load_site(ctx->args.config_file);

	if (!site)
		return;
	nf_site_free(p->site);
	p->site = site;
	nf_recompute_again(p->recompute);
}

static void stop(struct nf_program_ctx *ctx)
{
	struct passes *p = ctx->state;

	if (p && p->ticking)
		uv_close((uv_handle_t *)&p->second, NULL);
}

static void destroy(struct nf_program_ctx *ctx)
{
	struct passes *p = ctx->state;

	if (!p)
		return;
	nf_recompute_free(p->recompute);
	nf_store_close(p->store);
	nf_site_free(p->site);
	nf_beat_end(&p->alone);
	free(p);
	ctx->state = NULL;
}

int nf_passes_main(int argc, char **argv)
{
	static const struct nf_program program = {
		.name = "netfold-verify",
		.summary = "computes where each device stands in its move",
		.start = start,
		.reload = reload,
		.stop = stop,
		.destroy = destroy,
	};

	if (argc < 2 || strcmp(argv[1], NF_PASSES_ARG) != 0)
		return -1;
	argv[1] = argv[0];
	return nf_program_main(&program, argc - 1, argv + 1);
}
