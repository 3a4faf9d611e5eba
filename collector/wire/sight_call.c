// SPDX-License-Identifier: GPL-3.0-or-later
#include <netinet/in.h>
#include <string.h>

#include "collector/wire/sight_own.h"

enum { ECHO_REQUEST = 8, ECHO_REQUEST_6 = 128 };

/* Who may pass on what this machine asked: not who is known and no router. */
static bool may_be_router(const struct nf_look *look, const struct nf_addr *addr)
{
	const struct nf_device *device =
		nf_site_device_at(look->sight->site, look->sight->network, addr);

	return !device || nf_device_is_router(device);
}

static bool is_for_us(const struct nf_look *look, enum nf_note_how how,
	const struct nf_addr *from, const struct nf_addr *to)
{
	return (how == NF_HOW_ARP || how == NF_HOW_NDP) &&
	       nf_asked_lately(look->sight->asked, look->sight->site, look->sight->network, to,
		       look->sight->mono_us) &&
	       may_be_router(look, from);
}

void nf_look_call(struct nf_look *look, enum nf_note_how how, uint16_t port,
	const struct nf_mac *mac, const struct nf_addr *from, const struct nf_addr *to)
{
	struct nf_note note = nf_look_note(look, NF_NOTE_CALL, NF_NOTE_WIRE);

	if (!from->family || nf_addr_equal(from, to) || nf_look_is_own(look, from) ||
		nf_look_is_own(look, to) || is_for_us(look, how, from, to))
		return;
	/* A VLAN more or less makes no other caller. */
	memset(note.key.vlans, 0, sizeof note.key.vlans);
	note.key.how = (uint8_t)how;
	note.key.port = port;
	if (mac)
		note.key.mac = *mac;
	note.key.address = *from;
	note.key.to = *to;
	nf_look_emit(look, &note);
}

/* By who has them: services alone; services, and clients that show by it that root asks (rresvport(3): NFS); both;
 * clients alone. */
enum rank { WELL_KNOWN, RESERVED, MIDDLE, HIGH };

static enum rank rank_of(uint16_t port)
{
	return port < 512 ? WELL_KNOWN : port < 1024 ? RESERVED : port < 32768 ? MIDDLE : HIGH;
}

enum says { SAYS_NOTHING, SAYS_CALL, SAYS_ANSWER };

/* A packet from a service back to whoever asked it is no call; DHCP asks and answers at ports of its own. */
static enum says ports_say(const struct nf_transport *t)
{
	enum rank from = rank_of(t->from_port), to = rank_of(t->to_port);

	if (nf_look_is_dhcp_answer(t))
		return SAYS_ANSWER;
	if (from == to || (from == RESERVED && to == MIDDLE) ||
		(from == MIDDLE && to == RESERVED))
		return SAYS_NOTHING;
	return from < to ? SAYS_ANSWER : SAYS_CALL;
}

static void look_for_udp(struct nf_look *look, const struct nf_ip *ip,
	const struct nf_transport *t, const struct nf_mac *mac, bool to_old)
{
	enum says says = ports_say(t);
	bool high = rank_of(t->from_port) == HIGH && rank_of(t->to_port) == HIGH;
	const struct nf_talk packet = {&ip->from, &ip->to, t->from_port, t->to_port,
		(uint32_t)look->sight->network->index, look->ether->to.bytes[0] & 1};

	/* What neither of them has begun or gets says nothing of an old address. */
	if (says == SAYS_NOTHING && (to_old || nf_look_is_old(look, &ip->from)))
		says = nf_talks_answer(look->sight->talks, &packet, look->sight->mono_us)
			       ? SAYS_ANSWER
			       : SAYS_CALL;
	if (to_old && says == SAYS_CALL)
		nf_look_call(look, NF_HOW_UDP, high ? 0 : t->to_port, mac, &ip->from, &ip->to);
}

void nf_look_for_call(struct nf_look *look, const struct nf_ip *ip,
	const struct nf_transport *t, const struct nf_mac *mac)
{
	bool to_old = !nf_ip_is_group(&ip->to) && nf_look_is_old(look, &ip->to);

	if (ip->protocol == IPPROTO_UDP) {
		look_for_udp(look, ip, t, mac, to_old);
	} else if (!to_old) {
		return;
	} else if (ip->protocol == IPPROTO_TCP) {
		if (t->syn)
			nf_look_call(look, NF_HOW_TCP, t->to_port, mac, &ip->from, &ip->to);
	} else if (ip->protocol == IPPROTO_ICMP || ip->protocol == IPPROTO_ICMPV6) {
		struct nf_cursor c = ip->payload;
		uint8_t asks = ip->protocol == IPPROTO_ICMP ? ECHO_REQUEST : ECHO_REQUEST_6;

		if (nf_cursor_u8(&c) == asks)
			nf_look_call(look, NF_HOW_ICMP, 0, mac, &ip->from, &ip->to);
	} else {
		nf_look_call(look, NF_HOW_OTHER, ip->protocol, mac, &ip->from, &ip->to);
	}
}
