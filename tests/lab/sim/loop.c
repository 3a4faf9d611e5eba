// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/loop.h"

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/lab/sim/control.h"
#include "tests/lab/sim/net.h"

static enum nf_err read_lines(
	struct nf_sim_fleet *fleet, const struct nf_sim_args *args, struct nf_error *err)
{
	enum nf_err code = NF_OK;

	if (args->config)
		code = nf_sim_fleet_add_file(fleet, args->config, err);
	for (size_t i = 0; i < args->lines_len && code == NF_OK; i++)
		code = nf_sim_fleet_add_line(fleet, args->lines[i], err);
	return code;
}

/* Bad lines are told and the rest of the file is missing then; the simulator goes on. */
static void reload(struct nf_sim_world *world, const struct nf_sim_args *args)
{
	struct nf_error err;

	world->reload = false;
	nf_sim_fleet_forget_lines(world->fleet);
	if (read_lines(world->fleet, args, &err) != NF_OK)
		fprintf(stderr, "nfsim: %s\n", err.text);
	nf_sim_fleet_refresh(world->fleet);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void take_signal(int fd, struct nf_sim_world *world)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGHUP)
		world->reload = true;
	else
		world->quit = true;
}

static int wait_ms(const struct nf_sim_net *net, const struct nf_sim_world *world)
{
	int64_t due = nf_sim_net_due(net);
	int64_t left;

	if (due == INT64_MAX)
		return -1;
	left = due - nf_sim_world_now(world);
	return left <= 0 ? 0 : left > 60000000 ? 60000 : (int)(left / 1000 + 1);
}

static void serve(struct nf_sim_world *world, struct nf_sim_net *net, int control_fd,
	int signal_fd, const struct nf_sim_args *args)
{
	struct pollfd fds[2 + NF_SIM_SOCKETS_MAX] = {
		{.fd = signal_fd,  .events = POLLIN},
		{.fd = control_fd, .events = POLLIN},
	};
	size_t len = nf_sim_net_poll(net, fds + 2);

	while (!world->quit) {
		if (poll(fds, 2 + len, wait_ms(net, world)) < 0)
			continue;
		nf_sim_net_serve(net, fds + 2, len, nf_sim_world_now(world));
		if (fds[0].revents != 0)
			take_signal(signal_fd, world);
		if (fds[1].revents != 0)
			nf_sim_control_accept(control_fd, world);
		if (world->reload)
			reload(world, args);
	}
}

enum nf_err nf_sim_loop(const struct nf_sim_args *args, struct nf_error *err)
{
	struct nf_sim_world world = {
		.fleet = nf_sim_fleet_new(), .started_us = nf_clock_now().mono_us};
	struct nf_sim_net *net = NULL;
	int control_fd = -1;
	int signal_fd = open_signals();
	enum nf_err code = read_lines(world.fleet, args, err);

	if (code == NF_OK)
		code = nf_sim_net_open(world.fleet, args->ports, args->ports_len, &net, err);
	if (code == NF_OK && args->control)
		code = nf_sim_control_listen(args->control, &control_fd, err);
	if (code == NF_OK) {
		printf("ready\n");
		fflush(stdout);
		serve(&world, net, control_fd, signal_fd, args);
	}
	if (control_fd >= 0) {
		unlink(args->control);
		close(control_fd);
	}
	close(signal_fd);
	nf_sim_net_close(net);
	nf_sim_fleet_free(world.fleet);
	return code;
}
