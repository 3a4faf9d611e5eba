// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/service.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rights.h"
#include "checks/write_out.h"
#include "collector/ping/pinger.h"
#include "collector/ping/watch.h"
#include "conf/load.h"
#include "store/beat.h"
#include "store/journal.h"

#define PROGRAM "netfold-ping"

enum {
	SECOND_MS = 1000,
	BEAT_EVERY_S = 5,
	TELL_EVERY_S = 5,
	TELL_MOST = 500,
	STORE_BUSY_MS = 50
};

struct service {
	struct nf_program_ctx *ctx;
	struct nf_site *site;
	struct nf_store *store;
	struct nf_journal *journal;
	struct nf_judge *judge;
	struct nf_pinger *pinger;
	struct nf_watch *watch;
	uv_timer_t timer;
	bool timed; /* the timer was begun */
	uint64_t seconds;
	struct nf_beat beat;
};

enum nf_err nf_ping_service_early(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct nf_pinger *pinger = NULL;
	enum nf_err rc = nf_pinger_open(&pinger, err);

	if (!rc)
		rc = nf_rights_shed(err);
	if (rc) {
		nf_pinger_close(pinger);
		return rc;
	}
	struct service *s = nf_xcalloc(1, sizeof *s);

	s->ctx = ctx;
	s->pinger = pinger;
	ctx->state = s;
	return NF_OK;
}

static void beat(struct service *s, struct nf_now now)
{
	struct nf_pinger_stats p = nf_pinger_stats(s->pinger);
	struct nf_watch_stats w = nf_watch_stats(s->watch);
	struct nf_judge_stats j = nf_judge_stats(s->judge);
	struct nf_journal_stats n = nf_journal_stats(s->journal);
	const struct nf_figure figures[] = {
		{"devices",	    w.devices	     },
		{"under_way",	      w.under_way	 },
		{"confirming",      w.confirming	   },
		{"skipped",	    w.skipped	     },
		{"sent",		 p.sent	       },
		{"received",	     p.received	       },
		{"late",		 p.late	       },
		{"forged",	   p.forged	   },
		{"mangled",	    p.mangled	     },
		{"duplicates",      p.duplicates	   },
		{"bad",		p.bad	     },
		{"drops",		  p.drops		 },
		{"overloaded",      p.overloaded	   },
		{"stalls",	   p.stalls	   },
		{"unstamped",	      p.unstamped	 },
		{"waiting",	    p.waiting	     },
		{"lag_us",	   (uint64_t)p.lag_us},
		{"changes",	    j.changes	     },
		{"owed",		 j.owed	       },
		{"samples",	    n.samples	     },
		{"samples_dropped", n.dropped	     },
	};
	nf_beat_tell(s->store, &s->beat, now, w.cycle_wall_us, figures,
		sizeof figures / sizeof figures[0]);
}

static void on_second(uv_timer_t *timer)
{
	struct service *s = timer->data;
	struct nf_now now = nf_clock_now();
	nf_write_out(s->judge, s->journal, now);
	if (s->seconds % TELL_EVERY_S == 0)
		nf_watch_tell(s->watch, s->store, TELL_MOST);
	if (s->seconds++ % BEAT_EVERY_S == 0)
		beat(s, now);
	if (nf_pinger_stats(s->pinger).blind)
		nf_program_exit(s->ctx, NF_EXIT_FAILED);
}

static void on_pass_done(void *arg)
{
	struct service *s = arg;

	nf_watch_tell(s->watch, s->store, SIZE_MAX);
	nf_program_exit(s->ctx, NF_EXIT_GOOD);
}

static enum nf_err open_parts(struct service *s, struct nf_error *err)
{
	const char *folder = s->site->state_dir;
	struct nf_now now = nf_clock_now();
	struct nf_judge_options options = {.program = PROGRAM,
		.judges_reachability = true,
		.cycle_us = s->site->polling.ping_us,
		.once = s->ctx->args.once};
	enum nf_err rc = nf_rights_become_owner(folder, err);

	if (!rc)
		rc = nf_store_open(folder, NF_STORE_WRITE, STORE_BUSY_MS, &s->store, err);
	if (!rc)
		rc = nf_beat_begin(&s->beat, PROGRAM, folder, now, err);
	if (!rc)
		rc = nf_journal_open(folder, PROGRAM, &s->journal, err);
	if (!rc)
		rc = nf_judge_new(&options, s->site, s->store, now, &s->judge, err);
	return rc;
}

static void recall(struct service *s)
{
	if (nf_watch_recall(s->watch, s->store) != NF_OK)
		nf_log(NF_LOG_WARN, "service",
			"what the last run told could not be read, silence begins anew: %s",
			nf_store_error(s->store));
}

enum nf_err nf_ping_service_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct service *s = ctx->state;

	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &s->site, err);

	if (!rc)
		rc = open_parts(s, err);
	if (!rc)
		rc = nf_pinger_start(
			s->pinger, ctx->loop, s->site->networks.items, s->site->networks.len);
	if (rc)
		return rc;
	s->watch = nf_watch_new(ctx->loop,
		&(struct nf_watch_parts){.pinger = s->pinger,
			.judge = s->judge,
			.journal = s->journal,
			.once = ctx->args.once,
			.done = on_pass_done,
			.arg = s},
		s->site);
	recall(s);
	uv_timer_init(ctx->loop, &s->timer);
	s->timer.data = s;
	s->timed = true;
	uv_timer_start(&s->timer, on_second, SECOND_MS, SECOND_MS);
	nf_log(NF_LOG_INFO, "service", "watching devices=%zu networks=%zu uid=%u",
		s->site->devices.len, s->site->networks.len, (unsigned)getuid());
	return NF_OK;
}

void nf_ping_service_reload(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);

	if (!site)
		return;
	char *difference = nf_site_compare(s->site, site);

	nf_watch_reload(s->watch, site);
	recall(s);
	nf_log(NF_LOG_INFO, "service", "reloaded: %s", difference);
	free(difference);
	nf_site_free(s->site);
	s->site = site;
}

void nf_ping_service_stop(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	nf_watch_stop(s->watch);
	if (s->timed && !uv_is_closing((uv_handle_t *)&s->timer))
		uv_close((uv_handle_t *)&s->timer, NULL);
	nf_write_out_last(s->judge, s->journal);
	if (s->watch)
		beat(s, nf_clock_now());
	nf_pinger_close(s->pinger);
	s->pinger = NULL;
}

void nf_ping_service_destroy(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	if (!s)
		return;
	nf_pinger_close(s->pinger);
	nf_watch_free(s->watch);
	nf_judge_free(s->judge);
	nf_journal_close(s->journal);
	nf_store_close(s->store);
	nf_beat_end(&s->beat);
	nf_site_free(s->site);
	free(s);
	ctx->state = NULL;
}
