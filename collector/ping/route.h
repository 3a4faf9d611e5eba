// SPDX-License-Identifier: GPL-3.0-or-later
/* route: a network's way out: its interface as it is now, its source addresses, its pace.
 * Shape:   `control4` and `control6` are ready-made control messages (IP_PKTINFO, IPV6_PKTINFO): they
 *          choose interface and source for one packet and, unlike SO_BINDTODEVICE on a bound socket, may
 *          be changed without CAP_NET_RAW when the interface came back under a new index.
 * Source:  ip(7), RFC 3542 section 6.
 */
#pragma once

#include "base/pace.h"
#include "conf/site.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct nf_flying;

struct nf_route {
	uint16_t number;      /* never used again for another network */
	char *id, *interface; /* interface NULL: the kernel chooses */
	struct nf_addr source4, source6;
	unsigned ifindex; /* 0: none named, or not there */
	struct nf_pace pace;
	uint64_t troubles;		 /* times our own queue was full */
	struct nf_flying *first, **last; /* bursts whose next echo is due */
	size_t waiting;
	int64_t paused_until_mono_us; /* the send queue was full */
	int64_t stuck_since_mono_us;  /* since then it has always been; 0: it is not */
	_Alignas(size_t) uint8_t control4[CMSG_SPACE(sizeof(struct in_pktinfo))];
	_Alignas(size_t) uint8_t control6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct nf_route *nf_route_new(
	uint16_t number, const struct nf_network *network, int64_t mono_us);
void nf_route_free(struct nf_route *route);
/* Takes over what the network says now; keeps line and pace's tokens. */
void nf_route_set(struct nf_route *route, const struct nf_network *network, int64_t mono_us);
/* Looks its interface up again. True when it came or went. */
bool nf_route_refresh(struct nf_route *route);
bool nf_route_open(const struct nf_route *route); /* its interface is there, or it names none */

void nf_route_push(struct nf_route *route, struct nf_flying *flying);
void nf_route_push_front(struct nf_route *route, struct nf_flying *flying);
struct nf_flying *nf_route_pop(struct nf_route *route); /* NULL: nobody waits */
