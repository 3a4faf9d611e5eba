// SPDX-License-Identifier: GPL-3.0-or-later
/* dns: which names a message says belong to which addresses (DNS, mDNS, LLMNR).
 * Shape:   the A and AAAA records of answers and additionals, eight at most, with their owner's name as
 *          text: labels joined by dots, lower case, bytes that are no plain text as '?'.
 * Errors:  NF_EFORMAT cut in the header, a name that loops or is too long, counts that lie. A message that
 *          the capture cut gives what came before.
 * Memory:  constant; names are copied.
 * Source:  RFC 1035, RFC 6762 (mDNS), RFC 4795 (LLMNR).
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"

#include <stdbool.h>

#define NF_DNS_NAME_MAX 256
#define NF_DNS_HOSTS	8

struct nf_dns_host {
	char name[NF_DNS_NAME_MAX]; /* without a dot at its end; "" the root */
	struct nf_addr address;
};

struct nf_dns {
	bool response;
	uint8_t opcode;
	size_t len;
	struct nf_dns_host hosts[NF_DNS_HOSTS];
};

/* cut: the capture has not all of it. */
enum nf_err nf_dns_decode(struct nf_cursor message, bool cut, struct nf_dns *out);

/* Labels without a header and without pointers, as nf_dns_decode writes names. A DHCPv6 client that does not know its
 * whole name leaves out the zero label at its end (RFC 4704 4.2). */
enum nf_err nf_dns_labels(struct nf_cursor labels, char name[NF_DNS_NAME_MAX]);
