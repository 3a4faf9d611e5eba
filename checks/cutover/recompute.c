// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/recompute.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "checks/cutover/duplicates.h"
#include "checks/cutover/gather.h"
#include "checks/cutover/recompute_own.h"
#include "checks/cutover/spared.h"
#include "checks/cutover/vacated.h"
#include "checks/cutover/wave_trim.h"
#include "store/clock_guard.h"

#define TRIM_EVERY_US  (10 * NF_US_PER_S)
#define TRIM_LOOK_US   (600 * NF_US_PER_S) /* reads all days */
#define BEHIND_MOST_US (7 * NF_DAY_US)
#define TRIM_STEPS     5

struct nf_recompute {
	struct nf_store *store;
	struct nf_gather *gather;
	struct nf_clock_guard guard;
	int64_t passed_mono_us, trimmed_mono_us;
	int64_t steady_mono_us; /* since when the clock did not jump; 0: not known */
	bool passed, is_trimming;
	int64_t trimmed_day;
	struct nf_recompute_stats stats;
};

struct nf_recompute *nf_recompute_new(struct nf_store *store)
{
	struct nf_recompute *r = nf_xcalloc(1, sizeof *r);

	r->store = store;
	r->gather = nf_gather_new(store);
	return r;
}

void nf_recompute_free(struct nf_recompute *r)
{
	if (!r)
		return;
	nf_gather_free(r->gather);
	free(r);
}

struct nf_recompute_stats nf_recompute_stats(const struct nf_recompute *r)
{
	return r->stats;
}

void nf_recompute_figures(const struct nf_recompute_stats *s, struct nf_strbuf *out)
{
	const struct {
		const char *name;
		uint64_t value;
	} list[] = {
		{"moving",	   s->devices	     },
		{"sightings",	      s->sightings	  },
		{"ledger_rows",	s->rows	       },
		{"stage_changes",	  s->changes	    },
		{"cutover_passes",  s->passes	    },
		{"cutover_pass_us", (uint64_t)s->pass_us},
	};
	struct nf_json j = nf_json_of(out);

	nf_json_object(&j);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		nf_json_key(&j, list[i].name);
		nf_json_u64(&j, list[i].value);
	}
	nf_json_end(&j);
}

bool nf_recompute_is_needed(const struct nf_site *site)
{
	NF_EACH(const struct nf_network, n, site->networks)
	{
		if (n->role == NF_ROLE_LEGACY)
			return true;
	}
	return false;
}

static enum nf_err load_book(struct nf_pass *p)
{
	p->book = nf_book_new();
	return nf_book_load(p->book, p->store, p->site);
}

static bool is_steady_for(const struct nf_recompute *r, int64_t mono_us, int64_t for_us)
{
	return r->steady_mono_us != 0 && mono_us - r->steady_mono_us >= for_us;
}

/* What is dated ahead was written by a clock that was ahead, unless there is more of it than of what was: then this
 * clock is behind, and the ledger is right; but not when it goes on like that. */
static enum nf_err look_ahead(
	const struct nf_recompute *r, struct nf_pass *p, int64_t mono_us, bool *is_behind)
{
	bool is_ahead = false;
	uint64_t until = 0, after = 0;
	enum nf_err e = nf_ledger_is_ahead(p->store, p->now_us, &is_ahead);

	*is_behind = false;
	if (e == NF_OK && is_ahead)
		e = nf_ledger_days(p->store, p->now_us / NF_DAY_US, &until, &after);
	if (e != NF_OK || !is_ahead)
		return e;
	*is_behind = after > until && !is_steady_for(r, mono_us, BEHIND_MOST_US);
	nf_log_limited("ahead", NF_LOG_WARN, "cutover", "%s",
		*is_behind
			? "most of the ledger is of days to come: the clock is behind, nothing is computed"
			: "the ledger has hours to come, from a clock that was ahead: taken back");
	return *is_behind ? NF_OK : nf_ledger_forget_ahead(p->store, p->now_us);
}

static void free_pass(struct nf_pass *p)
{
	for (size_t i = 0; i < p->site->networks.len; i++)
		nf_quiet_free(p->quiets[i]);
	free(p->quiets);
	nf_around_free(p->around);
	nf_identities_free(p->ids);
	nf_book_free(p->book);
	nf_arena_free(p->arena);
	free(p->stages);
	free(p->since_us);
}

static enum nf_err compute(struct nf_recompute *r, struct nf_pass *p)
{
	enum nf_err e = load_book(p);

