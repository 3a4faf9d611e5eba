// SPDX-License-Identifier: GPL-3.0-or-later
/* serve_own: what the parts of the small web server share. */
#pragma once

#include "web/serve.h"
#include "web/serve_file.h"

#include <stdbool.h>

/* One client; kept in a list to be swept. */
struct nf_client {
	struct nf_client *next, **at;
	struct MHD_Connection *connection;
	int64_t since_mono_us; /* it waits for a request, or takes its answer, since then */
	bool answering;
};

struct nf_serve_counts {
	uint64_t requests;    /* answered */
	uint64_t by_class[6]; /* by status / 100 */
	uint64_t ended;	      /* connections ended for being slow */
	uint64_t connections_now;
};

struct nf_server {
	struct MHD_Daemon *daemon;
	const struct nf_site *site;
	struct nf_serve_cache *cache;
	struct nf_client *clients;
	struct nf_serve_counts counts;
	int listen_fd;
	int64_t started_wall_us;
};

struct nf_request {
	const char *url, *method;
	bool has_body;
};

/* Answers; counts. */
enum MHD_Result nf_serve_answer(struct nf_server *server, struct MHD_Connection *connection,
	const struct nf_request *request);

/* Why the pages are not to be relied on; NULL: they are. The text is constant or in buf. */
const char *nf_serve_ill(const char *www_dir, int64_t now_wall_us, char *buf, size_t size);

/* The figures of www_dir's `metrics` while they are fresh, the server's own, and the end. Caller frees. */
char *nf_serve_figures(const struct nf_server *server, int64_t now_wall_us, size_t *len);
