// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/series_program.h"

#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/load.h"
#include "store/beat.h"
#include "store/findings.h"
#include "store/follow.h"

#define TICK_MS	      1000
#define BEAT_US	      (5 * NF_US_PER_S)
#define SLICE_US      (200 * NF_US_PER_MS) /* before the loop turns again */
#define FAREWELL_US   (1500 * NF_US_PER_MS)
#define READS_AT_ONCE 4

struct series_program {
	struct nf_site *site;
	struct nf_beat beat;
	struct nf_follow *follow;
	struct nf_findings *findings;
	uv_timer_t tick;
	uv_signal_t flush;
	bool flush_all;
	int64_t beat_mono_us;
	uint64_t rounds;
	int64_t cycle_wall_us;
};

static void beat(struct series_program *p, struct nf_now now)
{
	struct nf_follow_stats stats = nf_follow_stats(p->follow);
	if (stats.rounds != p->rounds)
		p->cycle_wall_us = now.wall_us;
	p->rounds = stats.rounds;
	p->beat_mono_us = now.mono_us;
	nf_findings_beat(p->findings, now, &stats, p->cycle_wall_us);
}

/* True: all that is in the journals was read. Nothing is written before, because a new name of a series
 * may stand behind samples of the old one. */
static bool read_all(struct series_program *p)
{
	for (int i = 0; i < READS_AT_ONCE; i++) {
		if (!nf_follow_read(p->follow))
			return true;
	}
	return false;
}

static void drain_and_exit(struct nf_program_ctx *ctx, struct nf_now now)
{
	struct series_program *p = ctx->state;
	nf_follow_write_all(p->follow, now, 0);
	nf_follow_trim(p->follow);
	p->cycle_wall_us = now.wall_us;
	beat(p, now);
	size_t owed = nf_follow_stats(p->follow).queue;
	if (owed > 0)
		nf_log(NF_LOG_WARN, "series", "%zu samples wait in the journal", owed);
	nf_program_exit(ctx, owed > 0 ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD);
}

static void on_tick(uv_timer_t *timer)
{
	struct nf_program_ctx *ctx = timer->data;
	struct series_program *p = ctx->state;
	struct nf_now now = nf_clock_now();
	uint64_t next_ms = TICK_MS;
	if (!read_all(p)) {
		next_ms = 0;
	} else if (ctx->args.once) {
		drain_and_exit(ctx, now);
		return;
	} else if (p->flush_all) {
		p->flush_all = !nf_follow_write_all(p->follow, now, SLICE_US);
		next_ms = p->flush_all ? 0 : TICK_MS;
	} else {
		nf_follow_write(p->follow, now);
	}
	nf_follow_trim(p->follow);
	if (now.mono_us - p->beat_mono_us >= BEAT_US)
		beat(p, now);
	uv_timer_start(timer, on_tick, next_ms, 0);
}

static void on_flush(uv_signal_t *signal, int number)
{
	(void)number;
	struct nf_program_ctx *ctx = signal->data;
	struct series_program *p = ctx->state;
	p->flush_all = true;
	uv_timer_start(&p->tick, on_tick, 0, 0);
}

enum nf_err nf_series_program_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct series_program *p = nf_xcalloc(1, sizeof *p);
	ctx->state = p;
	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &p->site, err);
	if (rc == NF_OK)
		rc = nf_beat_begin(
			&p->beat, "netfold-series", p->site->state_dir, nf_clock_now(), err);
	if (rc == NF_OK)
		rc = nf_findings_new(p->site->state_dir, &p->beat, &p->findings, err);
	if (rc != NF_OK)
		return rc;
	p->follow = nf_follow_new(p->site->state_dir, nf_findings_add, p->findings);
	uv_timer_init(ctx->loop, &p->tick);
	p->tick.data = ctx;
	uv_timer_start(&p->tick, on_tick, 0, 0);
	uv_signal_init(ctx->loop, &p->flush);
	p->flush.data = ctx;
	uv_signal_start(&p->flush, on_flush, SIGUSR1);
	return NF_OK;
}

/* What is not written now is read again from the journals at the next start. */
void nf_series_program_stop(struct nf_program_ctx *ctx)
{
	struct series_program *p = ctx->state;
	struct nf_now now = nf_clock_now();
	if (!ctx->args.once) {
		if (read_all(p))
			nf_follow_write_all(p->follow, now, FAREWELL_US);
		nf_follow_trim(p->follow);
		beat(p, now);
	}
	uv_close((uv_handle_t *)&p->tick, NULL);
	uv_close((uv_handle_t *)&p->flush, NULL);
}

void nf_series_program_destroy(struct nf_program_ctx *ctx)
{
	struct series_program *p = ctx->state;
	if (p == NULL)
		return;
	nf_follow_free(p->follow);
	nf_findings_free(p->findings);
	nf_site_free(p->site);
	nf_beat_end(&p->beat);
	free(p);
}
