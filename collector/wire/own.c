// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/own.h"

#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>

static void add(struct nf_own *own, const char *interface, const struct sockaddr *sa)
{
	struct sockaddr_ll link;
	struct nf_mac mac;
	struct nf_addr address;

	if (sa->sa_family == AF_PACKET) {
		memcpy(&link, sa, sizeof link);
		memcpy(&mac, link.sll_addr, sizeof mac);
		if (link.sll_halen == sizeof mac && own->macs_len < NF_OWN_MOST &&
			!nf_own_has_mac(own, &mac))
			own->macs[own->macs_len++] = mac;
		return;
	}
	if (!nf_addr_from_sockaddr(sa, &address, NULL) || own->addresses_len == NF_OWN_MOST)
		return;
	snprintf(own->interfaces[own->addresses_len], IF_NAMESIZE, "%s", interface);
	own->addresses[own->addresses_len++] = address;
}

void nf_own_read(struct nf_own *own)
{
	struct ifaddrs *list;

	if (getifaddrs(&list) != 0)
		return;
	own->macs_len = own->addresses_len = 0;
	for (const struct ifaddrs *i = list; i; i = i->ifa_next)
		if (i->ifa_addr)
			add(own, i->ifa_name, i->ifa_addr);
	freeifaddrs(list);
}

bool nf_own_has_mac(const struct nf_own *own, const struct nf_mac *mac)
{
	for (size_t i = 0; i < own->macs_len; i++)
		if (memcmp(&own->macs[i], mac, sizeof *mac) == 0)
			return true;
	return false;
}

bool nf_own_has_address(const struct nf_own *own, const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *address)
{
	for (size_t i = 0; i < own->addresses_len; i++)
		if (nf_addr_equal(&own->addresses[i], address) &&
			!nf_site_is_elsewhere(site, network, own->interfaces[i], address))
			return true;
	return false;
}
