// SPDX-License-Identifier: GPL-3.0-or-later
/* tap: a capture on one Ethernet interface, promiscuous, of what arrives.
 * Shape:   libpcap in blocks (not one wake-up a frame), 512 bytes a frame: headers with the options and
 *          names that are read. Frames that this machine sends itself by the interface are left out. A kernel
 *          that takes the VLAN tag off gives it beside the frame; libpcap puts it back.
 * Errors:  NF_EPERM without CAP_NET_RAW; NF_ENOENT there is no such interface, or it is down; NF_EINVAL it is no
 *          Ethernet. Reading: NF_ECLOSED it was deleted; nothing will come any more.
 * Rights:  nf_tap_open needs CAP_NET_RAW; the rest needs none.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct nf_tap;

enum nf_err nf_tap_open(const char *interface, struct nf_tap **tap, struct nf_error *err);
void nf_tap_close(struct nf_tap *tap);	 /* takes; NULL is fine */
int nf_tap_fd(const struct nf_tap *tap); /* readable when a block is there */

/* captured of a frame of len bytes. */
typedef void nf_tap_fn(const uint8_t *bytes, size_t captured, size_t len, void *arg);
/* Hands over what is there, without waiting, at most a few blocks' worth. */
enum nf_err nf_tap_read(struct nf_tap *tap, nf_tap_fn *fn, void *arg);

/* Frames that the kernel or the card lost since the last call. */
uint64_t nf_tap_drops(struct nf_tap *tap);
/* Whether the interface is there, the same one as when it was opened. */
enum nf_err nf_tap_look(const struct nf_tap *tap);
