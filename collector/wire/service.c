// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/service.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rights.h"
#include "checks/write_out.h"
#include "collector/wire/sandbox.h"
#include "collector/wire/wires.h"
#include "conf/load.h"
#include "store/beat.h"

#define PROGRAM "netfold-wire"

enum {
	SECOND_MS = 1000,
	SLICE_MS = 5,
	BATCH_EVERY_S = 10,
	BEAT_EVERY_S = 5,
	ONCE_S = 10, /* a single pass listens so long */
	STORE_BUSY_MS = 50,
	TABLE_CAP = 200000,
};
/* At its end it may wait so long for the store. */
#define LAST_BATCH_US (2 * NF_US_PER_S)
/* An interface that comes and goes all the time must not cost the others everything. */
#define RESTART_AFTER_US (4 * NF_US_PER_S)
#define DAY_US		 (86400 * NF_US_PER_S)

struct service {
	struct nf_program_ctx *ctx;
	struct nf_site *site;
	struct nf_wires *wires;
	struct nf_seen_table *table;
	struct nf_writer writer;
	struct nf_store *store;
	struct nf_judge *judge;
	uv_timer_t timer, slices;
	bool timed; /* the timers were begun */
	uint64_t seconds;
	struct nf_beat beat;
	int64_t started_mono_us, cycle_wall_us;
};

static void beat(struct service *s, struct nf_now now)
{
	struct nf_wires_stats w = nf_wires_stats(s->wires);
	struct nf_seen_stats t = nf_seen_stats(s->table);
	struct nf_judge_stats j = nf_judge_stats(s->judge);
	const struct nf_figure figures[] = {
		{"wires",	  w.wires		 },
		{"listening",      w.listening	 },
		{"frames",	   w.frames	   },
		{"own",		w.own	     },
		{"link",		 w.link	       },
		{"bad",		w.bad	     },
		{"drops",	  w.drops		 },
		{"refused",	    w.refused	     },
		{"canaries_sent",  w.canaries_sent	 },
		{"canaries_seen",  w.canaries_seen	 },
		{"table",	  t.len	       },
		{"table_cap",      t.cap		   },
		{"replaced",	     t.replaced	       },
		{"waiting",	    t.owed		  },
		{"rows",		 s->writer.rows    },
		{"batches",	    s->writer.batches },
		{"batch_failures", s->writer.failures},
		{"changes",	    j.changes	     },
		{"owed",		 j.owed	       },
	};
	nf_beat_tell(s->store, &s->beat, now, s->cycle_wall_us, figures,
		sizeof figures / sizeof figures[0]);
}

static void on_slice(uv_timer_t *timer)
{
	struct service *s = timer->data;
	enum nf_err rc = nf_writer_slice(&s->writer);

	if (rc) {
		/* Busy, full or damaged: all of it stays in memory. */
		nf_log_limited("batch", rc == NF_EBUSY ? NF_LOG_INFO : NF_LOG_ERROR, "writer",
			"a batch waits: %s", nf_store_error(s->store));
		uv_timer_start(timer, on_slice, SECOND_MS, 0);
		return;
	}
	if (s->writer.under_way)
		uv_timer_start(timer, on_slice, SLICE_MS, 0);
	else
		s->cycle_wall_us = nf_clock_now().wall_us;
}

static void begin_batch(struct service *s, struct nf_now now)
{
	int64_t wall_us = nf_wires_wall_us(s->wires, now);

	if (s->writer.under_way)
		return;
	nf_seen_forget(s->table, (uint32_t)(wall_us / DAY_US) - 1);
	nf_writer_begin(&s->writer, wall_us);
	uv_timer_start(&s->slices, on_slice, 0, 0);
}

/* Earlier than usual where the table fills quickly: what owes nothing can make room. */
static bool is_batch_due(const struct service *s)
{
	struct nf_seen_stats t = nf_seen_stats(s->table);

	return s->seconds % BATCH_EVERY_S == 0 || t.owed > t.cap / 8;
}

static void restart_if_wanted(struct service *s, struct nf_now now)
{
	if (s->ctx->args.once || !nf_wires_wants_restart(s->wires) ||
		now.mono_us - s->started_mono_us < RESTART_AFTER_US)
		return;
	nf_log(NF_LOG_INFO, "service",
		"an interface is back, and listening on it takes the right again: starting anew");
	nf_program_exit(s->ctx, NF_EXIT_FAILED);
}

static void on_second(uv_timer_t *timer)
{
	struct service *s = timer->data;
	struct nf_now now = nf_clock_now();
	s->seconds++;
	nf_wires_tick(s->wires, now);
	nf_wires_judge(s->wires, s->judge, now);
	nf_write_out(s->judge, NULL, now);
	if (is_batch_due(s))
		begin_batch(s, now);
	if (s->seconds % BEAT_EVERY_S == 1)
		beat(s, now);
	if (s->ctx->args.once && s->seconds >= ONCE_S)
		nf_program_exit(s->ctx, NF_EXIT_GOOD);
	restart_if_wanted(s, now);
}

