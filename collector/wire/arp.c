// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/arp.h"

#include <net/ethernet.h>
#include <net/if_arp.h>
#include <string.h>

#include "collector/wire/ip.h"

enum nf_err nf_arp_decode(struct nf_cursor c, struct nf_arp *out)
{
	struct nf_arp a = {0};
	uint16_t hardware = nf_cursor_be16(&c);
	uint16_t protocol = nf_cursor_be16(&c);
	uint16_t lengths = nf_cursor_be16(&c);
	uint16_t operation = nf_cursor_be16(&c);

	if (c.failed)
		return NF_EFORMAT;
	if (hardware != ARPHRD_ETHER || protocol != ETHERTYPE_IP || lengths != 0x0604 ||
		(operation != ARPOP_REQUEST && operation != ARPOP_REPLY))
		return NF_ENOENT;
	const uint8_t *mac = nf_cursor_bytes(&c, sizeof a.sender_mac);

	nf_ip_read_addr(&c, NF_IPV4, &a.sender);
	nf_cursor_skip(&c, sizeof(struct nf_mac));
	nf_ip_read_addr(&c, NF_IPV4, &a.target);
	if (c.failed || mac[0] & 1)
		return NF_EFORMAT;
	memcpy(&a.sender_mac, mac, sizeof a.sender_mac);
	a.reply = operation == ARPOP_REPLY;
	*out = a;
	return NF_OK;
}
