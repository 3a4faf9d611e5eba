// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/publish_program.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/place.h"
#include "base/put.h"
#include "conf/load.h"
#include "store/beat.h"
#include "web/publish.h"

#define NAME	 "netfold-publish"
#define TICK_MS	 2000
#define FULL_US	 (60 * NF_US_PER_S)
#define QUIET_US (5 * NF_US_PER_S) /* a storm of events makes one cycle in so long */
#define BEAT_US	 (5 * NF_US_PER_S)
#define SLICE_US (1500 * NF_US_PER_MS)
#define BUSY_MS	 50

struct publish_program {
	struct nf_site *site;
	struct nf_store *store;
	struct nf_publisher *publisher;
	uv_timer_t tick;
	struct nf_beat beat;
	int64_t cycle_wall_us, cycle_mono_us, beat_mono_us, newest_event;
	bool begun;
};

/* In a build tree the sources' folder is named by the build, otherwise they are installed. */
static const char *assets_of(void)
{
	const char *set = getenv("NETFOLD_WEB");
	if (set != NULL && *set != '\0')
		return set;
	return access(NF_WEB_DIR, R_OK) == 0 ? NF_WEB_DIR : NF_WEB_SOURCE;
}

static enum nf_err begin(struct publish_program *p, struct nf_site *site, struct nf_error *err)
{
	struct nf_publisher *publisher = NULL;
	setenv("TZ", site->timezone, 1);
	tzset();
	nf_i18n_open(site->language == NF_LANGUAGE_SV ? "sv" : "en");
	enum nf_err rc = nf_publisher_new(site, assets_of(), NF_DYGRAPHS_DIR, &publisher, err);
	if (rc != NF_OK)
		return rc;
	nf_publisher_free(p->publisher);
	nf_site_free(p->site);
	p->publisher = publisher;
	p->site = site;
	p->begun = false;
	return NF_OK;
}

static void beat(struct publish_program *p, struct nf_now now)
{
	struct nf_publish_stats stats = nf_publisher_stats(p->publisher);
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	nf_json_object(&j);
	nf_put_i64(&j, "cycles", (int64_t)stats.cycles);
	nf_put_i64(&j, "failures", (int64_t)stats.failures);
	nf_put_i64(&j, "files", (int64_t)stats.pages);
	nf_put_i64(&j, "bytes", (int64_t)stats.bytes);
	nf_put_i64(&j, "owed", (int64_t)stats.owed);
	nf_json_key(&j, "took_s");
	nf_json_double(&j, (double)(stats.took_us / 1000) / 1000.0);
	nf_json_end(&j);
	nf_beat_put(p->store, &p->beat, now, p->cycle_wall_us, text.data);
	nf_strbuf_free(&text);
	p->beat_mono_us = now.mono_us;
}

static enum nf_err cycle(struct publish_program *p, struct nf_now now, int64_t slice_us)
{
	struct nf_error err = {0};
	p->newest_event = nf_model_newest_event(p->store);
	enum nf_err rc = nf_publisher_cycle(p->publisher, p->store, now, slice_us, &err);
	if (rc != NF_OK)
		nf_log_limited("publish-cycle", NF_LOG_ERROR, "publish",
			"the pages stay as they were: %s", err.text);
	else
		p->cycle_wall_us = now.wall_us;
	p->cycle_mono_us = now.mono_us;
	p->begun = true;
	return rc;
}

static bool is_due(struct publish_program *p, struct nf_now now)
{
	int64_t since = now.mono_us - p->cycle_mono_us;
	if (!p->begun || since >= FULL_US || nf_publisher_stats(p->publisher).owed > 0)
		return true;
	return since >= QUIET_US && nf_model_newest_event(p->store) != p->newest_event;
}

static void on_tick(uv_timer_t *timer)
{
	struct nf_program_ctx *ctx = timer->data;
	struct publish_program *p = ctx->state;
	struct nf_now now = nf_clock_now();
	if (ctx->args.once) {
		beat(p, now);
		enum nf_err rc = cycle(p, now, 0);
		beat(p, nf_clock_now());
		nf_program_exit(ctx, rc == NF_OK ? NF_EXIT_GOOD : NF_EXIT_FAILED);
		return;
	}
	if (is_due(p, now))
		cycle(p, now, SLICE_US);
	if (now.mono_us - p->beat_mono_us >= BEAT_US)
		beat(p, nf_clock_now());
	bool owes = nf_publisher_stats(p->publisher).owed > 0;
	uv_timer_start(timer, on_tick, owes ? 1 : TICK_MS, 0);
}

enum nf_err nf_publish_program_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct publish_program *p = nf_xcalloc(1, sizeof *p);
	struct nf_site *site = NULL;
	ctx->state = p;
	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &site, err);
	if (rc == NF_OK)
		rc = nf_beat_begin(&p->beat, NAME, site->state_dir, nf_clock_now(), err);
	if (rc == NF_OK)
		rc = nf_store_open(site->state_dir, NF_STORE_WRITE, BUSY_MS, &p->store, err);
	if (rc == NF_OK)
		rc = begin(p, site, err);
	if (rc != NF_OK) {
		nf_site_free(site);
		return rc;
	}
	uv_timer_init(ctx->loop, &p->tick);
	p->tick.data = ctx;
	uv_timer_start(&p->tick, on_tick, 0, 0);
	return NF_OK;
}

void nf_publish_program_reload(struct nf_program_ctx *ctx)
{
	struct publish_program *p = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);
	struct nf_error err = {0};
	if (site != NULL && begin(p, site, &err) != NF_OK) {
		nf_log(NF_LOG_ERROR, "publish", "reload: %s; the old configuration stays",
			err.text);
		nf_site_free(site);
	}
}

void nf_publish_program_stop(struct nf_program_ctx *ctx)
{
	struct publish_program *p = ctx->state;
	uv_close((uv_handle_t *)&p->tick, NULL);
}

void nf_publish_program_destroy(struct nf_program_ctx *ctx)
{
	struct publish_program *p = ctx->state;
	if (p == NULL)
		return;
	nf_publisher_free(p->publisher);
	nf_store_close(p->store);
	nf_site_free(p->site);
	nf_beat_end(&p->beat);
	free(p);
}
