// SPDX-License-Identifier: GPL-3.0-or-later
/* recompute: the whole way from facts to stages, networks and progress, again and again; part of
 *            netfold-verify.
 * Process: one of its own (checks/cutover/passes.h); `--once` makes its one pass itself.
 * Shape:   a pass gathers sightings, reads the sums of the ledger, learns identities, and computes every
 *          device's stage anew: nothing is carried from pass to pass, so that a pass after a kill gives what
 *          it would have given. Written are stages that changed, what is newer of a few hundred
 *          devices, and every NF_RECOMPUTE_FRESH_US the rest.
 *          A stage that changes is an event (kind "stage", check "cutover").
 * Clock:   while the wall clock is in doubt (store/clock_guard.h) nothing is gathered or computed, nor while most of
 *          the ledger is of days to come: then the clock is behind, unless it goes on so for a week. What a clock that was ahead wrote is taken
 *          back once it is right again. What is older than cutover.keep is forgotten at once where more is
 *          left, else when the clock has not jumped for a day; but for what checks/cutover/spared.h names.
 * Bounds:  one pass of 10,000 devices takes one to two seconds of CPU; writes are in transactions of some hundred rows.
 */
#pragma once

#include "base/clock.h"
#include "base/strbuf.h"
#include "conf/site.h"
#include "store/store.h"

#define NF_RECOMPUTE_EVERY_US (60 * NF_US_PER_S)
#define NF_RECOMPUTE_FRESH_US (600 * NF_US_PER_S)

struct nf_recompute;

struct nf_recompute *nf_recompute_new(struct nf_store *store);
void nf_recompute_free(struct nf_recompute *recompute); /* takes; NULL is fine */

/* A pass when one is due, and a step of forgetting what is older than cutover.keep. A site without an old
 * network costs nothing. */
void nf_recompute_tick(
	struct nf_recompute *recompute, const struct nf_site *site, struct nf_now now);
/* The next tick makes a pass, due or not: the site is another one. */
void nf_recompute_again(struct nf_recompute *recompute);
/* Whether the site has an old network. */
bool nf_recompute_is_needed(const struct nf_site *site);
/* A pass now. */
enum nf_err nf_recompute_pass(struct nf_recompute *recompute, const struct nf_site *site,
	struct nf_now now, struct nf_error *err);

struct nf_recompute_stats {
	uint64_t passes, sightings, changes;
	size_t devices, rows; /* that move; sums of the ledger */
	int64_t pass_us;      /* the last one's time */
};
struct nf_recompute_stats nf_recompute_stats(const struct nf_recompute *recompute);
/* As a flat JSON object of numbers. */
void nf_recompute_figures(const struct nf_recompute_stats *stats, struct nf_strbuf *out);
