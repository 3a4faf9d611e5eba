// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/netbios.h"

#include <ctype.h>
#include <string.h>

#include "collector/wire/ip.h"

enum { ENCODED_BYTES = 32, TYPE_NB = 0x20, CLASS_IN = 1, GROUP = 0x8000, POINTER = 0xc0 };
enum { OPCODE_REGISTER = 5, OPCODE_REFRESH = 8, OPCODE_REFRESH_2 = 9, OPCODE_MULTI = 15 };
enum { DATAGRAM_UNIQUE = 0x10, DATAGRAM_BROADCAST = 0x12 };

/* A first-level encoded name: 32 letters, two a byte; then scope labels, which nobody uses. */
static bool read_name(struct nf_cursor *c, struct nf_netbios *n)
{
	uint8_t count = nf_cursor_u8(c);
	const uint8_t *at = nf_cursor_bytes(c, ENCODED_BYTES);
	uint8_t raw[NF_NETBIOS_NAME_MAX];

	if (!at || count != ENCODED_BYTES || nf_cursor_u8(c) != 0 || c->failed)
		return false;
	for (size_t i = 0; i < sizeof raw; i++) {
		uint8_t high = (uint8_t)(at[2 * i] - 'A'), low = (uint8_t)(at[2 * i + 1] - 'A');

		if (high > 15 || low > 15)
			return false;
		raw[i] = (uint8_t)(high << 4 | low);
	}
	size_t len = NF_NETBIOS_NAME_MAX - 1;

	while (len && (raw[len - 1] == ' ' || raw[len - 1] == 0))
		len--;
	for (size_t i = 0; i < len; i++)
		n->name[i] = raw[i] > ' ' && raw[i] < 0x7f ? (char)tolower(raw[i]) : '?';
	n->name[len] = '\0';
	n->suffix = raw[NF_NETBIOS_NAME_MAX - 1];
	return len > 0;
}

static bool is_own_word(uint8_t opcode)
{
	return opcode == OPCODE_REGISTER || opcode == OPCODE_REFRESH ||
	       opcode == OPCODE_REFRESH_2 || opcode == OPCODE_MULTI;
}

enum nf_err nf_netbios_name_decode(struct nf_cursor c, struct nf_netbios *out)
{
	struct nf_netbios n = {0};

	nf_cursor_skip(&c, 2);
	uint16_t flags = nf_cursor_be16(&c);
	uint16_t questions = nf_cursor_be16(&c);

	nf_cursor_skip(&c, 4);
	uint16_t additionals = nf_cursor_be16(&c);

	if (c.failed)
		return NF_EFORMAT;
	if (flags >> 15 || !is_own_word(flags >> 11 & 0xf) || questions != 1 ||
		additionals != 1)
		return NF_ENOENT;
	if (!read_name(&c, &n))
		return NF_EFORMAT;
	nf_cursor_skip(&c, 4);
	/* The additional record repeats the name, as a pointer. */
	if ((nf_cursor_be16(&c) >> 8 & POINTER) != POINTER)
		return NF_EFORMAT;
	uint16_t type = nf_cursor_be16(&c);
	uint16_t class = nf_cursor_be16(&c);

	nf_cursor_skip(&c, 4 + 2);
	uint16_t attributes = nf_cursor_be16(&c);

	nf_ip_read_addr(&c, NF_IPV4, &n.address);
	if (c.failed || type != TYPE_NB || class != CLASS_IN)
		return NF_EFORMAT;
	n.group = attributes & GROUP;
	*out = n;
	return NF_OK;
}

enum nf_err nf_netbios_datagram_decode(struct nf_cursor c, struct nf_netbios *out)
{
	struct nf_netbios n = {0};
	uint8_t type = nf_cursor_u8(&c);

	nf_cursor_skip(&c, 1 + 2);
	nf_ip_read_addr(&c, NF_IPV4, &n.address);
	nf_cursor_skip(&c, 2 + 2 + 2);
	if (c.failed)
		return NF_EFORMAT;
	if (type < DATAGRAM_UNIQUE || type > DATAGRAM_BROADCAST)
		return NF_ENOENT;
	if (!read_name(&c, &n))
		return NF_EFORMAT;
	*out = n;
	return NF_OK;
}
