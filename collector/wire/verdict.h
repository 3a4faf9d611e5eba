// SPDX-License-Identifier: GPL-3.0-or-later
/* verdict: how a wire is: whether silence on it would prove anything.
 * Shape:   counts of the minute that runs and of the one before.
 */
#pragma once

#include "checks/judge.h"

struct nf_wire_minute {
	uint64_t frames, drops, refused;
};

struct nf_wire_minutes {
	struct nf_wire_minute now, before;
	int64_t began_mono_us;
	int64_t heard_mono_us; /* the last frame of somebody else; 0: none yet */
	int64_t started_mono_us;
	uint32_t canaries_missed; /* in a row */
};

void nf_wire_minutes_add(struct nf_wire_minutes *minutes, int64_t mono_us, uint64_t frames,
	uint64_t drops, uint64_t refused);

struct nf_wire_view {
	const char *interface;
	bool there, up;
	const struct nf_wire_minutes *minutes;
};

/* The state, and one line for people. */
enum nf_state nf_wire_verdict(
	const struct nf_wire_view *view, int64_t mono_us, char *line, size_t size);
/* Tells the judge: the network's check "wire INTERFACE". */
void nf_wire_verdict_say(const struct nf_wire_view *view, const struct nf_network *network,
	struct nf_judge *judge, struct nf_now now);
