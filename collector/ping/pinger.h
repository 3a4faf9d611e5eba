// SPDX-License-Identifier: GPL-3.0-or-later
/* pinger: ICMP and ICMPv6 echo to many addresses in several networks, RTT by the kernel's clock.
 * Shape:   one raw socket a family, one capture on "any". Each echo names its way out itself (IP_PKTINFO:
 *          the interface's index, the source address), so nothing is ever opened again: not for a new
 *          network, not for an interface that vanished and came back. Sends go out grouped by tick
 *          (NF_PINGER_TICK_US); answers are read from the capture at the same tick.
 *          Both times of an RTT are the kernel's, from the captured request and the captured answer.
 * Rights:  nf_pinger_open needs CAP_NET_RAW; nothing afterwards needs any.
 * Pacing:  per network, by its max_packets_per_second; asks wait in line, in the order they fell due.
 * Trust:   an answer counts when it comes from the address asked, in time, and carries the token
 *          (collector/ping/echo.h). Everything else is only counted (struct nf_pinger_stats).
 * Memory:  borrows loop and networks; the networks are copied, a site may be freed after start.
 * Usage:   nf_pinger_open(&p, &err); nf_rights_drop(…); nf_pinger_start(p, loop, networks, len);
 *          nf_pinger_burst(p, &ask, done, arg) …; nf_pinger_close(p); uv_run until closed.
 */
#pragma once

#include "base/err.h"
#include "collector/ping/burst.h"
#include "conf/site.h"

#include <uv.h>

#define NF_PINGER_TICK_US INT64_C(20000)

struct nf_pinger;

/* NF_EPERM without CAP_NET_RAW. IPv6 may be missing on the machine: its echoes then are NO_ROUTE. */
enum nf_err nf_pinger_open(struct nf_pinger **pinger, struct nf_error *err);
/* Puts its timer on the loop; it runs only while bursts are under way. */
enum nf_err nf_pinger_start(struct nf_pinger *pinger, uv_loop_t *loop,
	const struct nf_network *networks, size_t len);
/* Other networks from now on. Known by id; bursts under way in a network that went go on. */
void nf_pinger_networks(
	struct nf_pinger *pinger, const struct nf_network *networks, size_t len);
/* Takes. Calls no callback any more; frees itself in the loop when its handle is closed (at once when
 * it was never started). NULL is fine. */
void nf_pinger_close(struct nf_pinger *pinger);

struct nf_ping_ask {
	size_t network; /* index in the networks given last */
	struct nf_addr address;
	uint32_t echoes;    /* 1 … NF_BURST_MAX; more are cut */
	int64_t spacing_us; /* between the echoes */
	int64_t timeout_us; /* an answer later than this after its echo is late */
};

/* burst is borrowed for the call. May ask for further bursts. */
typedef void nf_burst_fn(const struct nf_burst *burst, void *arg);

/* Always answers, once, from the loop and never from inside this call: after the last answer, or when
 * the last echo's time is up, or when the echoes could not be sent. */
void nf_pinger_burst(
	struct nf_pinger *pinger, const struct nf_ping_ask *ask, nf_burst_fn *fn, void *arg);

struct nf_pinger_stats {
	uint64_t sent, received;
	uint64_t late;	 /* right token, after its time */
	uint64_t forged; /* our identifier, wrong token or wrong address */
	uint64_t mangled, duplicates;
	uint64_t bad;	     /* frames the decoder refused */
	uint64_t drops;	     /* packets the capture lost */
	uint64_t overloaded; /* times a send queue was full */
	uint64_t stalls;     /* times the loop (or the machine) stood still for over a second */
	uint64_t
		unstamped; /* RTTs bounded by the monotonic clock, because the wall clock stepped */
	size_t under_way; /* bursts */
	size_t waiting;	  /* of them: echoes due that wait for the pacing */
	int64_t lag_us;	  /* how long the last echo sent had waited past its time */
	bool blind; /* the capture is broken for good: end the program and start it again */
};
struct nf_pinger_stats nf_pinger_stats(const struct nf_pinger *pinger);

/* Whether the network's interface is there; true where the network names none. */
bool nf_pinger_has_interface(const struct nf_pinger *pinger, size_t network);
