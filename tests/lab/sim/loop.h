// SPDX-License-Identifier: GPL-3.0-or-later
/* loop: runs the simulator until it is told to end: sockets, control socket, signals.
 * Signals: SIGHUP reads the configuration again, SIGTERM and SIGINT end.
 */
#pragma once

#include "base/err.h"
#include "tests/lab/sim/args.h"

/* Prints "ready" on stdout once it answers. */
enum nf_err nf_sim_loop(const struct nf_sim_args *args, struct nf_error *err);
