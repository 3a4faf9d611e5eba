// SPDX-License-Identifier: GPL-3.0-or-later
/* checksum: the Internet checksum.
 * Shape:   pure. Bytes that hold their own checksum give 0.
 * Source:  RFC 1071; pseudo headers are RFC 768, RFC 9293 and, for IPv6, RFC 8200, section 8.1.
 */
#pragma once

#include "base/addr.h"

#include <stddef.h>
#include <stdint.h>

/* The value for the checksum field, in network byte order's numeric value (high byte first). */
uint16_t nf_checksum(const uint8_t *bytes, size_t len);
/* The same behind the pseudo header of a message of TCP, UDP or ICMPv6; both addresses of one family. */
uint16_t nf_checksum_ip(const struct nf_addr *from, const struct nf_addr *to, uint8_t protocol,
	const uint8_t *bytes, size_t len);
/* As nf_checksum_ip, of an ICMPv6 message. */
uint16_t nf_checksum_icmp6(
	const struct nf_addr *from, const struct nf_addr *to, const uint8_t *bytes, size_t len);
