// SPDX-License-Identifier: GPL-3.0-or-later
/* checksum: the Internet checksum.
 * Shape:   pure. Bytes that hold their own checksum give 0.
 * Source:  RFC 1071; the pseudo header of ICMPv6 is RFC 8200, section 8.1.
 */
#pragma once

#include "base/addr.h"

#include <stddef.h>
#include <stdint.h>

/* The value for the checksum field, in network byte order's numeric value (high byte first). */
uint16_t nf_checksum(const uint8_t *bytes, size_t len);
/* The same behind the IPv6 pseudo header of an ICMPv6 message. */
uint16_t nf_checksum_icmp6(
	const struct nf_addr *from, const struct nf_addr *to, const uint8_t *bytes, size_t len);
