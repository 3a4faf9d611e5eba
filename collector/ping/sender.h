// SPDX-License-Identifier: GPL-3.0-or-later
/* sender: the raw sockets echoes leave by; they never receive.
 * Shape:   one socket a family, not bound to anything: a packet's interface and source come from its
 *          route. Answers are kept off the sockets by a filter and read from the capture instead.
 * Errors:  IP_RECVERR makes a full queue visible (ENOBUFS); it also makes the kernel report ICMP errors
 *          for earlier packets at the next send. Those are told apart by clearing them and asking again,
 *          and ignored: anybody can forge them.
 * Rights:  nf_sender_open needs CAP_NET_RAW.
 */
#pragma once

#include "base/err.h"
#include "collector/ping/echo.h"
#include "collector/ping/route.h"

#include <stddef.h>

#define NF_SENDER_BATCH 64

struct nf_packet {
	struct nf_addr to;
	uint8_t bytes[NF_ECHO_BYTES];
};

struct nf_sender;

/* NF_EPERM without CAP_NET_RAW. A machine without IPv6 gets a sender without it. */
enum nf_err nf_sender_open(struct nf_sender **sender, struct nf_error *err);
void nf_sender_close(struct nf_sender *sender); /* takes; NULL is fine */

/* Hands packets to the kernel in order, never waits; at most NF_SENDER_BATCH. Returns how many it took;
 * *sys_errno says why not the next one, 0 when it took all. */
size_t nf_sender_send(struct nf_sender *sender, const struct nf_route *route,
	const struct nf_packet *packets, size_t len, int *sys_errno);
