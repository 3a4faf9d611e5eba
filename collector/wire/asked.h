// SPDX-License-Identifier: GPL-3.0-or-later
/* asked: whom this machine itself asked through a router lately, whichever program did. That router looks for
 * them by ARP or ND, and nobody else calls them thereby.
 * Shape:   a capture of the heads of what this machine sends to the prefixes of listened-on networks, by any
 *          interface, and a table of the addresses; whom the interface reaches itself is not in it. Read before
 *          the frames of a wire it holds every question that one of them can answer to.
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
void nf_asked_add(struct nf_asked *asked, const struct nf_addr *to, int64_t mono_us);
struct nf_asked *nf_asked_new(void);
/* Whether a router may look for this address in our name. asked NULL: no. */
bool nf_asked_lately(const struct nf_asked *asked, const struct nf_addr *to, int64_t mono_us);