	if (e == NF_OK) {
		p->ids = nf_identities_learn(p->site, p->book);
		p->around = nf_around_load(p->store, p->site, p->book, p->ids, p->now_us, &e);
	}
	if (e == NF_OK)
		e = nf_pass_quiets(p);
	if (e == NF_OK)
		e = nf_pass_devices(p);
	if (e == NF_OK)
		e = nf_pass_networks(p);
	if (e == NF_OK)
		e = nf_duplicates_keep(p->store, p->ids);
	if (e == NF_OK)
		e = nf_vacated_keep(p->store,
			&(struct nf_vacating){p->site, p->book, p->ids, p->stages, p->now_us});
	nf_book_rows(p->book, &r->stats.rows);
	r->stats.devices = p->devices;
	r->stats.changes += p->changes;
	return e;
}

enum nf_err nf_recompute_pass(struct nf_recompute *r, const struct nf_site *site,
	struct nf_now now, struct nf_error *err)
{
	struct nf_clock_limit limit = nf_clock_guard_limit(&r->guard, now);
	uint64_t sightings = 0;
	bool is_behind = false;
	struct nf_pass p = {.store = r->store, .site = site, .now_us = now.wall_us};

	if (!nf_recompute_is_needed(site) || limit.hold)
		return NF_OK;
	enum nf_err e = look_ahead(r, &p, now.mono_us, &is_behind);
	if (e == NF_OK && is_behind)
		return NF_OK;
	if (e == NF_OK)
		e = nf_gather_run(r->gather, site, limit.newest_s * NF_US_PER_S, &sightings);
	r->stats.sightings += sightings;
	p.arena = nf_arena_new();
	p.quiets = nf_xcalloc(site->networks.len + 1, sizeof *p.quiets);
	p.stages = nf_xcalloc(site->devices.len + 1, sizeof *p.stages);
	p.since_us = nf_xcalloc(site->devices.len + 1, sizeof *p.since_us);
	if (e == NF_OK)
		e = compute(r, &p);
	if (e != NF_OK)
		nf_error_set(err, e, "cutover: %s", nf_store_error(r->store));
	free_pass(&p);
	r->stats.passes++;
	r->stats.pass_us = nf_clock_now().mono_us - now.mono_us;
	return e;
}

/* A clock that is ahead would make all be forgotten: what takes more than it leaves waits until the clock has gone
 * on for a day without a jump. */
static bool may_trim(const struct nf_recompute *r, int64_t day, int64_t mono_us)
{
	uint64_t gone = 0, kept = 0;

	if ((r->is_trimming && day == r->trimmed_day) || is_steady_for(r, mono_us, NF_DAY_US))
		return true;
	return nf_ledger_old(r->store, day, &gone, &kept) == NF_OK && gone <= kept;
}

/* A few thousand rows at a time: nobody waits for it. */
static void trim(struct nf_recompute *r, const struct nf_site *site, struct nf_now now)
{
	int64_t day = (now.wall_us - site->cutover.keep_us) / NF_DAY_US;
	uint64_t removed = 0;

	if (r->steady_mono_us == 0 || r->guard.doubting)
		r->steady_mono_us = now.mono_us;
	if (r->guard.doubting || (!r->is_trimming && day == r->trimmed_day) ||
		now.mono_us - r->trimmed_mono_us < TRIM_EVERY_US)
		return;
	r->trimmed_mono_us = now.mono_us;
	if (!may_trim(r, day, now.mono_us)) {
		r->trimmed_mono_us += TRIM_LOOK_US;
		return;
	}
	if (!r->is_trimming && (nf_spared_mark(r->store, site) != NF_OK ||
				       nf_wave_trim(r->store, site, day * NF_DAY_US) != NF_OK))
		return;
	r->is_trimming =
		nf_sightings_purge(r->store, day, NULL, TRIM_STEPS, &removed) != NF_OK ||
		removed > 0;
	r->trimmed_day = day;
}

void nf_recompute_again(struct nf_recompute *r)
{
	r->passed = false;
}

void nf_recompute_tick(struct nf_recompute *r, const struct nf_site *site, struct nf_now now)
{
	struct nf_error err;

	if (!nf_recompute_is_needed(site))
		return;
	if (!r->passed || now.mono_us - r->passed_mono_us >= NF_RECOMPUTE_EVERY_US) {
		r->passed = true;
		r->passed_mono_us = now.mono_us;
		if (nf_recompute_pass(r, site, now, &err) != NF_OK)
			nf_log_limited("cutover", NF_LOG_WARN, "cutover", "%s", err.text);
	}
	trim(r, site, now);
}
