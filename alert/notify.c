// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/notify.h"

#include <stdlib.h>
#include <time.h>

#include "alert/cutover_mail.h"
#include "alert/digest.h"
#include "alert/follow.h"
#include "alert/heartbeat.h"
#include "alert/mail_deliver.h"
#include "alert/mail_health.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/put.h"
#include "conf/load.h"
#include "store/beat.h"

#define PROGRAM "netfold-notify"
#define TICK_MS 500
#define BEAT_US (5 * NF_US_PER_S)

struct notify {
	struct nf_program_ctx *ctx;
	struct nf_site *site;
	struct nf_follower follower;
	struct nf_move_mails moves;
	struct nf_heartbeat *heartbeat;
	struct nf_deliver *deliver;
	uv_timer_t tick;
	bool ticking;
	struct nf_beat beat;
	int64_t beat_mono_us;
};

static void speak(const struct nf_site *site)
{
	setenv("TZ", site->timezone, 1);
	tzset();
	nf_i18n_open(site->language == NF_LANGUAGE_SV ? "sv" : "en");
}

static void judge_mail(struct notify *n, struct nf_now now)
{
	int64_t failing = nf_deliver_failing_mono_us(n->deliver);
	nf_mail_health_judge(n->follower.state, n->follower.outbox, n->site,
		&(struct nf_mail_health){failing != 0 ? now.mono_us - failing : 0,
			nf_deliver_works(n->deliver), nf_deliver_error(n->deliver)},
		now.wall_us);
}

static void beat(struct notify *n, struct nf_now now)
{
	struct nf_outbox_figures o = {0};
	const struct nf_ledger *l = n->follower.ledger;
	if (n->follower.state == NULL)
		return;
	judge_mail(n, now);
	nf_outbox_figures(n->follower.outbox, &o);
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	nf_json_object(&j);
	nf_put_i64(&j, "events", (int64_t)n->follower.events);
	nf_put_i64(&j, "event_lag_us", n->follower.lag_us);
	nf_put_i64(&j, "incidents", (int64_t)HASH_COUNT(l->incidents));
	nf_put_i64(&j, "members", (int64_t)HASH_CNT(hh_bad, l->bad));
	nf_put_i64(&j, "mails", (int64_t)l->mails);
	nf_put_i64(&j, "mails_waiting", (int64_t)o.waiting);
	nf_put_i64(&j, "mails_sent", (int64_t)o.sent);
	nf_put_i64(&j, "mails_refused", (int64_t)o.refused);
	nf_put_i64(&j, "mail_oldest_age_us",
		o.oldest_wall_us != 0 ? now.wall_us - o.oldest_wall_us : 0);
	nf_put_i64(&j, "mail_lag_us", o.last_lag_us);
	int64_t failing = nf_deliver_failing_mono_us(n->deliver);
	nf_put_i64(&j, "mail_failing_us", failing != 0 ? now.mono_us - failing : 0);
	nf_put_text(&j, "mail_error", nf_deliver_error(n->deliver));
	nf_json_end(&j);
	nf_beat_put(n->follower.state, &n->beat, now, now.wall_us, text.data);
	nf_strbuf_free(&text);
	n->beat_mono_us = now.mono_us;
}

/* The digest and the heartbeat look at everything. */
static void look_around(struct notify *n, struct nf_now now)
{
	bool digest = nf_digest_is_due(&n->follower.core, now.wall_us);
	bool life = !n->ctx->args.once && nf_heartbeat_is_due(n->heartbeat, now);
	if (!digest && !life)
		return;
	struct nf_picture picture;
	struct nf_error err = {0};
	if (nf_picture_take(n->site, now, &picture, &err) != NF_OK) {
		nf_log_limited("picture", NF_LOG_WARN, "notify", "%s", err.text);
		return;
	}
	if (digest) {
		struct nf_outbox_figures o = {0};
		struct nf_moves moves;
		nf_outbox_figures(n->follower.outbox, &o);
		bool moving =
			nf_moves_read(n->site, n->follower.state, now.wall_us, &moves) == NF_OK;
		nf_digest_owe(&n->follower.core, &picture, moving ? &moves : NULL, o.waiting,
			now.wall_us);
		if (moving)
			nf_moves_free(&moves);
	}
	if (life)
		nf_heartbeat_give(n->heartbeat, n->site, &picture, now);
	nf_picture_free(&picture);
}

