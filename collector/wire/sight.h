// SPDX-License-Identifier: GPL-3.0-or-later
/* sight: from one frame to notes: who sent it, who it says it is, and whom it calls.
 * Shape:   pure. A frame gives its sender's MAC, bound to an address where the frame shows that the sender
 *          itself has it: an ARP or ND sender that is the frame's source, a DHCP answer, or an IP packet of
 *          the network's prefixes whose hop count no router has lowered. What a message claims for another
 *          MAC than the frame's is said in the detail, or not taken. A DHCP server serves other networks, too:
 *          a client that is not the sender is noted where relay and address, if there are any, are of the prefixes;
 *          one of DHCPv6 is whoever has that end of the link.
 * Calls:   TCP connections asked for, UDP to a service (where the ports do not tell: of whoever was heard to ask
 *          first, talk.h), echo requests and other protocols to an address that
 *          a device of the inventory has (its first leg) in this network; every address asked for by ARP or
 *          ND in its prefixes; DNS answers that hand out an old address. Later fragments say nothing new. Where
 *          this machine asked for an address of this network through a router just before, whoever then looks for
 *          it by ARP or ND may be that router, on our behalf: no call, unless it is a device of the inventory and
 *          no router.
 * Errors:  NF_EFORMAT the payload is malformed: only the sender is noted, if at all. NF_ENOENT our own frame:
 *          nothing is noted. NF_EEXIST a canary: *token.
 * Privacy: headers and names; no payload is kept.
 */
#pragma once

#include "collector/wire/asked.h"
#include "collector/wire/canary.h"
#include "collector/wire/note.h"
#include "collector/wire/own.h"
#include "collector/wire/talk.h"
#include "conf/site.h"

struct nf_sight {
	const struct nf_site *site;
	const struct nf_network *network;
	const struct nf_own *own;
	const struct nf_asked *asked; /* NULL: nobody */
	struct nf_talks *talks;	      /* NULL: whoever talks by UDP asks */
	int64_t mono_us;	      /* when the frame was read */
};

/* captured of a frame of len bytes. key.day and key.wire of the notes are 0. */
enum nf_err nf_sight_frame(const struct nf_sight *sight, const uint8_t *bytes, size_t captured,
	size_t len, nf_note_fn *fn, void *arg, struct nf_canary_token *token);
