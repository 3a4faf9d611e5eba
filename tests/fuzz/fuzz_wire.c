// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/arp.h"
#include "collector/wire/cdp.h"
#include "collector/wire/dhcp.h"
#include "collector/wire/dhcp6.h"
#include "collector/wire/dns.h"
#include "collector/wire/lldp.h"
#include "collector/wire/nd.h"
#include "collector/wire/netbios.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ip_of(struct nf_cursor c)
{
	struct nf_transport t;
	struct nf_nd nd;
	struct nf_ip ip;
	if (nf_ip_decode(c, &ip) != NF_OK)
		return;
	nf_transport_decode(&ip, &t);
	nf_nd_decode(&ip, &nd);
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union {
		struct nf_arp arp;
		struct nf_dhcp dhcp;
		struct nf_dhcp6 dhcp6;
		struct nf_dns dns;
		struct nf_netbios netbios;
		struct nf_lldp lldp;
		struct nf_cdp cdp;
	} out;
	struct nf_cursor c = nf_cursor_of(data, size);
	switch (nf_cursor_u8(&c)) {
	case 0:
		nf_arp_decode(c, &out.arp);
		break;
	case 1:
		ip_of(c);
		break;
	case 2:
		nf_dhcp_decode(c, &out.dhcp);
		break;
	case 3:
		nf_dhcp6_decode(c, &out.dhcp6);
		break;
	case 4:
		nf_dns_decode(c, false, &out.dns);
		break;
	case 5:
		nf_netbios_name_decode(c, &out.netbios);
		break;
	case 6:
		nf_netbios_datagram_decode(c, &out.netbios);
		break;
	case 7:
		nf_lldp_decode(c, &out.lldp);
		break;
	case 8:
		nf_cdp_decode(c, false, &out.cdp);
		break;
	default:
		nf_cdp_decode(c, true, &out.cdp);
		break;
	}
	return 0;
}
