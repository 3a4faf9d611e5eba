// SPDX-License-Identifier: GPL-3.0-or-later
/* control: a unix socket through which a test tells the running simulator what to do.
 * Shape:   one line a connection, commands separated by ';', answered by what they print or by
 *          "error: …"; all commands of a line happen between two requests.
 *              set ADDRESSES OPTION…     options as in a line of configuration; later ones count
 *              clear ADDRESSES           takes back what was set
 *              reboot ADDRESSES          sysUpTime and counters start from 0
 *              reset ADDRESSES           the counters alone start from 0
 *              advance DURATION          the simulator's clock jumps ahead
 *              stats ADDRESSES           requests, replies, values and what was ignored
 *              cpu                       microseconds of processor time used so far
 *              reload                    reads the configuration again (as SIGHUP does)
 *              quit
 */
#pragma once

#include "base/strbuf.h"
#include "tests/lab/sim/fleet.h"

/* What commands can do; the loop owns it. */
struct nf_sim_world {
	struct nf_sim_fleet *fleet;
	int64_t started_us;  /* monotonic */
	int64_t advanced_us; /* by hand */
	bool reload;	     /* asked for */
	bool quit;
};

/* The simulator's time. */
int64_t nf_sim_world_now(const struct nf_sim_world *world);

/* Runs one line; what to answer is appended to out. */
void nf_sim_control_run(struct nf_sim_world *world, const char *line, struct nf_strbuf *out);

/* Listens at path (an old socket there is replaced). Gives the descriptor. */
enum nf_err nf_sim_control_listen(const char *path, int *fd, struct nf_error *err);
/* Serves one connection that waits at fd. */
void nf_sim_control_accept(int fd, struct nf_sim_world *world);

/* The other end: sends the line, appends the answer. */
enum nf_err nf_sim_control_tell(
	const char *path, const char *line, struct nf_strbuf *out, struct nf_error *err);
