// SPDX-License-Identifier: GPL-3.0-or-later
/* deflate_tail: finds the last block of a deflate stream from behind, without the stream before it.
 * Shape:   pure. Every bit offset from the end backwards is tried as the head of a block; one from which
 *          everything inflates and stops exactly where the stream should end is it. Text that is copied
 *          from before it is not known and appears as NUL.
 * Why:     a gzip file that was cut has eight bytes at its end as well; only the final block tells.
 * Source:  RFC 1951, 3.2.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* deflate: the last bytes of the stream, trailer cut off; length: what the trailer says of the text's
 * length. On success the last block's text (and no more than some MiB) is in *text. */
bool nf_deflate_tail(
	const uint8_t *deflate, size_t len, uint32_t length, struct nf_strbuf *text);
