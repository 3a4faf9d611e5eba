// SPDX-License-Identifier: GPL-3.0-or-later
/* burst: what came of a few echoes to one address.
 * Shape:   pure. sent + unsent is what was asked for; received + lost + unsure = sent.
 * Units:   microseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_BURST_MAX 20 /* echoes */

/* Why an echo did not leave. */
enum nf_burst_trouble {
	NF_BURST_FINE,
	NF_BURST_NO_INTERFACE, /* the network's interface is not there */
	NF_BURST_NO_ROUTE,     /* it is down, or no route, or its source address is not ours */
	NF_BURST_REFUSED,      /* the kernel refused (a packet filter): sys_errno */
	NF_BURST_OVERLOADED,   /* the send queue stayed full */
};

struct nf_burst {
	uint32_t
		sent; /* handed to the network; what a full send queue refused is not counted */
	uint32_t
		received; /* answered in time, each by its own token and from the address asked */
	uint32_t lost;	  /* not answered, and we would have seen it */
	uint32_t unsure; /* not answered, but this machine dropped packets or slept meanwhile */
	uint32_t unsent;
	uint32_t duplicates; /* further answers */
	uint32_t
		mangled; /* answers that came back without their token: not counted as received */
	enum nf_burst_trouble trouble;	      /* of the last echo that was not sent */
	int sys_errno;			      /* with trouble; 0 where none applies */
	int64_t began_mono_us, ended_mono_us; /* first echo sent (or asked for), burst over */
	uint32_t rtt_us[NF_BURST_MAX]; /* of those received, rising; 0 stands for under 1 us */
};

/* Minimum, quartiles, maximum of a burst. */
struct nf_rtt {
	double min_us, q1_us, median_us, q3_us, max_us;
};

/* False when nothing was received; *rtt stays untouched. Quartiles are interpolated linearly between
 * neighbours (R's type 7), so that one answer gives five times itself. */
bool nf_burst_rtt(const struct nf_burst *burst, struct nf_rtt *rtt);
/* Sorts rtt_us[0 … received-1]. */
void nf_burst_sort(struct nf_burst *burst);
/* For people: "interface vlan20 is not there"; interface may be NULL. */
const char *nf_burst_trouble_text(
	const struct nf_burst *burst, const char *interface, char *buf, size_t size);
