// SPDX-License-Identifier: GPL-3.0-or-later
/* kexinit: what a server offers, read from its first bytes, and why we have nothing in common.
 * Shape:   pure. The bytes are what a server sends in clear: lines until "SSH-…", then a packet of
 *          u32 length, u8 padding, 20, cookie, ten name-lists.
 * Why:     libssh2 says "Unable to exchange encryption keys" whatever was missing.
 * Source:  RFC 4253, 4.2 and 7.1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_offer_kind {
	NF_OFFER_KEX,
	NF_OFFER_HOST_KEY,
	NF_OFFER_CIPHER_TO, /* from us to the server */
	NF_OFFER_CIPHER_FROM,
	NF_OFFER_MAC_TO,
	NF_OFFER_MAC_FROM,
	NF_OFFERS, /* compression and languages always have "none" in common */
};

#define NF_OFFER_MAX 512

struct nf_offer {
	char lists[NF_OFFERS][NF_OFFER_MAX]; /* "a,b,c"; printable, long ones cut at a comma */
	char banner[128];		     /* "SSH-2.0-OpenSSH_9.2"; printable */
};

/* False where the bytes hold no whole KEXINIT; the banner is filled as far as it came. */
bool nf_kexinit_read(const uint8_t *bytes, size_t len, struct nf_offer *offer);

/* The first kind in which no name of ours is in theirs, or NF_OFFERS. ours: lists as in an offer. */
enum nf_offer_kind nf_kexinit_missing(
	const struct nf_offer *theirs, const char *const ours[NF_OFFERS]);

/* "MAC algorithm" … */
const char *nf_offer_name(enum nf_offer_kind kind);
/* What a person can do about it: "add hmac-sha2-256 to MACs in the server's sshd_config …". */
const char *nf_offer_remedy(enum nf_offer_kind kind);
