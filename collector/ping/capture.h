// SPDX-License-Identifier: GPL-3.0-or-later
/* capture: the echoes of one identifier, as the kernel saw them leave and arrive.
 * Shape:   libpcap on "any", TPACKET_V3 blocks (never one wake-up a packet), nanosecond time stamps, a
 *          short kernel filter. "any" outlives every interface, so it is opened once.
 * Rights:  nf_capture_open needs CAP_NET_RAW; the rest needs none.
 */
#pragma once

#include "base/err.h"
#include "collector/ping/frame.h"

struct nf_capture;

/* NF_EPERM without CAP_NET_RAW. */
enum nf_err nf_capture_open(uint16_t id, struct nf_capture **capture, struct nf_error *err);
void nf_capture_close(struct nf_capture *capture); /* takes; NULL is fine */

/* wall_ns: the kernel's time of the packet. */
typedef void nf_capture_fn(const struct nf_frame *frame, int64_t wall_ns, void *arg);

/* Hands over everything that is there, without waiting. NF_ECLOSED: the capture is broken for good. */
enum nf_err nf_capture_read(struct nf_capture *capture, nf_capture_fn *fn, void *arg);

uint64_t nf_capture_drops(struct nf_capture *capture);	   /* packets lost since the start */
uint64_t nf_capture_bad(const struct nf_capture *capture); /* packets the decoder refused */
