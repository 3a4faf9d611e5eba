// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cursor.h"

struct nf_cursor nf_cursor_of(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	return (struct nf_cursor){.at = at, .end = len ? at + len : at};
}

size_t nf_cursor_left(const struct nf_cursor *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

const uint8_t *nf_cursor_bytes(struct nf_cursor *c, size_t len)
{
	if (c->failed || nf_cursor_left(c) < len) {
		c->failed = true;
		return NULL;
	}
	const uint8_t *p = c->at;
	if (len)
		c->at += len;
	return p;
}

void nf_cursor_skip(struct nf_cursor *c, size_t len)
{
	nf_cursor_bytes(c, len);
}

struct nf_cursor nf_cursor_sub(struct nf_cursor *c, size_t len)
{
	const uint8_t *p = nf_cursor_bytes(c, len);
	if (c->failed)
		return (struct nf_cursor){.failed = true};
	return nf_cursor_of(p, len);
}

static uint64_t big_endian(struct nf_cursor *c, size_t len)
{
	const uint8_t *p = nf_cursor_bytes(c, len);
	uint64_t n = 0;
	for (size_t i = 0; p && i < len; i++)
		n = n << 8 | p[i];
	return n;
}

static uint64_t little_endian(struct nf_cursor *c, size_t len)
{
	const uint8_t *p = nf_cursor_bytes(c, len);
	uint64_t n = 0;
	for (size_t i = len; p && i > 0; i--)
		n = n << 8 | p[i - 1];
	return n;
}

uint8_t nf_cursor_u8(struct nf_cursor *c)
{
	return (uint8_t)big_endian(c, 1);
}

uint16_t nf_cursor_be16(struct nf_cursor *c)
{
	return (uint16_t)big_endian(c, 2);
}

uint32_t nf_cursor_be32(struct nf_cursor *c)
{
	return (uint32_t)big_endian(c, 4);
}

uint64_t nf_cursor_be64(struct nf_cursor *c)
{
	return big_endian(c, 8);
}

uint16_t nf_cursor_le16(struct nf_cursor *c)
{
	return (uint16_t)little_endian(c, 2);
}

uint32_t nf_cursor_le32(struct nf_cursor *c)
{
	return (uint32_t)little_endian(c, 4);
}

uint64_t nf_cursor_le64(struct nf_cursor *c)
{
	return little_endian(c, 8);
}
