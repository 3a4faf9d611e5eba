// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/sight.h"

#include <ctype.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/mac_group.h"
#include "base/text.h"
#include "collector/wire/arp.h"
#include "collector/wire/nd.h"
#include "collector/wire/sight_own.h"

struct nf_note nf_look_note(
	const struct nf_look *look, enum nf_note_what what, enum nf_note_source source)
{
	struct nf_note note = {0};

	note.key.what = (uint8_t)what;
	note.key.source = (uint8_t)source;
	memcpy(note.key.vlans, look->ether->vlans, sizeof note.key.vlans);
	return note;
}

void nf_look_emit(struct nf_look *look, const struct nf_note *note)
{
	look->fn(note, look->arg);
}

bool nf_look_in_prefix(const struct nf_look *look, const struct nf_addr *addr)
{
	if (!addr->family)
		return false;
	NF_EACH(struct nf_prefix, p, look->sight->network->prefixes)
	if (nf_prefix_contains(p, addr))
		return true;
	return false;
}

bool nf_look_is_sender(const struct nf_look *look, const struct nf_mac *mac)
{
	return memcmp(mac, &look->ether->from, sizeof *mac) == 0;
}

bool nf_look_is_old(const struct nf_look *look, const struct nf_addr *addr)
{
	const struct nf_network *network = look->sight->network;
	const struct nf_device *device = nf_site_device_at(look->sight->site, network, addr);

	return device && device->legs[0].network == network &&
	       nf_addr_equal(&device->legs[0].address, addr);
}

void nf_look_mac(struct nf_look *look, enum nf_note_source source, const struct nf_mac *mac,
	const struct nf_addr *address, const char *detail, uint32_t lease_s)
{
	static const struct nf_mac none;
	struct nf_note note = nf_look_note(look, NF_NOTE_MAC, source);
	char group[40];

	if (memcmp(mac, &none, sizeof none) == 0)
		return;
	note.key.mac = *mac;
	if (address && nf_look_in_prefix(look, address)) {
		note.key.address = *address;
		note.lease_s = lease_s;
	}
	note.detail = detail && *detail ? detail : nf_mac_group_text(mac, group, sizeof group);
	if (nf_look_is_sender(look, mac))
		look->seen = true;
	nf_look_emit(look, &note);
}

void nf_look_text(struct nf_look *look, enum nf_note_what what, enum nf_note_source source,
	const struct nf_mac *mac, const struct nf_addr *address, struct nf_bytes text)
{
	struct nf_note note = nf_look_note(look, what, source);
	struct nf_strbuf safe = {0};

	while (text.len && (text.at[text.len - 1] == 0 || text.at[text.len - 1] == '.' ||
				   text.at[text.len - 1] == ' '))
		text.len--;
	if (!text.len)
		return;
	nf_text_escape(&safe, text.at, text.len, NF_SIGHT_TEXT_MAX);
	/* Names are compared without case. */
	for (char *c = safe.data; what == NF_NOTE_NAME && *c; c++)
		*c = (char)((unsigned char)*c < 0x80 ? tolower(*c) : *c);
	note.key.mac = *mac;
	if (address && nf_look_in_prefix(look, address))
		note.key.address = *address;
	note.text = safe.data;
	nf_look_emit(look, &note);
	nf_strbuf_free(&safe);
}

void nf_look_say(struct nf_strbuf *detail, const char *word, struct nf_bytes text)
{
	while (text.len && text.at[text.len - 1] == 0)
		text.len--;
	if (!text.len || detail->len >= NF_SIGHT_DETAIL_MAX - 16)
		return;
	if (detail->len)
		nf_strbuf_puts(detail, ", ");
	nf_strbuf_puts(detail, word);
	nf_strbuf_putc(detail, ' ');
	if (detail->len < NF_SIGHT_DETAIL_MAX - 8)
		nf_text_escape(detail, text.at, text.len, NF_SIGHT_DETAIL_MAX - detail->len);
}

void nf_look_say_mac(struct nf_strbuf *detail, const char *word, const struct nf_mac *mac)
{
	char text[NF_MAC_TEXT_MAX];

	nf_strbuf_printf(
		detail, "%s%s %s", detail->len ? ", " : "", word, nf_mac_format(mac, text));
}

bool nf_look_is_own(const struct nf_look *look, const struct nf_addr *addr)
{
	return nf_own_has_address(
		look->sight->own, look->sight->site, look->sight->network, addr);
}

static enum nf_err look_at_arp(struct nf_look *look)
{
	struct nf_arp arp;
	char detail[NF_SIGHT_DETAIL_MAX], mac[NF_MAC_TEXT_MAX], address[NF_ADDR_TEXT_MAX];
	enum nf_err rc = nf_arp_decode(look->ether->payload, &arp);

