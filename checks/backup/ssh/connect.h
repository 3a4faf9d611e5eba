// SPDX-License-Identifier: GPL-3.0-or-later
/* connect: a TCP connection from a network's own way out, made without waiting.
 * Memory:  done ends it; nf_connect_cancel before that too. Either way it frees itself.
 */
#pragma once

#include "base/addr.h"
#include "conf/site.h"

#include <stdint.h>
#include <uv.h>

struct nf_connect;

/* fd: connected, given, non-blocking; or -1 and why. Never called from inside nf_connect_start. */
typedef void nf_connect_fn(void *ctx, int fd, const char *why);

/* NULL where not even a socket could be made: err tells. */
struct nf_connect *nf_connect_start(uv_loop_t *loop, const struct nf_network *network,
	const struct nf_addr *address, uint16_t port, nf_connect_fn *done, void *ctx,
	struct nf_error *err);
void nf_connect_cancel(struct nf_connect *c); /* NULL is fine */
