// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/supervise.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/child.h"
#include "cli/progress.h"
#include "conf/load.h"
#include "store/beat.h"

#define KILL_AFTER_MS 3500 /* all is over within 5 s of the signal */
#define PROGRESS_MS   200

struct supervisor {
	struct nf_program_ctx *ctx;
	struct nf_site *site;
	struct nf_beat alone;
	struct nf_child *children;
	size_t len;
	char **env;
	const char *args[6];
	uv_timer_t kill_timer, progress_timer;
	struct nf_progress progress;
	unsigned pass; /* of --once, the one that runs */
	bool stopping;
};

static void fill_args(struct supervisor *s)
{
	size_t n = 1;
	s->args[n++] = "-c";
	s->args[n++] = s->ctx->args.config_file;
	if (s->ctx->args.debug)
		s->args[n++] = "-d";
	if (s->ctx->args.once)
		s->args[n++] = "--once";
}

static void close_timer(uv_timer_t *timer)
{
	if (!uv_is_closing((uv_handle_t *)timer))
		uv_close((uv_handle_t *)timer, NULL);
}

static bool is_all_done(const struct supervisor *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (!s->children[i].done)
			return false;
	return true;
}

static void stop_timers(struct supervisor *s)
{
	nf_progress_end(&s->progress);
	close_timer(&s->progress_timer);
	close_timer(&s->kill_timer);
}

/* The worst of what the programs said: a pass that failed outweighs problems that were found. */
static int pass_result(const struct supervisor *s)
{
	int worst = NF_EXIT_GOOD;
	for (size_t i = 0; i < s->len; i++) {
		int status = s->children[i].exit_status;
		if (status > NF_EXIT_FAILED)
			status = NF_EXIT_FAILED;
		if (status > worst)
			worst = status;
	}
	return worst;
}

static void start_pass(struct supervisor *s)
{
	for (; s->pass < NF_SUITE_PASSES; s->pass++) {
		size_t started = 0;
		for (size_t i = 0; i < s->len; i++) {
			if (s->children[i].program->pass != s->pass)
				continue;
			nf_child_start(&s->children[i], s->ctx->loop);
			started++;
		}
		if (started > 0)
			return;
	}
}

static bool is_pass_done(const struct supervisor *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->children[i].program->pass == s->pass && !s->children[i].done)
			return false;
	return true;
}

static void on_ended(struct nf_child *child)
{
	struct supervisor *s = child->owner;
	if (s->stopping) {
		if (is_all_done(s))
			stop_timers(s);
		return;
	}
	if (!is_pass_done(s))
		return;
	s->pass++;
	start_pass(s);
	if (is_all_done(s))
		nf_program_exit(s->ctx, pass_result(s));
}

static void on_progress(uv_timer_t *timer)
{
	struct supervisor *s = timer->data;
	char text[128] = "";
	for (size_t i = 0; i < s->len; i++) {
		if (!s->children[i].running)
			continue;
		size_t used = strlen(text);
		snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ", " : "",
			s->children[i].program->name);
	}
	nf_progress_show(&s->progress, text);
}

static void find_children(struct supervisor *s)
{
	s->children = nf_xcalloc(nf_suite_len(), sizeof *s->children);
	for (size_t i = 0; i < nf_suite_len(); i++) {
		const struct nf_suite_program *program = nf_suite_at(i);
		bool needed = nf_suite_is_needed(program, s->site);
		if (s->ctx->args.once && (program->pass >= NF_SUITE_PASSES || !needed))
			continue;
		char *path = nf_suite_path(program);
		if (path == NULL) {
			nf_log(NF_LOG_WARN, "run", "%s is not installed: %s is not done",
				program->name, program->job);
			continue;
		}
		s->children[s->len++] = (struct nf_child){
			.program = program,
			.path = path,
			.args = s->args,
			.env = s->env,
			.once = s->ctx->args.once,
			.ended = on_ended,
			.owner = s,
			.done = !needed,
		};
	}
}

