// SPDX-License-Identifier: GPL-3.0-or-later
/* serve: the small web server: GET and HEAD of what lies in www_dir, /metrics and /healthz.
 * Shape:   libmicrohttpd without threads, turned by the owner's loop: wait for nf_serve_fd to be readable or
 *          nf_serve_wait_ms to pass, then nf_serve_turn. nf_serve_sweep every second ends who is too slow.
 * Bounds:  256 connections; 16 KiB of request; a request is whole within 10 s of its beginning, an answer
 *          taken within 120 s; idle for 10 s is enough.
 * Errors:  NF_EEXIST the port is taken; NF_EPERM it may not be had.
 * Memory:  borrows the site until nf_serve_site or nf_serve_free.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "conf/site.h"

#define NF_SERVE_CONNECTIONS_MAX 256
#define NF_SERVE_HEADER_US	 (10 * NF_US_PER_S)
#define NF_SERVE_ANSWER_US	 (120 * NF_US_PER_S)
/* Pages and figures that are older are not what they say (two looks of netfold-publish, and one missed). */
#define NF_SERVE_FRESH_US (180 * NF_US_PER_S)
/* In a large site in which nothing changes they are written every five minutes only. */
#define NF_SERVE_FIGURES_US (480 * NF_US_PER_S)

struct nf_server;

enum nf_err nf_serve_new(
	const struct nf_site *site, struct nf_server **server, struct nf_error *err);
void nf_serve_free(struct nf_server *server); /* takes; NULL is fine */
/* From now on of this site; its address stays that of the start. */
void nf_serve_site(struct nf_server *server, const struct nf_site *site);

int nf_serve_fd(const struct nf_server *server);
int64_t nf_serve_wait_ms(const struct nf_server *server); /* -1: for ever */
void nf_serve_turn(struct nf_server *server);
void nf_serve_sweep(struct nf_server *server, struct nf_now now);
