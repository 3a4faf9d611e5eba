// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/cdp.h"

#include "base/checksum.h"
#include "collector/wire/ip.h"

enum { TLV_DEVICE = 1, TLV_ADDRESSES = 2, TLV_PORT = 3, TLV_PLATFORM = 6, HEADER = 4 };
enum { PROTOCOL_NLPID = 1, NLPID_IP = 0xcc };

static void read_addresses(struct nf_cdp *d, struct nf_cursor c)
{
	uint32_t count = nf_cursor_be32(&c);

	for (uint32_t i = 0; i < count && nf_cursor_left(&c) && !d->address.family; i++) {
		uint8_t type = nf_cursor_u8(&c);
		uint8_t len = nf_cursor_u8(&c);
		struct nf_cursor protocol = nf_cursor_sub(&c, len);
		uint16_t address_len = nf_cursor_be16(&c);
		struct nf_cursor address = nf_cursor_sub(&c, address_len);

		if (!c.failed && type == PROTOCOL_NLPID && len == 1 &&
			nf_cursor_u8(&protocol) == NLPID_IP && address_len == 4)
			nf_ip_read_addr(&address, NF_IPV4, &d->address);
	}
}

static void read_tlv(struct nf_cdp *d, uint16_t type, struct nf_cursor value)
{
	if (type == TLV_DEVICE)
		d->device = nf_bytes_of(value);
	else if (type == TLV_PORT)
		d->port = nf_bytes_of(value);
	else if (type == TLV_PLATFORM)
		d->platform = nf_bytes_of(value);
	else if (type == TLV_ADDRESSES)
		read_addresses(d, value);
}

/* Equipment of Cisco's takes the last byte of an odd number as the low half of a word, with its sign;
 * others, as the RFC does, as the high half. */
static bool is_checksum_right(const uint8_t *bytes, size_t len)
{
	if (nf_checksum(bytes, len) == 0)
		return true;
	if (len % 2 == 0)
		return false;
	uint8_t last = bytes[len - 1];
	const uint8_t tail[2] = {
		last & 0x80 ? 0xff : 0, (uint8_t)(last & 0x80 ? last - 1 : last)};
	uint32_t sum = (uint32_t)(uint16_t)~nf_checksum(bytes, len - 1) +
		       (uint32_t)(uint16_t)~nf_checksum(tail, sizeof tail);

	return (uint16_t)((sum & 0xffff) + (sum >> 16)) == 0xffff;
}

enum nf_err nf_cdp_decode(struct nf_cursor c, bool cut, struct nf_cdp *out)
{
	const uint8_t *start = c.at;
	size_t len = nf_cursor_left(&c);
	uint8_t version = nf_cursor_u8(&c);
	struct nf_cdp d = {0};

	nf_cursor_skip(&c, 3);
	if (c.failed || version < 1 || version > 2 || (!cut && !is_checksum_right(start, len)))
		return NF_EFORMAT;
	while (nf_cursor_left(&c)) {
		uint16_t type = nf_cursor_be16(&c);
		uint16_t tlv_len = nf_cursor_be16(&c);

		if (!c.failed && tlv_len < HEADER)
			return NF_EFORMAT;
		struct nf_cursor value = nf_cursor_sub(&c, (size_t)tlv_len - HEADER);

		if (c.failed)
			break;
		read_tlv(&d, type, value);
	}
	if (c.failed && !cut)
		return NF_EFORMAT;
	*out = d;
	return NF_OK;
}