static enum nf_err step(struct notify *n, struct nf_now now, struct nf_error *err)
{
	look_around(n, now);
	nf_daily_test_owe(&n->follower.core, now.wall_us);
	nf_move_mails_look(
		&n->moves, &n->follower.core, n->follower.outbox, n->follower.state, now);
	enum nf_err rc = nf_follower_step(&n->follower, now, err);
	nf_move_mails_keep(&n->moves, n->follower.ledger, n->follower.outbox);
	return rc;
}

static void on_tick(uv_timer_t *timer)
{
	struct notify *n = timer->data;
	struct nf_now now = nf_clock_now();
	struct nf_error err = {0};
	enum nf_err rc = step(n, now, &err);
	if (rc != NF_OK)
		nf_log_limited("notify", NF_LOG_ERROR, "notify", "%s", err.text);
	if (rc == NF_ENEWER) {
		nf_program_exit(n->ctx, NF_EXIT_FAILED);
		return;
	}
	bool delivered = nf_deliver_step(n->deliver, n->follower.outbox, n->site, now);
	if (n->beat_mono_us == 0 || now.mono_us - n->beat_mono_us >= BEAT_US)
		beat(n, now);
	if (n->ctx->args.once && delivered)
		nf_program_exit(n->ctx, rc == NF_OK ? NF_EXIT_GOOD : NF_EXIT_FAILED);
}

enum nf_err nf_notify_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct notify *n = nf_xcalloc(1, sizeof *n);
	n->ctx = ctx;
	ctx->state = n;
	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &n->site, err);
	if (rc != NF_OK)
		return rc;
	speak(n->site);
	rc = nf_beat_begin(&n->beat, PROGRAM, n->site->state_dir, nf_clock_now(), err);
	if (rc == NF_OK)
		rc = nf_follower_open(&n->follower, n->site, ctx->args.once, err);
	if (rc != NF_OK)
		return rc;
	n->heartbeat = nf_heartbeat_new(ctx->loop);
	n->deliver = nf_deliver_new(ctx->loop);
	uv_timer_init(ctx->loop, &n->tick);
	n->tick.data = n;
	n->ticking = true;
	uv_timer_start(&n->tick, on_tick, 0, TICK_MS);
	if (n->site->rotas.len == 0)
		nf_log(NF_LOG_WARN, "notify", "the site has no rotas: nobody will be told");
	return NF_OK;
}

void nf_notify_reload(struct nf_program_ctx *ctx)
{
	struct notify *n = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);
	if (site == NULL)
		return;
	speak(site);
	nf_follower_reload(&n->follower, site, nf_clock_now().wall_us);
	nf_site_free(n->site);
	n->site = site;
}

void nf_notify_stop(struct nf_program_ctx *ctx)
{
	struct notify *n = ctx->state;
	struct nf_error err = {0};
	if (!n->ticking)
		return;
	/* What cannot be saved now is decided again at the next start. */
	if (!ctx->args.once)
		nf_follower_step(&n->follower, nf_clock_now(), &err);
	nf_deliver_stop(n->deliver);
	uv_close((uv_handle_t *)&n->tick, NULL);
	n->ticking = false;
}

void nf_notify_destroy(struct nf_program_ctx *ctx)
{
	struct notify *n = ctx->state;
	if (n == NULL)
		return;
	nf_heartbeat_free(n->heartbeat);
	nf_deliver_free(n->deliver, n->follower.outbox);
	nf_move_mails_free(&n->moves);
	nf_follower_close(&n->follower);
	nf_site_free(n->site);
	nf_beat_end(&n->beat);
	free(n);
}
