// SPDX-License-Identifier: GPL-3.0-or-later
/* fleet: all simulated agents: which address is which device, and what they were told since.
 * Shape:   a line of configuration is "ADDRESSES DEVICE [option…]". ADDRESSES is one address, a prefix
 *          (10.1.0.0/24), or a first address and how many (10.1.0.1+2000). DEVICE is recording:PATH,
 *          synthetic:switch, synthetic:ups or synthetic:printer. Each address is an agent of its own, made
 *          when it is first asked; of several lines for one address the last counts. Text behind # is
 *          comment.
 * Units:   microseconds of the simulator's time.
 * Errors:  NF_EINVAL with the line's fault; a file's with its line number.
 */
#pragma once

#include "base/strbuf.h"
#include "tests/lab/sim/agent.h"

struct nf_sim_fleet;

struct nf_sim_fleet *nf_sim_fleet_new(void);
void nf_sim_fleet_free(struct nf_sim_fleet *fleet); /* takes; NULL is fine */

enum nf_err nf_sim_fleet_add_line(
	struct nf_sim_fleet *fleet, const char *line, struct nf_error *err);
enum nf_err nf_sim_fleet_add_file(
	struct nf_sim_fleet *fleet, const char *path, struct nf_error *err);
/* Forgets all lines; agents keep their uptime and counters and are judged by the lines added next. */
void nf_sim_fleet_forget_lines(struct nf_sim_fleet *fleet);
/* After lines were added anew. */
void nf_sim_fleet_refresh(struct nf_sim_fleet *fleet);

/* The agent at an address; NULL: no line has it. */
struct nf_sim_agent *nf_sim_fleet_agent(
	struct nf_sim_fleet *fleet, const struct nf_addr *addr, uint16_t port, int64_t now_us);
void nf_sim_agent_reboot(struct nf_sim_agent *agent, int64_t now_us);

/* Commands on ADDRESSES, for the control socket. */
enum nf_err nf_sim_fleet_set(struct nf_sim_fleet *fleet, const char *addresses,
	const char *word, struct nf_error *err);
/* Takes back everything set since the start. */
enum nf_err nf_sim_fleet_clear(
	struct nf_sim_fleet *fleet, const char *addresses, struct nf_error *err);
/* with_uptime: a reboot; without: the counters alone start again. */
enum nf_err nf_sim_fleet_reset(struct nf_sim_fleet *fleet, const char *addresses,
	bool with_uptime, int64_t now_us, struct nf_error *err);
/* "agents=1 requests=… replies=… values=… ignored=… sets=…" */
enum nf_err nf_sim_fleet_stats(struct nf_sim_fleet *fleet, const char *addresses,
	struct nf_strbuf *out, struct nf_error *err);