/* Those the site has work for and that were not started yet. One that is no longer needed stays, idle. */
static void start_needed(struct supervisor *s)
{
	for (size_t i = 0; i < s->len; i++) {
		struct nf_child *child = &s->children[i];
		if (child->timer_open || !nf_suite_is_needed(child->program, s->site))
			continue;
		child->done = false;
		nf_child_start(child, s->ctx->loop);
	}
}

static enum nf_err start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct supervisor *s = nf_xcalloc(1, sizeof *s);
	s->ctx = ctx;
	ctx->state = s;
	enum nf_err code = nf_site_load_logged(ctx->args.config_file, &s->site, err);
	if (code == NF_OK)
		code = nf_beat_begin(
			&s->alone, "netfold", s->site->state_dir, nf_clock_now(), err);
	if (code != NF_OK)
		return code;
	s->env = nf_program_env();
	fill_args(s);
	find_children(s);
	if (s->len == 0)
		return nf_error_set(err, NF_ENOENT, "none of netfold's programs is in %s",
			getenv("NETFOLD_LIBEXEC") != NULL ? getenv("NETFOLD_LIBEXEC")
							  : NF_LIBEXEC_DIR);
	uv_timer_init(ctx->loop, &s->kill_timer);
	s->kill_timer.data = s;
	uv_timer_init(ctx->loop, &s->progress_timer);
	s->progress_timer.data = s;
	if (!ctx->args.once) {
		start_needed(s);
		return NF_OK;
	}
	nf_progress_begin(&s->progress, "one pass");
	uv_timer_start(&s->progress_timer, on_progress, PROGRESS_MS, PROGRESS_MS);
	uv_unref((uv_handle_t *)&s->progress_timer);
	start_pass(s);
	return NF_OK;
}

static void reload(struct nf_program_ctx *ctx)
{
	struct supervisor *s = ctx->state;
	struct nf_site *site = nf_site_reload_logged(ctx->args.config_file);
	if (site == NULL)
		return;
	if (strcmp(site->state_dir, s->site->state_dir) != 0) {
		nf_log(NF_LOG_ERROR, "run",
			"reload: state_dir changed, which needs a new start; the running configuration "
			"stays");
		nf_site_free(site);
		return;
	}
	char *changes = nf_site_compare(s->site, site);
	nf_log(NF_LOG_INFO, "run", "reload: %s", changes);
	free(changes);
	nf_site_free(s->site);
	s->site = site;
	for (size_t i = 0; i < s->len; i++)
		nf_child_signal(&s->children[i], SIGHUP);
	start_needed(s);
}

static void on_kill_timer(uv_timer_t *timer)
{
	struct supervisor *s = timer->data;
	for (size_t i = 0; i < s->len; i++) {
		if (s->children[i].done)
			continue;
		nf_log(NF_LOG_WARN, "run", "%s does not end, and is killed",
			s->children[i].program->name);
		nf_child_signal(&s->children[i], SIGKILL);
	}
}

static void stop(struct nf_program_ctx *ctx)
{
	struct supervisor *s = ctx->state;
	s->stopping = true;
	uv_timer_start(&s->kill_timer, on_kill_timer, KILL_AFTER_MS, 0);
	for (size_t i = 0; i < s->len; i++)
		if (!s->children[i].done)
			nf_child_stop(&s->children[i]);
	if (is_all_done(s))
		stop_timers(s);
}

static void destroy(struct nf_program_ctx *ctx)
{
	struct supervisor *s = ctx->state;
	for (size_t i = 0; i < s->len; i++)
		free(s->children[i].path);
	free(s->children);
	nf_program_env_free(s->env);
	nf_site_free(s->site);
	nf_beat_end(&s->alone);
	free(s);
}

static const struct nf_program supervisor = {
	.name = "netfold",
	.summary = "start netfold's programs, and keep them running",
	.has_once = true,
	.start = start,
	.reload = reload,
	.stop = stop,
	.destroy = destroy,
};

int nf_supervise(int argc, char **argv)
{
	return nf_program_main(&supervisor, argc, argv);
}
