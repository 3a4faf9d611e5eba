// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/program.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/parse.h"

#define STOP_LIMIT_MS 4000

enum { WATCHED_SIGNALS = 3 };

/* Everything that lives on the loop beside the program's own handles. */
struct run {
	struct nf_program_ctx ctx;
	uv_signal_t signals[WATCHED_SIGNALS];
	uv_timer_t watchdog;
	uv_timer_t stop_limit;
	bool stopping;
};

static void usage(const struct nf_program *p, FILE *to)
{
	fprintf(to,
		"%s: %s\n\nUsage: %s [-c FILE] [-d] [-D SUBSYSTEM]%s\n\n"
		"  -c, --config FILE  the site file (default %s/site.yaml)\n"
		"  -d, --debug        debug messages; -D SUBSYSTEM: of one subsystem only\n"
		"%s"
		"  -h, --help         this text\n"
		"  -V, --version      the version\n",
		p->name, p->summary, p->name, p->has_once ? " [--once]" : "", NF_SYSCONF_DIR,
		p->has_once ? "      --once         one full pass, then exit\n" : "");
}

/* Returns -1 to go on, or the exit status to end with. */
static int parse_options(struct nf_program_ctx *ctx, int argc, char **argv)
{
	static const struct option options[] = {
		{"config",  required_argument, NULL, 'c'},
		{"debug",	  no_argument,       NULL, 'd'},
		{"once",	 no_argument,	      NULL, 'o'},
		{"help",	 no_argument,	      NULL, 'h'},
		{"version", no_argument,	 NULL, 'V'},
		{NULL,      0,		  NULL, 0	 },
	};
	const struct nf_program *p = ctx->program;
	ctx->args.config_file = NF_SYSCONF_DIR "/site.yaml";
	for (int c; (c = getopt_long(argc, argv, "c:dD:hV", options, NULL)) != -1;) {
		switch (c) {
		case 'c':
			ctx->args.config_file = optarg;
			break;
		case 'd':
			ctx->args.debug = true;
			break;
		case 'D':
			nf_log_debug_subsystem(optarg);
			break;
		case 'o':
			ctx->args.once = true;
			break;
		case 'h':
			usage(p, stdout);
			return NF_EXIT_GOOD;
		case 'V':
			printf("%s %s\n", p->name, PACKAGE_VERSION);
			return NF_EXIT_GOOD;
		default:
			usage(p, stderr);
			return NF_EXIT_USAGE;
		}
	}
	if (optind < argc || (ctx->args.once && !p->has_once)) {
		usage(p, stderr);
		return NF_EXIT_USAGE;
	}
	return -1;
}

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void stop_took_too_long(uv_timer_t *timer)
{
	nf_log(NF_LOG_WARN, "program", "handles did not close in time, leaving without them");
	uv_stop(timer->loop);
}

static void stop(struct run *run)
{
	if (run->stopping)
		return;
	run->stopping = true;
	sd_notify(0, "STOPPING=1");
	for (size_t i = 0; i < WATCHED_SIGNALS; i++)
		close_handle((uv_handle_t *)&run->signals[i]);
	close_handle((uv_handle_t *)&run->watchdog);
	/* A second signal ends us at once: the default action is back. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	uv_timer_start(&run->stop_limit, stop_took_too_long, STOP_LIMIT_MS, 0);
	uv_unref((uv_handle_t *)&run->stop_limit);
	if (run->ctx.program->stop)
		run->ctx.program->stop(&run->ctx);
}

static void reload(struct run *run)
{
	if (!run->ctx.program->reload)
		return;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)nf_clock_now().mono_us);
	run->ctx.program->reload(&run->ctx);
	sd_notify(0, "READY=1");
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct run *run = handle->loop->data;
	if (signum == SIGHUP)
		reload(run);
	else
		stop(run);
}

static void on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	sd_notify(0, "WATCHDOG=1");
}

static void watch(struct run *run)
{
	static const int numbers[WATCHED_SIGNALS] = {SIGHUP, SIGTERM, SIGINT};
	for (size_t i = 0; i < WATCHED_SIGNALS; i++) {
		uv_signal_init(run->ctx.loop, &run->signals[i]);
		uv_signal_start(&run->signals[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&run->signals[i]);
	}
	uv_timer_init(run->ctx.loop, &run->stop_limit);
	uv_timer_init(run->ctx.loop, &run->watchdog);
	uint64_t us = 0;
	if (sd_watchdog_enabled(0, &us) > 0)
		uv_timer_start(&run->watchdog, on_watchdog, 0, us / 2000);
	uv_unref((uv_handle_t *)&run->watchdog);
}

static void close_all(uv_handle_t *handle, void *arg)
{
	(void)arg;
	close_handle(handle);
}

static int failed(enum nf_err e, const struct nf_error *err)
{
	if (err->text[0])
		nf_log(NF_LOG_FATAL, "program", "%s", err->text);
	return e == NF_EINVAL ? NF_EXIT_USAGE : NF_EXIT_FAILED;
}

static int run_loop(struct run *run)
{
	struct nf_error err = {0};
	uv_loop_t loop;
	if (uv_loop_init(&loop) != 0)
		return NF_EXIT_FAILED;
	loop.data = run;
	run->ctx.loop = &loop;
	watch(run);

	enum nf_err e = run->ctx.program->start(&run->ctx, &err);
	if (e == NF_OK) {
		sd_notify(0, "READY=1");
		uv_run(&loop, UV_RUN_DEFAULT);
	} else {
		run->ctx.exit_status = failed(e, &err);
	}
	uv_walk(&loop, close_all, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	if (run->ctx.program->destroy)
		run->ctx.program->destroy(&run->ctx);
	uv_loop_close(&loop);
	return run->ctx.exit_status;
}

/* Started without stdin, stdout or stderr, a socket would get their number, and libuv aborts on that. */
static void hold_standard_descriptors(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Under `netfold run` a program does not outlive its supervisor. Set here and not between fork and exec:
 * execve clears it for a file with capabilities (prctl(2)). False: the supervisor is gone already. */
static bool follow_supervisor(void)
{
	int64_t pid;
	const char *text = getenv("NETFOLD_SUPERVISOR");
	if (text == NULL || nf_parse_i64(text, 1, INT32_MAX, &pid) != NF_OK)
		return true;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	return getppid() == pid;
}

int nf_program_main(const struct nf_program *program, int argc, char **argv)
{
	struct run run = {.ctx.program = program};
	hold_standard_descriptors();
	int status = parse_options(&run.ctx, argc, argv);
	if (status >= 0)
		return status;
	nf_log_open(program->name, run.ctx.args.debug ? NF_LOG_DEBUG : NF_LOG_INFO);
	signal(SIGPIPE, SIG_IGN);

	struct nf_error err = {0};
	enum nf_err e = program->early ? program->early(&run.ctx, &err) : NF_OK;
	if (e != NF_OK)
		return failed(e, &err);
	if (!follow_supervisor()) {
		nf_log(NF_LOG_FATAL, "program", "the supervisor that started this is gone");
		return NF_EXIT_FAILED;
	}
	return run_loop(&run);
}

void nf_program_exit(struct nf_program_ctx *ctx, int exit_status)
{
	ctx->exit_status = exit_status;
	stop(ctx->loop->data);
}
