// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/dhcp6.h"

#include <string.h>

#include "collector/wire/ip.h"

enum { TYPE_RELAY_FORWARD = 12, TYPE_RELAY_REPLY = 13, TYPE_LAST = 36 };
enum { OPTION_CLIENT_ID = 1, OPTION_IA_NA = 3, OPTION_IA_ADDRESS = 5 };
enum { OPTION_VENDOR_CLASS = 16, OPTION_CLIENT_NAME = 39 };
enum { DUID_LINK_TIME = 1, DUID_LINK = 3, HARDWARE_ETHERNET = 1 };

static void read_duid(struct nf_dhcp6 *d, struct nf_cursor c)
{
	uint16_t type = nf_cursor_be16(&c);
	uint16_t hardware = nf_cursor_be16(&c);

	if (type == DUID_LINK_TIME)
		nf_cursor_skip(&c, 4);
	const uint8_t *mac = nf_cursor_bytes(&c, sizeof d->mac);

	if (!mac || nf_cursor_left(&c) || hardware != HARDWARE_ETHERNET || mac[0] & 1 ||
		(type != DUID_LINK_TIME && type != DUID_LINK))
		return;
	d->has_mac = true;
	memcpy(&d->mac, mac, sizeof d->mac);
}

static void read_address(struct nf_dhcp6 *d, struct nf_cursor c)
{
	nf_cursor_skip(&c, 12);
	uint16_t code = nf_cursor_be16(&c);
	uint16_t len = nf_cursor_be16(&c);
	struct nf_cursor value = nf_cursor_sub(&c, len);
	struct nf_addr address;

	nf_ip_read_addr(&value, NF_IPV6, &address);
	nf_cursor_skip(&value, 4);
	uint32_t valid = nf_cursor_be32(&value);

	if (c.failed || value.failed || code != OPTION_IA_ADDRESS || d->address.family)
		return;
	d->address = address;
	d->lease_s = valid;
}

static void read_option(struct nf_dhcp6 *d, uint16_t code, struct nf_cursor value)
{
	switch (code) {
	case OPTION_CLIENT_ID:
		read_duid(d, value);
		break;
	case OPTION_IA_NA:
		read_address(d, value);
		break;
	case OPTION_CLIENT_NAME:
		nf_cursor_skip(&value, 1);
		d->name = nf_bytes_of(value);
		break;
	case OPTION_VENDOR_CLASS:
		nf_cursor_skip(&value, 4 + 2); /* the enterprise, the first class's length */
		d->vendor_class = nf_bytes_of(value);
		break;
	default:
		break;
	}
}

enum nf_err nf_dhcp6_decode(struct nf_cursor c, struct nf_dhcp6 *out)
{
	struct nf_dhcp6 d = {.type = nf_cursor_u8(&c)};

	nf_cursor_skip(&c, 3);
	if (c.failed)
		return NF_EFORMAT;
	if (d.type == 0 || d.type > TYPE_LAST || d.type == TYPE_RELAY_FORWARD ||
		d.type == TYPE_RELAY_REPLY)
		return NF_ENOENT;
	while (nf_cursor_left(&c)) {
		uint16_t code = nf_cursor_be16(&c);
		uint16_t len = nf_cursor_be16(&c);
		struct nf_cursor value = nf_cursor_sub(&c, len);

		if (c.failed)
			return NF_EFORMAT;
		read_option(&d, code, value);
	}
	*out = d;
	return NF_OK;
}