	if (rc)
		return rc == NF_ENOENT ? NF_OK : rc;
	if (!nf_look_is_sender(look, &arp.sender_mac)) {
		/* Proxy ARP, or a lie: what is sure is who sent it. */
		snprintf(detail, sizeof detail, "said by ARP that %s is at %s",
			nf_addr_format(&arp.sender, address),
			nf_mac_format(&arp.sender_mac, mac));
		nf_look_mac(look, NF_NOTE_ARP, &look->ether->from, NULL,
			arp.sender.family ? detail : NULL, 0);
		return NF_OK;
	}
	if (!arp.sender.family) {
		snprintf(detail, sizeof detail, "probes %s",
			nf_addr_format(&arp.target, address));
		nf_look_mac(look, NF_NOTE_ARP, &arp.sender_mac, NULL,
			arp.target.family ? detail : NULL, 0);
		return NF_OK;
	}
	nf_look_mac(look, NF_NOTE_ARP, &arp.sender_mac, &arp.sender, NULL, 0);
	if (!arp.reply && nf_look_in_prefix(look, &arp.target))
		nf_look_call(look, NF_HOW_ARP, 0, &arp.sender_mac, &arp.sender, &arp.target);
	return NF_OK;
}

static enum nf_err look_at_nd(struct nf_look *look, const struct nf_ip *ip)
{
	struct nf_nd nd;
	enum nf_err rc = nf_nd_decode(ip, &nd);

	if (rc)
		return rc;
	bool sender = nd.has_mac && nf_look_is_sender(look, &nd.mac);

	switch (nd.type) {
	case NF_ND_NS:
	case NF_ND_RS:
		nf_look_mac(look, NF_NOTE_NDP, &look->ether->from, sender ? &ip->from : NULL,
			NULL, 0);
		break;
	case NF_ND_NA:
		nf_look_mac(look, NF_NOTE_NDP, &look->ether->from, sender ? &nd.target : NULL,
			NULL, 0);
		break;
	case NF_ND_RA:
		nf_look_mac(look, NF_NOTE_NDP, &look->ether->from, NULL, "router", 0);
		break;
	}
	if (nd.type == NF_ND_NS && nf_look_in_prefix(look, &nd.target))
		nf_look_call(look, NF_HOW_NDP, 0, &look->ether->from, &ip->from, &nd.target);
	return NF_OK;
}

/* Whether the sender made the packet itself: no router has lowered its hop count from what systems begin
 * with. To a group a packet goes no further than the link. */
static bool is_direct(const struct nf_ip *ip)
{
	return ip->hops == 64 || ip->hops == 128 || ip->hops == 255 || ip->hops == 32 ||
	       (nf_ip_is_group(&ip->to) && ip->hops <= 4);
}

static enum nf_err look_at_ip(struct nf_look *look)
{
	const struct nf_mac *sender = &look->ether->from;
	struct nf_transport t = {0};
	struct nf_ip ip;
	enum nf_err rc = nf_ip_decode(look->ether->payload, &ip);

	if (rc)
		return rc;
	rc = nf_transport_decode(&ip, &t);
	if (rc == NF_EFORMAT)
		return rc;
	bool known = rc == NF_OK;
	bool direct = is_direct(&ip);

	if (ip.protocol == IPPROTO_ICMPV6 && !ip.fragment) {
		rc = look_at_nd(look, &ip);
		if (rc != NF_ENOENT)
			return rc;
	}
	rc = known && ip.protocol == IPPROTO_UDP ? nf_look_udp(look, &ip, &t) : NF_OK;
	/* This machine's own address in another's frame was passed on, whatever its hop count. */
	bool inside = nf_look_in_prefix(look, &ip.from) && !nf_look_is_own(look, &ip.from);

	if (direct && inside) {
		nf_look_mac(look, NF_NOTE_WIRE, sender, &ip.from, NULL, 0);
	} else if (inside) {
		struct nf_note note = nf_look_note(look, NF_NOTE_ADDRESS, NF_NOTE_WIRE);

		note.key.address = ip.from;
		nf_look_emit(look, &note);
	}
	if (!ip.fragment)
		nf_look_for_call(look, &ip, &t, direct ? sender : NULL);
	return rc;
}

static enum nf_err look_inside(struct nf_look *look)
{
	if (!look->ether->oui && look->ether->type == ETHERTYPE_ARP)
		return look_at_arp(look);
	if (!look->ether->oui &&
		(look->ether->type == ETHERTYPE_IP || look->ether->type == ETHERTYPE_IPV6))
		return look_at_ip(look);
	enum nf_err rc = nf_look_neighbour(look);

	return rc == NF_ENOENT ? NF_OK : rc;
}

enum nf_err nf_sight_frame(const struct nf_sight *sight, const uint8_t *bytes, size_t captured,
	size_t len, nf_note_fn *fn, void *arg, struct nf_canary_token *token)
{
	struct nf_ether ether;
	struct nf_look look = {
		.sight = sight, .ether = &ether, .cut = captured < len, .fn = fn, .arg = arg};
	enum nf_err rc = nf_ether_decode(bytes, captured, &ether);

	if (rc)
		return rc;
	if (nf_canary_read(&ether, token))
		return NF_EEXIST;
	if (nf_own_has_mac(sight->own, &ether.from))
		return NF_ENOENT;
	rc = look_inside(&look);
	/* However broken its payload is: it was there. */
	if (!look.seen)
		nf_look_mac(&look, NF_NOTE_WIRE, &ether.from, NULL, NULL, 0);
	return rc;
}
