// SPDX-License-Identifier: GPL-3.0-or-later
/* serve_guard: what keeps readers and this machine safe: headers, the names it answers to, the rights it gives up.
 * Source:  RFC 9110 7.2 (Host), CSP level 3. A page elsewhere may not reach the loopback through a reader's
 *          browser by a name of its own that points here (DNS rebinding): such a name is refused.
 */
#pragma once

#include "base/err.h"
#include "conf/site.h"

#include <microhttpd.h>
#include <stdbool.h>

void nf_serve_guard_headers(struct MHD_Response *response);

/* NULL, as HTTP/1.0 may have it, is fine: a browser always says it. */
bool nf_serve_guard_host(const struct nf_text_list *names, const char *host);

/* Does an Accept-Encoding (NULL: none) take gzip? */
bool nf_serve_guard_takes_gzip(const char *accept);
/* Does an If-None-Match name this entity tag? Compared weakly. */
bool nf_serve_guard_matches(const char *if_none_match, const char *etag);

/* As root becomes www_dir's owner; gives up every capability, and the system calls that start programs, call out,
 * look at other processes or change files by name. For good. */
enum nf_err nf_serve_guard_shed(const char *www_dir, struct nf_error *err);
