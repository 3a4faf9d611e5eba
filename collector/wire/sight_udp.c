// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "collector/wire/dhcp.h"
#include "collector/wire/dhcp6.h"
#include "collector/wire/dns.h"
#include "collector/wire/netbios.h"
#include "collector/wire/sight_own.h"

enum {
	PORT_DNS = 53,
	PORT_DHCP_SERVER = 67,
	PORT_DHCP_CLIENT = 68,
	PORT_NETBIOS_NAME = 137,
	PORT_NETBIOS_DATAGRAM = 138,
	PORT_DHCP6_CLIENT = 546,
	PORT_DHCP6_SERVER = 547,
	PORT_MDNS = 5353,
	PORT_LLMNR = 5355,
};
enum { CLIENT_ID_SHOWN = 20, NETBIOS_WORKSTATION = 0, NETBIOS_SERVER = 0x20 };

static void say_client_id(struct nf_strbuf *detail, const struct nf_dhcp *d)
{
	/* Usually it is the MAC, with its type before it. */
	if (!d->client_id.len ||
		(d->client_id.len == 7 && d->client_id.at[0] == 1 &&
			memcmp(d->client_id.at + 1, &d->client, sizeof d->client) == 0))
		return;
	nf_strbuf_puts(detail, detail->len ? ", client id " : "client id ");
	for (size_t i = 0; i < d->client_id.len && i < CLIENT_ID_SHOWN; i++)
		nf_strbuf_printf(detail, "%02x", d->client_id.at[i]);
}

static void say_address(struct nf_strbuf *detail, const char *word, const struct nf_addr *addr)
{
	char text[NF_ADDR_TEXT_MAX];

	if (!addr->family)
		return;
	nf_strbuf_printf(
		detail, "%s%s %s", detail->len ? ", " : "", word, nf_addr_format(addr, text));
}

static bool is_inside_or_none(const struct nf_look *look, const struct nf_addr *addr)
{
	return !addr->family || nf_look_in_prefix(look, addr);
}

/* Whether the client itself is in this network: where another one relays what it says, or it says so through a
 * router, only the server may be. */
static bool is_here(
	const struct nf_look *look, const struct nf_dhcp *d, const struct nf_addr *address)
{
	return nf_look_is_sender(look, &d->client) ||
	       (is_inside_or_none(look, &d->relay) && is_inside_or_none(look, address));
}

static enum nf_err look_at_dhcp(struct nf_look *look, const struct nf_transport *t)
{
	struct nf_strbuf detail = {0};
	struct nf_dhcp d;
	enum nf_err rc = nf_dhcp_decode(t->payload, &d);

	if (rc)
		return rc == NF_ENOENT ? NF_OK : rc;
	bool given = d.type == NF_DHCP_ACK && d.given.family;
	bool asks = d.type == NF_DHCP_DISCOVER || d.type == NF_DHCP_REQUEST ||
		    d.type == NF_DHCP_INFORM;
	bool goes = d.type == NF_DHCP_RELEASE || d.type == NF_DHCP_DECLINE;
	const struct nf_addr *address = given ? &d.given : &d.address;

	/* An offer is no evidence of anything, a refusal neither. */
	if ((!given && !asks && !goes) || !is_here(look, &d, address))
		return NF_OK;
	/* What the server says of the client is no more than an echo. */
	if (!given) {
		nf_look_say(&detail, "host", d.host_name);
		nf_look_say(&detail, "vendor", d.vendor_class);
		say_client_id(&detail, &d);
	}
	if (asks)
		say_address(&detail, "asks for", &d.requested);
	say_address(&detail, "relay", &d.relay);
	if (goes)
		nf_strbuf_puts(&detail, detail.len ? ", gives it back" : "gives it back");
	/* A refused address is an option, one given back is the client's own. */
	if (goes && !address->family)
		address = &d.requested;
	nf_look_mac(look, goes ? NF_NOTE_RELEASE : NF_NOTE_DHCP, &d.client, address,
		detail.data, given ? d.lease_s : 0);
	nf_look_text(look, NF_NOTE_NAME, NF_NOTE_DHCP, &d.client, address, d.host_name);
	nf_strbuf_free(&detail);
	return NF_OK;
}

/* Client and server speak by addresses of the link (RFC 8415 17): the client is whose frame it is, or whom it is sent
 * to. NULL: a router may have passed it on. What its DUID was made of may be another machine's, in a copied image. */
static const struct nf_mac *dhcp6_client(
	const struct nf_look *look, const struct nf_ip *ip, bool answer)
{
	const struct nf_mac *mac = answer ? &look->ether->to : &look->ether->from;

	if (!nf_ip_is_link_local(answer ? &ip->to : &ip->from) || mac->bytes[0] & 1)
		return NULL;
	return mac;
}

static enum nf_err look_at_dhcp6(
	struct nf_look *look, const struct nf_ip *ip, const struct nf_transport *t)
{
	struct nf_strbuf detail = {0};
	struct nf_dhcp6 d;
	char name[NF_DNS_NAME_MAX];
	enum nf_err rc = nf_dhcp6_decode(t->payload, &d);

