// SPDX-License-Identifier: GPL-3.0-or-later
/* talk: who began, of two that talk by UDP at ports that do not tell who asks: NTP, NetBIOS, SIP, RADIUS, NFS.
 * Shape:   a bounded table. Whoever is heard first asks, and goes on asking for half a minute after each of its own
 *          packets; what the other one sends in that time answers. It prolongs nothing: who goes on calling somebody
 *          that left is no answer to what that one asked once. A question to all (broadcast, multicast) is answered
 *          by anybody who sends from the port it went to.
 * Limit:   8,192 talks at once; of more the oldest is forgotten, and its next packet begins anew.
 * Units:   monotonic microseconds.
 */
#pragma once

#include "base/addr.h"

#include <stdbool.h>

struct nf_talks;

struct nf_talks *nf_talks_new(void);
void nf_talks_free(struct nf_talks *talks); /* takes; NULL is fine */

struct nf_talk {
	const struct nf_addr *from, *to;
	uint16_t from_port, to_port;
	uint32_t network; /* its index: networks have the same addresses */
	bool to_all;
};

/* Takes in a packet. Whether it answers; talks NULL: it asks. */
bool nf_talks_answer(struct nf_talks *talks, const struct nf_talk *packet, int64_t mono_us);
