// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/aside.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/program.h"
#include "checks/cutover/passes.h"

#define WAIT_MOST_US (60 * NF_US_PER_S)
#define STEADY_US    (600 * NF_US_PER_S) /* one that ran so long begins anew with a second */

struct nf_aside {
	uv_loop_t *loop;
	const char *config_file;
	bool debug, running, closing;
	bool gone;    /* its end was told */
	bool dropped; /* by us, because nothing is left to compute */
	uv_process_t process;
	int64_t started_mono_us, next_mono_us, wait_us;
};

struct nf_aside *nf_aside_new(uv_loop_t *loop, const char *config_file, bool debug)
{
	struct nf_aside *a = nf_xcalloc(1, sizeof *a);

	a->loop = loop;
	a->config_file = config_file;
	a->debug = debug;
	return a;
}

static void closed(uv_handle_t *handle)
{
	struct nf_aside *a = handle->data;

	a->running = false;
	if (a->closing)
		free(a);
}

static void wait_longer(struct nf_aside *a, int64_t mono_us)
{
	bool is_steady = mono_us - a->started_mono_us >= STEADY_US;

	a->wait_us = is_steady || a->wait_us == 0 ? NF_US_PER_S : 2 * a->wait_us;
	if (a->wait_us > WAIT_MOST_US)
		a->wait_us = WAIT_MOST_US;
	a->next_mono_us = mono_us + a->wait_us;
}

static void exited(uv_process_t *process, int64_t status, int signal_number)
{
	struct nf_aside *a = process->data;

	a->gone = true;
	wait_longer(a, nf_clock_now().mono_us);
	if (!a->closing && !a->dropped)
		nf_log(NF_LOG_WARN, "cutover",
			"the process that computes stages ended status=%lld signal=%d: started "
			"again in %lld s",
			(long long)status, signal_number,
			(long long)(a->wait_us / NF_US_PER_S));
	uv_close((uv_handle_t *)process, closed);
}

static void spawn(struct nf_aside *a, struct nf_now now)
{
	char self[] = "/proc/self/exe", name[] = "netfold-verify", role[] = NF_PASSES_ARG;
	char option[] = "-c", debug[] = "-d", *file = nf_xstrdup(a->config_file);
	char *argv[] = {name, role, option, file, a->debug ? debug : NULL, NULL};
	char **env = nf_program_env();
	uv_stdio_container_t io[] = {
		{.flags = UV_IGNORE},
		{		      .flags = UV_IGNORE		   },
		{ .flags = UV_INHERIT_FD,			 .data.fd = STDERR_FILENO},
	};
	const uv_process_options_t options = {
		.file = self,
		.args = argv,
		.env = env,
		.exit_cb = exited,
		.stdio = io,
		.stdio_count = sizeof io / sizeof *io,
	};

	a->running = true;
	a->gone = a->dropped = false;
	a->started_mono_us = now.mono_us;
	a->process.data = a;
	int rc = uv_spawn(a->loop, &a->process, &options);
	if (rc != 0) {
		nf_log_limited("spawn", NF_LOG_ERROR, "cutover", "cannot start a process: %s",
			uv_strerror(rc));
		a->gone = true;
		wait_longer(a, now.mono_us);
		uv_close((uv_handle_t *)&a->process, closed);
	}
	nf_program_env_free(env);
	free(file);
}

static void kill_it(struct nf_aside *a, int signal_number)
{
	if (a->running && !a->gone)
		uv_process_kill(&a->process, signal_number);
}

void nf_aside_tick(struct nf_aside *a, const struct nf_site *site, struct nf_now now)
{
	bool wanted = nf_recompute_is_needed(site);

	if (a->running && !wanted) {
		a->dropped = true;
		kill_it(a, SIGKILL);
	} else if (!a->running && wanted && now.mono_us >= a->next_mono_us) {
		spawn(a, now);
	}
}

void nf_aside_reload(struct nf_aside *a)
{
	kill_it(a, SIGHUP);
}

void nf_aside_close(struct nf_aside *a)
{
	if (!a)
		return;
	a->closing = true;
	if (a->running)
		kill_it(a, SIGKILL);
	else
		free(a);
}
