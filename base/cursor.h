// SPDX-License-Identifier: GPL-3.0-or-later
/* cursor: reads received bytes without ever reading past them.
 * Shape:   {at, end, failed}. A read past the end sets `failed` for good and returns 0 or NULL;
 *          decoders read on and look at `failed` once.
 * Units:   bytes; be = network byte order, le = little-endian.
 * Memory:  borrows the bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

struct nf_cursor nf_cursor_of(const void *bytes, size_t len);
size_t nf_cursor_left(const struct nf_cursor *c); /* 0 once failed */
uint8_t nf_cursor_u8(struct nf_cursor *c);
uint16_t nf_cursor_be16(struct nf_cursor *c);
uint32_t nf_cursor_be32(struct nf_cursor *c);
uint64_t nf_cursor_be64(struct nf_cursor *c);
uint16_t nf_cursor_le16(struct nf_cursor *c);
uint32_t nf_cursor_le32(struct nf_cursor *c);
uint64_t nf_cursor_le64(struct nf_cursor *c);
/* The next len bytes, borrowed; NULL (and failed) where there are fewer. */
const uint8_t *nf_cursor_bytes(struct nf_cursor *c, size_t len);
void nf_cursor_skip(struct nf_cursor *c, size_t len);
/* A cursor over the next len bytes, which are consumed here; failed where there are fewer. */
struct nf_cursor nf_cursor_sub(struct nf_cursor *c, size_t len);
