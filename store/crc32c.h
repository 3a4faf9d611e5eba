// SPDX-License-Identifier: GPL-3.0-or-later
/* crc32c: the Castagnoli checksum that guards journal records.
 * Shape:   nf_crc32c(nf_crc32c(0, a), b) is the checksum of a and b in a row; of "123456789" it is
 *          0xE3069283. With SSE 4.2 one instruction takes eight bytes; elsewhere a table of 16.
 * Source:  RFC 3720, B.4.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t nf_crc32c(uint32_t crc, const void *bytes, size_t len);
/* Without the instruction, for its test. */
uint32_t nf_crc32c_plain(uint32_t crc, const void *bytes, size_t len);
