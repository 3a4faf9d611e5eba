// SPDX-License-Identifier: GPL-3.0-or-later
/* addr: an IP address, a prefix, a MAC; never a host name.
 * Shape:   IPv4 is kept in bytes[0..3], the rest zero; equality and hashing work on the whole struct.
 * Source:  RFC 4291, RFC 5952 (text form of IPv6), RFC 4632.
 */
#pragma once

#include "base/err.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum nf_family { NF_FAMILY_NONE = 0, NF_IPV4 = 4, NF_IPV6 = 6 };

struct nf_addr {
	uint8_t bytes[16]; /* network byte order */
	uint8_t family;	   /* enum nf_family */
	uint8_t zero[3];
};

struct nf_prefix {
	struct nf_addr addr; /* host bits are zero */
	uint8_t bits;
};

struct nf_mac {
	uint8_t bytes[6];
};

#define NF_ADDR_TEXT_MAX INET6_ADDRSTRLEN
#define NF_MAC_TEXT_MAX	 18

/* NF_EFORMAT for anything but one whole address; no scope, no brackets, no leading zeros. */
enum nf_err nf_addr_parse(const char *text, struct nf_addr *out);
/* NF_EFORMAT as above; NF_ERANGE for bits out of bounds or host bits set. */
enum nf_err nf_prefix_parse(const char *text, struct nf_prefix *out);
/* Any case; colons, dashes, dots (Cisco), or none. */
enum nf_err nf_mac_parse(const char *text, struct nf_mac *out);

char *nf_addr_format(const struct nf_addr *addr, char buf[NF_ADDR_TEXT_MAX]);
char *nf_mac_format(
	const struct nf_mac *mac, char buf[NF_MAC_TEXT_MAX]); /* lower case, colons */

uint64_t nf_mac_number(const struct nf_mac *mac); /* its 48 bits */

bool nf_addr_equal(const struct nf_addr *a, const struct nf_addr *b);
bool nf_prefix_contains(const struct nf_prefix *prefix, const struct nf_addr *addr);
bool nf_prefix_overlap(const struct nf_prefix *a, const struct nf_prefix *b);

/* Fills ss (port in host order); returns the length for sendto. */
socklen_t nf_addr_to_sockaddr(
	const struct nf_addr *addr, uint16_t port, struct sockaddr_storage *ss);
/* False for another family. IPv4-mapped IPv6 becomes IPv4. port may be NULL. */
bool nf_addr_from_sockaddr(const struct sockaddr *sa, struct nf_addr *out, uint16_t *port);