	if (rc == NF_EFORMAT && look->cut)
		return NF_OK;
	if (rc)
		return rc == NF_ENOENT ? NF_OK : rc;
	bool answer = t->to_port == PORT_DHCP6_CLIENT;
	bool given = answer && d.type == NF_DHCP6_REPLY && d.address.family && d.lease_s;
	const struct nf_mac *mac = dhcp6_client(look, ip, answer);

	if (!mac)
		return NF_OK;
	if (nf_dns_labels(nf_cursor_of(d.name.at, d.name.len), name) != NF_OK)
		*name = '\0';
	nf_look_say(&detail, "host", (struct nf_bytes){(const uint8_t *)name, strlen(name)});
	nf_look_say(&detail, "vendor", d.vendor_class);
	if (d.has_mac && memcmp(&d.mac, mac, sizeof *mac) != 0)
		nf_look_say_mac(&detail, "DUID", &d.mac);
	nf_look_mac(look, NF_NOTE_DHCP, mac, given ? &d.address : NULL, detail.data,
		given ? d.lease_s : 0);
	nf_look_text(look, NF_NOTE_NAME, NF_NOTE_DHCP, mac, given ? &d.address : NULL,
		(struct nf_bytes){(const uint8_t *)name, strlen(name)});
	nf_strbuf_free(&detail);
	return NF_OK;
}

/* A name counts where its owner says it of its own address. */
static enum nf_err look_at_names(struct nf_look *look, const struct nf_ip *ip,
	const struct nf_transport *t, enum nf_note_source source)
{
	struct nf_dns dns;
	enum nf_err rc = nf_dns_decode(t->payload, look->cut, &dns);

	for (size_t i = 0; !rc && dns.response && i < dns.len; i++)
		if (nf_addr_equal(&dns.hosts[i].address, &ip->from))
			nf_look_text(look, NF_NOTE_NAME, source, &look->ether->from, &ip->from,
				(struct nf_bytes){(const uint8_t *)dns.hosts[i].name,
					strlen(dns.hosts[i].name)});
	return rc;
}

/* Whoever is told an old address will call it. */
static enum nf_err look_at_dns(
	struct nf_look *look, const struct nf_ip *ip, const struct nf_transport *t)
{
	struct nf_dns dns;
	enum nf_err rc = nf_dns_decode(t->payload, look->cut, &dns);

	for (size_t i = 0; !rc && dns.response && i < dns.len; i++)
		if (nf_look_is_old(look, &dns.hosts[i].address))
			nf_look_call(look, NF_HOW_DNS, 0, NULL, &ip->to, &dns.hosts[i].address);
	return rc;
}

static enum nf_err look_at_netbios(
	struct nf_look *look, const struct nf_ip *ip, const struct nf_transport *t)
{
	struct nf_netbios n;
	enum nf_err rc = t->to_port == PORT_NETBIOS_NAME
				 ? nf_netbios_name_decode(t->payload, &n)
				 : nf_netbios_datagram_decode(t->payload, &n);

	if (rc == NF_EFORMAT && look->cut)
		return NF_OK;
	if (rc)
		return rc == NF_ENOENT ? NF_OK : rc;
	if (n.group || (n.suffix != NETBIOS_WORKSTATION && n.suffix != NETBIOS_SERVER) ||
		!nf_addr_equal(&n.address, &ip->from))
		return NF_OK;
	nf_look_text(look, NF_NOTE_NAME, NF_NOTE_NETBIOS, &look->ether->from, &ip->from,
		(struct nf_bytes){(const uint8_t *)n.name, strlen(n.name)});
	return NF_OK;
}

bool nf_look_is_dhcp_answer(const struct nf_transport *t)
{
	return (t->from_port == PORT_DHCP_SERVER && t->to_port == PORT_DHCP_CLIENT) ||
	       (t->from_port == PORT_DHCP6_SERVER && t->to_port == PORT_DHCP6_CLIENT);
}

enum nf_err nf_look_udp(
	struct nf_look *look, const struct nf_ip *ip, const struct nf_transport *t)
{
	bool is4 = ip->from.family != NF_IPV6 && ip->to.family == NF_IPV4;

	if (is4 && (t->to_port == PORT_DHCP_SERVER || t->to_port == PORT_DHCP_CLIENT) &&
		(t->from_port == PORT_DHCP_SERVER || t->from_port == PORT_DHCP_CLIENT))
		return look_at_dhcp(look, t);
	if (!is4 && (t->to_port == PORT_DHCP6_SERVER || t->to_port == PORT_DHCP6_CLIENT))
		return look_at_dhcp6(look, ip, t);
	if (t->from_port == PORT_MDNS && t->to_port == PORT_MDNS)
		return look_at_names(look, ip, t, NF_NOTE_MDNS);
	if (t->from_port == PORT_LLMNR)
		return look_at_names(look, ip, t, NF_NOTE_LLMNR);
	if (t->from_port == PORT_DNS)
		return look_at_dns(look, ip, t);
	if (is4 && (t->to_port == PORT_NETBIOS_NAME || t->to_port == PORT_NETBIOS_DATAGRAM))
		return look_at_netbios(look, ip, t);
	return NF_OK;
}
