// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/dhcp.h"

#include <string.h>

#include "collector/wire/ip.h"

enum { HARDWARE_ETHERNET = 1, SNAME_BYTES = 64, FILE_BYTES = 128, PAD = 0, END = 255 };
enum {
	OPTION_HOST_NAME = 12,
	OPTION_REQUESTED = 50,
	OPTION_LEASE = 51,
	OPTION_OVERLOAD = 52,
	OPTION_TYPE = 53,
	OPTION_VENDOR_CLASS = 60,
	OPTION_CLIENT_ID = 61,
};
enum { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };
#define MAGIC 0x63825363

static void keep_first(struct nf_bytes *to, struct nf_cursor value)
{
	if (!to->len)
		*to = nf_bytes_of(value);
}

static void read_option(
	struct nf_dhcp *d, uint8_t code, struct nf_cursor value, uint8_t *overload)
{
	switch (code) {
	case OPTION_HOST_NAME:
		keep_first(&d->host_name, value);
		break;
	case OPTION_VENDOR_CLASS:
		keep_first(&d->vendor_class, value);
		break;
	case OPTION_CLIENT_ID:
		keep_first(&d->client_id, value);
		break;
	case OPTION_REQUESTED:
		nf_ip_read_addr(&value, NF_IPV4, &d->requested);
		break;
	case OPTION_LEASE:
		d->lease_s = nf_cursor_be32(&value);
		break;
	case OPTION_TYPE:
		d->type = nf_cursor_u8(&value);
		break;
	case OPTION_OVERLOAD:
		*overload = nf_cursor_u8(&value);
		break;
	default:
		break;
	}
}

static uint8_t read_options(struct nf_dhcp *d, struct nf_cursor c)
{
	uint8_t overload = 0;

	while (nf_cursor_left(&c)) {
		uint8_t code = nf_cursor_u8(&c);

		if (code == END)
			break;
		if (code == PAD)
			continue;
		uint8_t len = nf_cursor_u8(&c);
		struct nf_cursor value = nf_cursor_sub(&c, len);

		if (!c.failed)
			read_option(d, code, value, &overload);
	}
	return overload;
}

enum nf_err nf_dhcp_decode(struct nf_cursor c, struct nf_dhcp *out)
{
	struct nf_dhcp d = {0};

	nf_cursor_skip(&c, 1);
	uint8_t hardware = nf_cursor_u8(&c);
	uint8_t hardware_len = nf_cursor_u8(&c);

	nf_cursor_skip(&c, 1 + 4 + 2 + 2);
	nf_ip_read_addr(&c, NF_IPV4, &d.address);
	nf_ip_read_addr(&c, NF_IPV4, &d.given);
	nf_cursor_skip(&c, 4);
	nf_ip_read_addr(&c, NF_IPV4, &d.relay);
	const uint8_t *client = nf_cursor_bytes(&c, 16);
	struct nf_cursor sname = nf_cursor_sub(&c, SNAME_BYTES);
	struct nf_cursor file = nf_cursor_sub(&c, FILE_BYTES);
	uint32_t magic = nf_cursor_be32(&c);

	if (c.failed)
		return NF_EFORMAT;
	if (magic != MAGIC || hardware != HARDWARE_ETHERNET ||
		hardware_len != sizeof d.client || client[0] & 1)
		return NF_ENOENT;
	memcpy(&d.client, client, sizeof d.client);
	uint8_t overload = read_options(&d, c);

	if (overload & OVERLOAD_FILE)
		read_options(&d, file);
	if (overload & OVERLOAD_SNAME)
		read_options(&d, sname);
	if (!d.type)
		return NF_EFORMAT;
	*out = d;
	return NF_OK;
}
