// SPDX-License-Identifier: GPL-3.0-or-later
/* canary: a frame of our own that must come back over the mirror port, which shows that the mirror mirrors.
 * Shape:   a broadcast of 60 bytes with the local experimental EtherType 0x88b5, "netfold canary" and a
 *          random token. Nobody answers it, no router passes it on.
 * Source:  IEEE 802, section 9.2.4 (0x88b5 is for private experiments).
 * Rights:  opening the socket needs CAP_NET_RAW, sending does not. It never receives.
 */
#pragma once

#include "base/err.h"
#include "collector/wire/ether.h"

#include <stdbool.h>

#define NF_CANARY_BYTES 60

struct nf_canary_token {
	uint8_t bytes[16];
};

enum nf_err nf_canary_open(int *fd, struct nf_error *err);
/* A new random token, sent by this interface. NF_ENOENT: there is no such Ethernet interface. */
enum nf_err nf_canary_send(int fd, const char *interface, struct nf_canary_token *token);

/* The frame's bytes, for the sender and its tests. */
void nf_canary_write(const struct nf_mac *from, const struct nf_canary_token *token,
	uint8_t frame[NF_CANARY_BYTES]);
/* False: no canary. */
bool nf_canary_read(const struct nf_ether *ether, struct nf_canary_token *token);
