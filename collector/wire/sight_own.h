// SPDX-License-Identifier: GPL-3.0-or-later
/* sight_own: what the files of sight share: the frame at hand and how notes leave. Inside only. */
#pragma once

#include "base/strbuf.h"
#include "collector/wire/bytes.h"
#include "collector/wire/ip.h"
#include "collector/wire/sight.h"

/* What a detail, a name may have, in bytes. */
enum { NF_SIGHT_DETAIL_MAX = 200, NF_SIGHT_TEXT_MAX = 255 };

struct nf_look {
	const struct nf_sight *sight;
	const struct nf_ether *ether;
	bool cut;  /* the capture has not all of the frame */
	bool seen; /* the frame's sender was noted */
	nf_note_fn *fn;
	void *arg;
};

/* A note of this frame's VLAN; source and what. */
struct nf_note nf_look_note(
	const struct nf_look *look, enum nf_note_what what, enum nf_note_source source);
void nf_look_emit(struct nf_look *look, const struct nf_note *note);
bool nf_look_in_prefix(const struct nf_look *look, const struct nf_addr *addr);
bool nf_look_is_sender(const struct nf_look *look, const struct nf_mac *mac);
/* The first leg of a device of the inventory. */
bool nf_look_is_old(const struct nf_look *look, const struct nf_addr *addr);
/* This machine's, in this network. */
bool nf_look_is_own(const struct nf_look *look, const struct nf_addr *addr);
/* The MAC, bound to the address where that lies in the prefixes. detail NULL: none. */
void nf_look_mac(struct nf_look *look, enum nf_note_source source, const struct nf_mac *mac,
	const struct nf_addr *address, const char *detail, uint32_t lease_s);
/* A name or serial number of mac; nothing where the text is empty. */
void nf_look_text(struct nf_look *look, enum nf_note_what what, enum nf_note_source source,
	const struct nf_mac *mac, const struct nf_addr *address, struct nf_bytes text);
void nf_look_call(struct nf_look *look, enum nf_note_how how, uint16_t port,
	const struct nf_mac *mac, const struct nf_addr *from, const struct nf_addr *to);
/* Whether an IP packet that is no later fragment calls an old address. mac: its sender's own, NULL not known. */
void nf_look_for_call(struct nf_look *look, const struct nf_ip *ip,
	const struct nf_transport *t, const struct nf_mac *mac);
/* Appends `word text`, escaped and cut; nothing where there is none. */
void nf_look_say(struct nf_strbuf *detail, const char *word, struct nf_bytes text);

void nf_look_say_mac(struct nf_strbuf *detail, const char *word, const struct nf_mac *mac);

/* UDP messages, by their ports. */
enum nf_err nf_look_udp(
	struct nf_look *look, const struct nf_ip *ip, const struct nf_transport *t);
/* From a DHCP server to its client, which asks and answers at ports of its own (RFC 2131 4.1, RFC 8415 7.2). */
bool nf_look_is_dhcp_answer(const struct nf_transport *t);
/* LLDP and CDP; NF_ENOENT: the frame is neither. */
enum nf_err nf_look_neighbour(struct nf_look *look);
