// SPDX-License-Identifier: GPL-3.0-or-later
/* watch: every device of a site, asked once an interval, and asked again when the judge wants to know.
 * Shape:   a device is asked on all its legs at once and judged when all have answered. Usual bursts have
 *          polling.echoes; confirming ones (after a first failure, or for a child whose parent must be
 *          asked) a single echo.
 * Units:   microseconds.
 * Memory:  borrows pinger, judge, journal and site; the site until nf_watch_reload or free.
 */
#pragma once

#include "checks/judge.h"
#include "collector/ping/pinger.h"
#include "conf/site.h"
#include "store/journal.h"
#include "store/store.h"

#include <uv.h>

struct nf_watch;

struct nf_watch_parts {
	struct nf_pinger *pinger;
	struct nf_judge *judge;
	struct nf_journal *journal;
	bool once; /* every device now, with its confirmations, then done() */
	void (*done)(void *arg);
	void *arg;
};

/* Starts asking. */
struct nf_watch *nf_watch_new(
	uv_loop_t *loop, const struct nf_watch_parts *parts, const struct nf_site *site);
/* Another site, which pinger and judge are told here. A device that stays keeps what is remembered of it
 * and its burst under way. The old site may be freed afterwards. */
void nf_watch_reload(struct nf_watch *watch, const struct nf_site *site);
/* Asks no more; answers under way are dropped with the pinger. Before nf_watch_free. */
void nf_watch_stop(struct nf_watch *watch);
void nf_watch_free(struct nf_watch *watch); /* takes; after its loop ended; NULL is fine */

/* What an earlier run told of the devices that were not asked yet (presence.h): after new, and after reload for those
 * that are new or were given another address. A failure leaves them as if nothing had been told. */
enum nf_err nf_watch_recall(struct nf_watch *watch, struct nf_store *store);
/* Writes which addresses answer (presence.h), of at most so many devices that are due. */
void nf_watch_tell(struct nf_watch *watch, struct nf_store *store, size_t most);

struct nf_watch_stats {
	size_t devices, under_way, confirming;
	uint64_t skipped;      /* due while its last burst was still under way */
	int64_t cycle_wall_us; /* the last full round ended; 0: none yet */
};
struct nf_watch_stats nf_watch_stats(const struct nf_watch *watch);
