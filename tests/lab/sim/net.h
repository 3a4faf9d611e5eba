// SPDX-License-Identifier: GPL-3.0-or-later
/* net: the simulator's sockets: one a port and family, on every address of the machine at once; a reply
 * leaves from the address that was asked. What is local is the machine's affair: 127.0.0.0/8 always is,
 * more becomes so with `ip route add local 10.0.0.0/8 dev lo`.
 * Errors:  NF_ESYS, NF_EPERM with the port.
 */
#pragma once

#include <poll.h>

#include "tests/lab/sim/fleet.h"

#define NF_SIM_PORTS_MAX   16
#define NF_SIM_SOCKETS_MAX (2 * NF_SIM_PORTS_MAX)

struct nf_sim_net;

/* Borrows the fleet. IPv6 is left out where the machine has none. */
enum nf_err nf_sim_net_open(struct nf_sim_fleet *fleet, const uint16_t *ports, size_t ports_len,
	struct nf_sim_net **out, struct nf_error *err);
void nf_sim_net_close(struct nf_sim_net *net); /* takes; NULL is fine */

/* What to wait for; returns how many. */
size_t nf_sim_net_poll(const struct nf_sim_net *net, struct pollfd fds[NF_SIM_SOCKETS_MAX]);
/* Answers everything that waits in those sockets, and sends what is due. */
void nf_sim_net_serve(
	struct nf_sim_net *net, const struct pollfd *fds, size_t fds_len, int64_t now_us);
/* When it wants to be called without a request; INT64_MAX: never. */
int64_t nf_sim_net_due(const struct nf_sim_net *net);
