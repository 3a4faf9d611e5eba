// SPDX-License-Identifier: GPL-3.0-or-later
/* heartbeat: a sign of life that is given only while all programs are healthy, so that somebody else
 * notices when netfold is not: a file that is written, and a URL that is fetched, every minute.
 * Shape:   the URL is fetched in a thread of libuv's pool; the loop never waits. Redirects are not followed,
 *          and its certificate is checked.
 * Errors:  are logged, and tried again in the next minute.
 * Memory:  nf_heartbeat_new gives, nf_heartbeat_free takes once nf_heartbeat_is_idle.
 */
#pragma once

#include "base/clock.h"
#include "base/strbuf.h"
#include "checks/picture.h"

#include <uv.h>

struct nf_heartbeat;

struct nf_heartbeat *nf_heartbeat_new(uv_loop_t *loop);
void nf_heartbeat_free(struct nf_heartbeat *heartbeat); /* NULL is fine */
/* Once a second or so; picture is taken only when a beat is due. True: the beat was given. */
bool nf_heartbeat_is_due(const struct nf_heartbeat *heartbeat, struct nf_now now);
void nf_heartbeat_give(struct nf_heartbeat *heartbeat, const struct nf_site *site,
	const struct nf_picture *picture, struct nf_now now);

/* Whether every program that this site needs has given a sign of life in the last minute; else `why`
 * gets what is missing. */
bool nf_heartbeat_is_healthy(const struct nf_picture *picture, struct nf_strbuf *why);
