// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/peek.h"

#include "base/cursor.h"

enum { TAG_INTEGER = 0x02, TAG_OCTETS = 0x04, TAG_SEQUENCE = 0x30 };

/* The content of the next element, whatever its tag. */
static struct nf_cursor element(struct nf_cursor *c, uint8_t *tag)
{
	*tag = nf_cursor_u8(c);
	size_t len = nf_cursor_u8(c);
	if (len > 0x84 || len == 0x80)
		c->failed = true;
	if (len & 0x80) {
		size_t octets = len & 0x7f;
		len = 0;
		while (octets--)
			len = len << 8 | nf_cursor_u8(c);
	}
	return nf_cursor_sub(c, len);
}

static struct nf_cursor expect(struct nf_cursor *c, uint8_t want)
{
	uint8_t tag;
	struct nf_cursor inner = element(c, &tag);
	if (tag != want)
		c->failed = inner.failed = true;
	return inner;
}

static int64_t integer(struct nf_cursor *c)
{
	struct nf_cursor in = expect(c, TAG_INTEGER);
	size_t len = nf_cursor_left(&in);
	if (len < 1 || len > 5)
		c->failed = true;
	uint64_t value = 0;
	for (size_t i = 0; i < len && !c->failed; i++) {
		uint8_t byte = nf_cursor_u8(&in);
		if (i == 0 && byte & 0x80)
			value = UINT64_MAX;
		value = value << 8 | byte;
	}
	return (int64_t)value;
}

static const uint8_t *octets(struct nf_cursor *c, size_t *len)
{
	struct nf_cursor in = expect(c, TAG_OCTETS);
	*len = nf_cursor_left(&in);
	return in.at;
}

static bool peek_v3(struct nf_cursor *c, struct nf_peek *out)
{
	struct nf_cursor header = expect(c, TAG_SEQUENCE);
	out->id = (int32_t)integer(&header);
	integer(&header); /* msgMaxSize */
	struct nf_cursor flags = expect(&header, TAG_OCTETS);
	out->flags = nf_cursor_u8(&flags);
	int64_t model = integer(&header);

	struct nf_cursor wrapped = expect(c, TAG_OCTETS);
	struct nf_cursor usm = expect(&wrapped, TAG_SEQUENCE);
	out->engine_id = octets(&usm, &out->engine_id_len);
	out->boots = (uint32_t)integer(&usm);
	out->time_s = (uint32_t)integer(&usm);
	out->user = octets(&usm, &out->user_len);
	return !c->failed && !header.failed && !flags.failed && !wrapped.failed &&
	       !usm.failed && model == 3;
}

bool nf_peek(const uint8_t *bytes, size_t len, struct nf_peek *out)
{
	struct nf_cursor all = nf_cursor_of(bytes, len);
	struct nf_cursor message = expect(&all, TAG_SEQUENCE);
	int64_t version = integer(&message);
	*out = (struct nf_peek){.version = (uint8_t)version};
	if (message.failed || version < 0 || version > 3 || version == 2)
		return false;
	if (version == 3)
		return peek_v3(&message, out);
	out->community = octets(&message, &out->community_len);
	struct nf_cursor pdu = element(&message, &out->pdu_type);
	out->id = (int32_t)integer(&pdu);
	return !message.failed && !pdu.failed;
}

bool nf_peek_pdu(const uint8_t *bytes, size_t len, struct nf_peek_pdu *out)
{
	uint8_t tag;
	struct nf_cursor all = nf_cursor_of(bytes, len);
	struct nf_cursor message = expect(&all, TAG_SEQUENCE);
	element(&message, &tag); /* version */
	element(&message, &tag); /* community */
	struct nf_cursor pdu = element(&message, &out->type);
	out->id = (int32_t)integer(&pdu);
	out->error_status = integer(&pdu);
	out->error_index = integer(&pdu);
	struct nf_cursor list = expect(&pdu, TAG_SEQUENCE);
	out->varbinds = list.at;
	out->len = nf_cursor_left(&list);
	return !message.failed && !pdu.failed && !list.failed;
}
