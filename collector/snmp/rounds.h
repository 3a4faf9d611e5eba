// SPDX-License-Identifier: GPL-3.0-or-later
/* rounds: who is polled when: every device with SNMP once a polling.snmp at a phase of its own, the slow
 *         tables every polling.topology, what a judge doubts again after polling.confirm_every.
 * Shape:   one seat a device. Phases come from a hash of its name, so that neighbours in the inventory
 *          are not asked together and a restart changes nothing. At most NF_ROUNDS_MAX polls are under way:
 *          the others wait in the order they fell due.
 * Legs:    a device is asked at its first leg; when that does not answer, at its second from then on.
 * Checks:  "snmp engine" is said here (two devices with one engineID); all others are poll.h's.
 * Units:   microseconds.  Role: netfold-snmp, main thread, one libuv loop.
 * Memory:  borrows its parts; owns the asker, its agents and what is kept of each device.
 */
#pragma once

#include "collector/snmp/poll.h"

#define NF_ROUNDS_MAX 256 /* polls under way at once: each holds the answers of a device */

struct nf_rounds;

struct nf_rounds_parts {
	struct nf_poller *poller;
	struct nf_judge *judge;
	struct nf_store *store; /* of engines met */
	bool once;		/* one full pass, then done(arg) */
	void (*done)(void *arg);
	void *arg;
};

/* Begins. NULL, err: the machine has no random numbers. */
struct nf_rounds *nf_rounds_new(uv_loop_t *loop, const struct nf_rounds_parts *parts,
	const struct nf_site *site, struct nf_error *err);

/* No new poll begins; ready(arg) is called, from the loop, when the last one has ended, or after
 * `patience_us` when some have not. */
void nf_rounds_pause(
	struct nf_rounds *rounds, int64_t patience_us, void (*ready)(void *arg), void *arg);
/* While paused: on with another site. Devices keep what is known of them by name. Polls that did not end
 * are ended here, without an answer of their devices. released(arg), from the loop: the old site is not
 * used any more. */
void nf_rounds_resume(struct nf_rounds *rounds, const struct nf_site *site,
	void (*released)(void *arg), void *arg);

/* As the end of a pause, for good: ends what is under way; closed(arg), from the loop. Takes. */
void nf_rounds_close(struct nf_rounds *rounds, void (*closed)(void *arg), void *arg);

struct nf_rounds_stats {
	size_t devices, under_way, waiting, confirming;
	uint64_t polls, skipped; /* skipped: still under way when due again */
	int64_t lag_us;		 /* the latest start since the last call, behind its time */
	int64_t cycle_us;	 /* how long the last full cycle took */
	int64_t cycle_wall_us;	 /* when it ended; 0: none yet */
	struct nf_asker_stats asker;
};
struct nf_rounds_stats nf_rounds_stats(struct nf_rounds *rounds);
