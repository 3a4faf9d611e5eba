// SPDX-License-Identifier: GPL-3.0-or-later
/* utf8: one character at a time, for base/text.
 * Source:  RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The length of the well-formed character at p (left bytes are there, at least 1), its code point in
 * *rune; 0 where there is none. */
size_t nf_utf8_decode(const uint8_t *p, size_t left, uint32_t *rune);
