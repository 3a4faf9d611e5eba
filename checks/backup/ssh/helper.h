// SPDX-License-Identifier: GPL-3.0-or-later
/* helper: a process of our own program in another role, and the pair of sockets to it.
 * Shape:   started again from /proc/self/exe with an empty environment and nothing open but stderr, its
 *          socket (3) and one shared page (4). It ends when its socket closes.
 * Memory:  a helper frees itself after freed() was called.
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct nf_helper;

enum nf_helper_role { NF_HELPER_WORKER, NF_HELPER_SIGNER };

struct nf_helper_events {
	void (*message)(void *ctx, struct nf_helper *h, const uint8_t *bytes, size_t len);
	void (*gone)(void *ctx, struct nf_helper *h, int64_t status, int signal); /* once */
	void (*freed)(void *ctx); /* once, after gone; its handles are closed */
};

enum nf_err nf_helper_start(uv_loop_t *loop, enum nf_helper_role role,
	const struct nf_helper_events *events, void *ctx, struct nf_helper **helper,
	struct nf_error *err);
/* Queued while the socket is full. passed: a descriptor, taken, or -1. */
void nf_helper_send(struct nf_helper *h, const struct nf_strbuf *message, int passed);
/* What the helper was busy with: the session it steps, or 0. Written by it, so not to be trusted. */
uint32_t nf_helper_blame(const struct nf_helper *h);
/* Ends it at once; gone and freed follow from the loop. */
void nf_helper_kill(struct nf_helper *h);
uv_pid_t nf_helper_pid(const struct nf_helper *h);
