// SPDX-License-Identifier: GPL-3.0-or-later
/* bytes: a piece of a frame, borrowed; what a decoder found and somebody else will escape.
 * Shape:   {at, len}; len 0: it was not there.
 */
#pragma once

#include "base/cursor.h"

#include <stddef.h>
#include <stdint.h>

struct nf_bytes {
	const uint8_t *at;
	size_t len;
};

/* All that is left in c. */
static inline struct nf_bytes nf_bytes_of(struct nf_cursor c)
{
	return (struct nf_bytes){c.at, nf_cursor_left(&c)};
}
