// SPDX-License-Identifier: GPL-3.0-or-later
/* flight: the bursts under way, and which of them an answer belongs to.
 * Shape:   a table of slots; a burst has one for its time, the slot's `round` rises when it ends. A token
 *          names slot and round, so an answer to an earlier burst is known to be late.
 * Units:   wall nanoseconds of the kernel, microseconds of our own clocks.
 * Memory:  bursts are given by begin and taken by end.
 */
#pragma once

#include "base/clock.h"
#include "collector/ping/due.h"
#include "collector/ping/echo.h"
#include "collector/ping/frame.h"
#include "collector/ping/pinger.h"
#include "collector/ping/route.h"

/* An answer may lie this long in the capture before we read it. */
#define NF_FLIGHT_GRACE_US (3 * NF_PINGER_TICK_US)

struct nf_echo_times {
	struct nf_now asked; /* before the send */
	struct nf_now read;  /* when the answer was read */
	int64_t tx_wall_ns;  /* the request, captured; 0: not seen */
	int64_t rx_wall_ns;  /* the first answer, captured; 0: none */
	uint64_t troubles;   /* of machine and network when it was sent */
};

struct nf_flying {
	struct nf_due due;	/* first member: the heap hands it back */
	struct nf_flying *next; /* in its route's line */
	struct nf_route *route;
	struct nf_addr to;
	nf_burst_fn *fn;
	void *arg;
	int64_t spacing_us, timeout_us;
	int64_t wanted_mono_us; /* when its next echo fell due */
	int64_t refused_mono_us; /* since when that echo was refused by a full queue; 0: was not */
	uint32_t slot, round;
	uint32_t echoes, sent, answered;
	bool over; /* nothing more will be sent */
	struct nf_burst result;
	struct nf_echo_times times[];
};

struct nf_flight_slot {
	struct nf_flying *flying; /* NULL: free */
	uint32_t round;
	uint32_t next_free;
};

struct nf_flight {
	struct nf_echo_key key;
	uint16_t id;
	struct nf_flight_slot *slots;
	size_t len, cap;
	uint32_t first_free, last_free; /* UINT32_MAX: none */
	size_t under_way;
	struct nf_pinger_stats stats; /* what answers do to them */
};

void nf_flight_init(struct nf_flight *flight, uint16_t id);
void nf_flight_destroy(struct nf_flight *flight); /* frees every burst, calls nobody */

struct nf_flying *nf_flight_begin(
	struct nf_flight *flight, const struct nf_ping_ask *ask, struct nf_route *route);
void nf_flight_end(struct nf_flight *flight, struct nf_flying *flying); /* takes */

/* The next echo of a burst, as bytes. */
void nf_flight_write(const struct nf_flight *flight, const struct nf_flying *flying,
	uint8_t out[NF_ECHO_BYTES]);

/* A captured echo. Returns the burst when this was its last missing answer, else NULL. */
struct nf_flying *nf_flight_see(struct nf_flight *flight, const struct nf_frame *frame,
	int64_t wall_ns, struct nf_now now);

/* Fills flying->result. troubles: of machine and network now; an echo that went unanswered while they
 * rose is unsure, not lost. */
void nf_flight_sum_up(
	struct nf_flight *flight, struct nf_flying *flying, uint64_t troubles, int64_t mono_us);