static bool is_listened_on(const struct nf_site *site, const char *network, const char *check)
{
	const struct nf_network *n = nf_site_network(site, network);

	for (size_t i = 0; n && i < n->wire.len; i++)
		if (strcmp(check + strlen("wire "), n->wire.items[i]) == 0)
			return true;
	return false;
}

static void drop_old(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct service *s = arg;
	const struct nf_network *network = nf_site_network(s->site, row->network);

	(void)asked_wall_us;
	if (network && !*row->device && strncmp(row->check, "wire ", 5) == 0 &&
		!is_listened_on(s->site, row->network, row->check))
		nf_judge_drop_network(s->judge, network, row->check, nf_clock_now());
}

static enum nf_err open_parts(struct service *s, struct nf_error *err)
{
	const char *folder = s->site->state_dir;
	struct nf_now now = nf_clock_now();
	struct nf_judge_options options = {.program = PROGRAM,
		.cycle_us = BATCH_EVERY_S * NF_US_PER_S,
		.once = s->ctx->args.once};
	enum nf_err rc = nf_rights_become_owner(folder, err);

	if (!rc)
		rc = nf_store_open(folder, NF_STORE_WRITE, STORE_BUSY_MS, &s->store, err);
	if (!rc)
		rc = nf_beat_begin(&s->beat, PROGRAM, folder, now, err);
	if (!rc)
		rc = nf_judge_new(&options, s->site, s->store, now, &s->judge, err);
	if (!rc)
		nf_store_checks(s->store, PROGRAM, drop_old, s);
	s->started_mono_us = now.mono_us;
	return rc;
}

enum nf_err nf_wire_service_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct service *s = nf_xcalloc(1, sizeof *s);

	s->ctx = ctx;
	ctx->state = s;
	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &s->site, err);

	if (!rc)
		rc = nf_wires_open(s->site, &s->wires, err);
	if (!rc)
		rc = nf_rights_shed(err);
	if (!rc)
		rc = open_parts(s, err);
	if (rc)
		return rc;
	/* A second wall behind the rights, which are gone in any case. */
	if (nf_wire_sandbox_enter(err))
		nf_log(NF_LOG_WARN, "service", "goes on without a sandbox: %s", err->text);
	s->table = nf_seen_new(TABLE_CAP);
	s->writer = (struct nf_writer){.store = s->store, .table = s->table};
	nf_wires_start(s->wires, ctx->loop, s->table, &s->writer);
	uv_timer_init(ctx->loop, &s->timer);
	uv_timer_init(ctx->loop, &s->slices);
	s->timer.data = s->slices.data = s;
	s->timed = true;
	uv_timer_start(&s->timer, on_second, SECOND_MS, SECOND_MS);
	struct nf_wires_stats stats = nf_wires_stats(s->wires);

	nf_log(NF_LOG_INFO, "service", "listening wires=%zu of=%zu uid=%u", stats.listening,
		stats.wires, (unsigned)getuid());
	return NF_OK;
}

void nf_wire_service_reload(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);

	if (!site)
		return;
	if (!nf_wires_reload(s->wires, site)) {
		nf_log(NF_LOG_INFO, "service",
			"reloaded: other wires, which takes the right again: starting anew");
		nf_site_free(site);
		nf_program_exit(ctx, NF_EXIT_FAILED);
		return;
	}
	char *difference = nf_site_compare(s->site, site);

	nf_judge_reload(s->judge, site, nf_clock_now());
	nf_log(NF_LOG_INFO, "service", "reloaded: %s", difference);
	free(difference);
	nf_site_free(s->site);
	s->site = site;
}

/* All that is owed, first the batch under way. */
static void write_all(struct service *s)
{
	struct nf_now now = nf_clock_now();
	int64_t until_mono_us = now.mono_us + LAST_BATCH_US;

	nf_wires_tick(s->wires, now);
	for (int batches = 0; batches < 2; batches++) {
		nf_writer_begin(&s->writer, nf_wires_wall_us(s->wires, now));
		while (s->writer.under_way && nf_clock_now().mono_us < until_mono_us)
			nf_writer_slice(&s->writer);
	}
	if (s->writer.under_way)
		nf_log(NF_LOG_ERROR, "writer", "the last batch is lost: %s",
			nf_store_error(s->store));
	s->cycle_wall_us = now.wall_us;
}

static void close_timer(uv_timer_t *timer)
{
	if (!uv_is_closing((uv_handle_t *)timer))
		uv_close((uv_handle_t *)timer, NULL);
}

void nf_wire_service_stop(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	if (s->timed) {
		close_timer(&s->timer);
		close_timer(&s->slices);
		write_all(s);
		nf_write_out_last(s->judge, NULL);
		beat(s, nf_clock_now());
	}
	nf_wires_stop(s->wires);
}

void nf_wire_service_destroy(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;

	if (!s)
		return;
	nf_wires_free(s->wires);
	nf_seen_free(s->table);
	nf_judge_free(s->judge);
	nf_store_close(s->store);
	nf_beat_end(&s->beat);
	nf_site_free(s->site);
	free(s);
	ctx->state = NULL;
}
