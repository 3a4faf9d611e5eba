// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static void spawn(struct nf_child *child);

int64_t nf_child_delay(int64_t last_delay_us, int64_t lived_us)
{
	if (last_delay_us == 0 || lived_us >= NF_CHILD_SETTLED_US)
		return NF_CHILD_DELAY_FIRST_US;
	int64_t next = last_delay_us * 2;
	return next > NF_CHILD_DELAY_MAX_US ? NF_CHILD_DELAY_MAX_US : next;
}

static void finish(struct nf_child *child)
{
	if (child->timer_open) {
		child->timer_open = false;
		uv_close((uv_handle_t *)&child->timer, NULL);
	}
	if (child->done)
		return;
	child->done = true;
	if (child->ended != NULL)
		child->ended(child);
}

static void on_timer(uv_timer_t *timer)
{
	struct nf_child *child = timer->data;
	if (!child->stopping)
		spawn(child);
}

static void start_again(struct nf_child *child)
{
	int64_t lived = nf_clock_now().mono_us - child->started_mono_us;
	child->delay_us = nf_child_delay(child->delay_us, lived);
	nf_log(NF_LOG_WARN, "run", "%s starts again in %lld s", child->program->name,
		(long long)(child->delay_us / NF_US_PER_S));
	uv_timer_start(&child->timer, on_timer, (uint64_t)(child->delay_us / 1000), 0);
}

static void on_closed(uv_handle_t *handle)
{
	struct nf_child *child = handle->data;
	child->running = false;
	if (child->once || child->stopping)
		finish(child);
	else
		start_again(child);
}

static void say_end(const struct nf_child *child, int64_t status, int signum)
{
	enum nf_log_level level = child->stopping || (child->once && status <= 1 && signum == 0)
					  ? NF_LOG_DEBUG
					  : NF_LOG_ERROR;
	if (signum != 0)
		nf_log(level, "run", "%s was ended by signal %d (%s)", child->program->name,
			signum, strsignal(signum));
	else
		nf_log(level, "run", "%s ended with exit status %lld", child->program->name,
			(long long)status);
}

static void on_exit_status(uv_process_t *process, int64_t status, int signum)
{
	struct nf_child *child = process->data;
	child->exit_status = signum != 0 ? 128 + signum : (int)status;
	say_end(child, status, signum);
	uv_close((uv_handle_t *)process, on_closed);
}

static void spawn(struct nf_child *child)
{
	uv_stdio_container_t stdio[3] = {
		{.flags = UV_IGNORE	   },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO},
		{ .flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
	};
	child->args[0] = child->path;
	uv_process_options_t options = {
		.file = child->path,
		.args = (char **)(uintptr_t)child->args, /* libuv does not write to them */
		.env = child->env,
		.exit_cb = on_exit_status,
		.stdio = stdio,
		.stdio_count = 3,
	};
	child->started_mono_us = nf_clock_now().mono_us;
	child->running = true;
	int failure = uv_spawn(child->timer.loop, &child->process, &options);
	child->process.data = child;
	if (failure == 0) {
		nf_log(NF_LOG_INFO, "run", "%s started pid=%d", child->program->name,
			uv_process_get_pid(&child->process));
		return;
	}
	nf_log(NF_LOG_ERROR, "run", "%s cannot be started: %s", child->path,
		uv_strerror(failure));
	child->exit_status = 3;
	uv_close((uv_handle_t *)&child->process, on_closed);
}

void nf_child_start(struct nf_child *child, uv_loop_t *loop)
{
	uv_timer_init(loop, &child->timer);
	child->timer.data = child;
	child->timer_open = true;
	spawn(child);
}

void nf_child_signal(struct nf_child *child, int signum)
{
	if (child->running && uv_is_active((uv_handle_t *)&child->process))
		uv_process_kill(&child->process, signum);
}

void nf_child_stop(struct nf_child *child)
{
	child->stopping = true;
	if (child->running)
		nf_child_signal(child, SIGTERM);
	else
		finish(child);
}
