// SPDX-License-Identifier: GPL-3.0-or-later
/* asked: whom this machine itself asked through a router lately, whichever program did. That router looks for
 * them by ARP or ND, and nobody else calls them thereby.
 * Shape:   a capture of the heads of what this machine sends to the prefixes of listened-on networks, by any
 *          interface, and a table of the addresses; whom the interface reaches itself was asked through no router.
 *          Read before the frames of a wire it holds every question that one of them can answer to. A question that
 *          left by another network's way out is none in this one, which may have the same addresses.
 * Copies:  what a bridge, a VLAN or a bond sends is seen again at the interface below. That is no second question.
 * Limit:   where we ask again before four seconds have passed, all of a router's looking for that address is taken for
 *          ours. It cannot be counted apart: who calls meanwhile waits for the same answer, and a router asks no
 *          oftener for two than for one.
 * Units:   monotonic microseconds.
 * Errors:  as collector/wire/tap.h. Without a capture nobody was asked.
 * Rights:  nf_asked_open needs CAP_NET_RAW; the rest needs none.
 */
#pragma once

#include "conf/site.h"

struct nf_asked;

enum nf_err nf_asked_open(
	const struct nf_site *site, struct nf_asked **asked, struct nf_error *err);
void nf_asked_close(struct nf_asked *asked); /* takes; NULL is fine */
/* Other prefixes. */
void nf_asked_reload(struct nf_asked *asked, const struct nf_site *site);
/* Which addresses the interfaces reach themselves. Here and below asked may be NULL. */
void nf_asked_look_around(struct nf_asked *asked);
/* Takes in what was sent until now. */
void nf_asked_read(struct nf_asked *asked, int64_t mono_us);

/* The table alone. */
struct nf_asked *nf_asked_new(void);
/* An address of ours, on this interface, with that many bits of its network. */
void nf_asked_link(struct nf_asked *asked, unsigned interface, const char *name,
	const struct nf_addr *own, uint8_t bits);
void nf_asked_sent(struct nf_asked *asked, unsigned interface, const struct nf_addr *from,
	const struct nf_addr *to, int64_t mono_us);
/* Whether a router of this network may look for this address in our name. asked NULL: no. */
bool nf_asked_lately(const struct nf_asked *asked, const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *to, int64_t mono_us);
