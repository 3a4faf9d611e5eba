// SPDX-License-Identifier: GPL-3.0-or-later
/* line: a UDP socket of one network and family: bound to the network's source, sent to and read from in
 *       groups, opened again when its interface went and came back.
 * Shape:   nf_line_put queues a datagram; nf_line_flush sends what is queued with sendmmsg; what arrives
 *          is handed out one by one with NF_CODEC_SLACK zeroed bytes behind it.
 * Errors:  a line that cannot be opened says why once a minute and is tried again once a second.
 * Source:  socket(7) SO_BINDTODEVICE, udp(7), sendmmsg(2).
 */
#pragma once

#include "base/addr.h"
#include "base/clock.h"
#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct nf_line;
struct nf_line_pool;

#define NF_LINE_BATCH 64 /* datagrams in one system call */

/* Receive buffers, shared by the lines of one loop. */
struct nf_line_pool *nf_line_pool_new(void);
void nf_line_pool_free(struct nf_line_pool *pool);

struct nf_line_receiver {
	/* The bytes may be changed. */
	void (*received)(struct nf_line *line, const struct sockaddr *from, uint8_t *bytes,
		size_t len, void *arg);
	/* The datagram with this tag did not go out. EAGAIN: the kernel is full, try again soon. */
	void (*unsent)(struct nf_line *line, void *tag, int send_errno, void *arg);
	void *arg;
};

/* Borrows pool and network. */
struct nf_line *nf_line_new(uv_loop_t *loop, struct nf_line_pool *pool,
	const struct nf_network *network, enum nf_family family,
	const struct nf_line_receiver *receiver);
/* Takes; closed(arg) when its handle is closed on the loop, at once when it had none. */
void nf_line_close(struct nf_line *line, void (*closed)(void *arg), void *arg);

/* Copies. False: no room, flush first. */
bool nf_line_put(struct nf_line *line, const struct sockaddr *to, socklen_t to_len,
	const uint8_t *bytes, size_t len, void *tag);
void nf_line_flush(struct nf_line *line, struct nf_now now);
