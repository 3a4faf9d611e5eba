// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve_program.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "conf/load.h"
#include "web/serve.h"
#include "web/serve_guard.h"
#include "web/serve_lock.h"

#define SWEEP_MS 1000

struct serve_program {
	struct nf_site *site;
	struct nf_server *server;
	uv_poll_t poll;
	uv_timer_t turn, sweep;
	struct nf_serve_lock lock;
	struct nf_program_ctx *ctx;
	bool open; /* the handles are there */
};

static void on_turn(uv_timer_t *timer);

static void turn(struct serve_program *p)
{
	nf_serve_turn(p->server);
	int64_t wait_ms = nf_serve_wait_ms(p->server);
	if (wait_ms >= 0)
		uv_timer_start(&p->turn, on_turn, (uint64_t)wait_ms, 0);
	else
		uv_timer_stop(&p->turn);
}

static void on_turn(uv_timer_t *timer)
{
	turn(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	turn(poll->data);
}

static void on_sweep(uv_timer_t *timer)
{
	struct serve_program *p = timer->data;
	nf_serve_sweep(p->server, nf_clock_now());
	turn(p);
	if (nf_serve_lock_lost(&p->lock, p->site->www_dir)) {
		nf_log(NF_LOG_WARN, "serve",
			"%s was made anew: only a new start can open it, so this one ends",
			p->site->www_dir);
		nf_program_exit(p->ctx, NF_EXIT_FAILED);
	}
}

static void put_on_loop(struct serve_program *p, uv_loop_t *loop)
{
	uv_poll_init(loop, &p->poll, nf_serve_fd(p->server));
	uv_timer_init(loop, &p->turn);
	uv_timer_init(loop, &p->sweep);
	p->poll.data = p->turn.data = p->sweep.data = p;
	uv_poll_start(&p->poll, UV_READABLE, on_readable);
	uv_timer_start(&p->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	p->open = true;
}

static void say_address(const struct nf_serve *serve)
{
	char text[NF_ADDR_TEXT_MAX];
	bool six = serve->listen.family == NF_IPV6;
	nf_addr_format(&serve->listen, text);
	nf_log(NF_LOG_INFO, "serve", "the dashboard is at http://%s%s%s:%u/", six ? "[" : "",
		text, six ? "]" : "", serve->port);
	if (serve->allow_public)
		nf_log(NF_LOG_WARN, "serve",
			"allow_public: whoever reaches %s can read every page, without login",
			text);
}

enum nf_err nf_serve_program_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct serve_program *p = nf_xcalloc(1, sizeof *p);
	ctx->state = p;
	enum nf_err rc = nf_site_load_logged(ctx->args.config_file, &p->site, err);
	if (rc == NF_OK)
		rc = nf_serve_new(p->site, &p->server, err);
	if (rc == NF_OK)
		rc = nf_serve_lock_up(p->site, ctx->args.config_file, &p->lock, err);
	if (rc == NF_OK)
		rc = nf_serve_guard_shed(p->site->www_dir, err);
	if (rc != NF_OK)
		return rc;
	if (!p->lock.locked)
		nf_log(NF_LOG_INFO, "serve",
			"this kernel has no Landlock: openat2 alone keeps to %s",
			p->site->www_dir);
	p->ctx = ctx;
	put_on_loop(p, ctx->loop);
	say_address(&p->site->serve);
	return NF_OK;
}

void nf_serve_program_reload(struct nf_program_ctx *ctx)
{
	struct serve_program *p = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);
	if (site == NULL)
		return;
	if (!nf_addr_equal(&site->serve.listen, &p->site->serve.listen) ||
		site->serve.port != p->site->serve.port)
		nf_log(NF_LOG_WARN, "serve", "another address or port needs a new start");
	nf_serve_site(p->server, site);
	nf_site_free(p->site);
	p->site = site;
}

void nf_serve_program_stop(struct nf_program_ctx *ctx)
{
	struct serve_program *p = ctx->state;
	if (!p->open)
		return;
	uv_close((uv_handle_t *)&p->poll, NULL);
	uv_close((uv_handle_t *)&p->turn, NULL);
	uv_close((uv_handle_t *)&p->sweep, NULL);
}

void nf_serve_program_destroy(struct nf_program_ctx *ctx)
{
	struct serve_program *p = ctx->state;
	if (p == NULL)
		return;
	nf_serve_free(p->server);
	nf_site_free(p->site);
	free(p);
}
