// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/lldp.h"

#include <string.h>

#include "collector/wire/ip.h"

enum {
	TLV_END,
	TLV_CHASSIS,
	TLV_PORT,
	TLV_LIFETIME,
	TLV_PORT_DESCRIPTION,
	TLV_NAME,
	TLV_DESCRIPTION,
	TLV_CAPABILITIES,
	TLV_MANAGEMENT,
	TLV_ORGANISATION = 127
};
enum {
	CHASSIS_MAC = 4,
	PORT_ALIAS = 1,
	PORT_MAC = 3,
	PORT_ADDRESS = 4,
	PORT_NAME = 5,
	PORT_LOCAL = 7
};
enum { FAMILY_IP4 = 1, FAMILY_IP6 = 2, MED = 0x0012bb, MED_SERIAL = 8 };

static bool read_chassis(struct nf_lldp *l, struct nf_cursor c)
{
	uint8_t subtype = nf_cursor_u8(&c);

	l->chassis = nf_bytes_of(c);
	if (subtype != CHASSIS_MAC)
		return l->chassis.len > 0;
	if (l->chassis.len != sizeof l->chassis_mac || l->chassis.at[0] & 1)
		return false;
	memcpy(&l->chassis_mac, l->chassis.at, sizeof l->chassis_mac);
	l->has_chassis_mac = true;
	l->chassis = (struct nf_bytes){0};
	return true;
}

static bool read_port(struct nf_lldp *l, struct nf_cursor c)
{
	uint8_t subtype = nf_cursor_u8(&c);

	if (!nf_cursor_left(&c))
		return false;
	if (subtype == PORT_ALIAS || subtype == PORT_NAME || subtype == PORT_LOCAL)
		l->port = nf_bytes_of(c);
	return true;
}

static void read_management(struct nf_lldp *l, struct nf_cursor c)
{
	uint8_t len = nf_cursor_u8(&c);
	uint8_t family = nf_cursor_u8(&c);

	if (l->management.family)
		return;
	if (len == 5 && family == FAMILY_IP4)
		nf_ip_read_addr(&c, NF_IPV4, &l->management);
	else if (len == 17 && family == FAMILY_IP6)
		nf_ip_read_addr(&c, NF_IPV6, &l->management);
}

static void read_organisation(struct nf_lldp *l, struct nf_cursor c)
{
	uint32_t oui = (uint32_t)nf_cursor_u8(&c) << 16;

	oui |= nf_cursor_be16(&c);
	uint8_t subtype = nf_cursor_u8(&c);

	if (oui == MED && subtype == MED_SERIAL)
		l->serial = nf_bytes_of(c);
}

static void read_optional(struct nf_lldp *l, unsigned type, struct nf_cursor value)
{
	switch (type) {
	case TLV_NAME:
		l->system_name = nf_bytes_of(value);
		break;
	case TLV_DESCRIPTION:
		l->system_description = nf_bytes_of(value);
		break;
	case TLV_MANAGEMENT:
		read_management(l, value);
		break;
	case TLV_ORGANISATION:
		read_organisation(l, value);
		break;
	default:
		break;
	}
}

/* The next TLV; type TLV_END where there is none, or the capture cut it. */
static unsigned next(struct nf_cursor *c, struct nf_cursor *value)
{
	unsigned head = nf_cursor_be16(c);

	*value = nf_cursor_sub(c, head & 0x1ff);
	return c->failed ? TLV_END : head >> 9;
}

enum nf_err nf_lldp_decode(struct nf_cursor c, struct nf_lldp *out)
{
	struct nf_lldp l = {0};
	struct nf_cursor value;

	if (next(&c, &value) != TLV_CHASSIS || !read_chassis(&l, value))
		return NF_EFORMAT;
	if (next(&c, &value) != TLV_PORT || !read_port(&l, value))
		return NF_EFORMAT;
	if (next(&c, &value) != TLV_LIFETIME)
		return NF_EFORMAT;
	l.lifetime_s = nf_cursor_be16(&value);
	if (value.failed)
		return NF_EFORMAT;
	for (unsigned type; (type = next(&c, &value)) != TLV_END;)
		read_optional(&l, type, value);
	*out = l;
	return NF_OK;
}
