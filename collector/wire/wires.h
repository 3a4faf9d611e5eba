// SPDX-License-Identifier: GPL-3.0-or-later
/* wires: every interface of a site that is listened on: captures, what they saw, canaries, and how they are.
 * Shape:   a wire listens, or its interface is gone; a gone one that is back needs CAP_NET_RAW again, which this
 *          process has given up: nf_wires_wants_restart says so. Only time in which the interface was up, had a
 *          carrier and was read counts as covered; a program that stood still covered nothing.
 * Times:   a wall clock that jumps forward is not believed for 15 minutes (store/clock_guard.h); till then the
 *          old one goes on.
 * Verdict: the check "wire INTERFACE" of the network, a finding.
 * Rights:  nf_wires_open needs CAP_NET_RAW; the rest needs none.
 */
#pragma once

#include "checks/judge.h"
#include "collector/wire/writer.h"
#include "conf/site.h"

#include <uv.h>

struct nf_wires;

/* Opens what is there; NF_EPERM, NF_EINVAL end the program, an interface that is missing does not. */
enum nf_err nf_wires_open(
	const struct nf_site *site, struct nf_wires **wires, struct nf_error *err);
/* Starts reading. table and writer are borrowed; writer->wires is set here. */
void nf_wires_start(struct nf_wires *wires, uv_loop_t *loop, struct nf_seen_table *table,
	struct nf_writer *writer);
/* Another site with the same wires; false: they are others, nothing was changed. */
bool nf_wires_reload(struct nf_wires *wires, const struct nf_site *site);
void nf_wires_stop(struct nf_wires *wires); /* closes its handles; NULL is fine */
void nf_wires_free(struct nf_wires *wires); /* after the loop; NULL is fine */

/* Once a second: looks after interfaces, canaries and coverage. */
void nf_wires_tick(struct nf_wires *wires, struct nf_now now);
void nf_wires_judge(struct nf_wires *wires, struct nf_judge *judge, struct nf_now now);
/* The time that sightings are dated with. */
int64_t nf_wires_wall_us(struct nf_wires *wires, struct nf_now now);
/* An interface is back and cannot be opened without the right. */
bool nf_wires_wants_restart(const struct nf_wires *wires);

struct nf_wires_stats {
	size_t wires, listening;
	uint64_t frames, own, link, bad, drops, refused; /* frames: of others */
	uint64_t canaries_sent, canaries_seen;
};
struct nf_wires_stats nf_wires_stats(const struct nf_wires *wires);
