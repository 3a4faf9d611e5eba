// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/service.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "checks/cutover/vacated.h"
#include "checks/write_out.h"
#include "collector/snmp/rounds.h"
#include "conf/load.h"
#include "store/beat.h"

#define PROGRAM	       "netfold-snmp"
#define RELOAD_WAIT_US (1 * NF_US_PER_S) /* for polls under way; the others are begun anew */

enum { SECOND_MS = 1000, BEAT_EVERY_S = 5, VACATED_EVERY_S = 20, STORE_BUSY_MS = 50 };

struct service {
	struct nf_program_ctx *ctx;
	struct nf_site *site, *site_before, *site_next; /* before: until nobody uses it */
	struct nf_profiles *profiles, *profiles_next;
	struct nf_store *store;
	struct nf_journal *journal;
	struct nf_judge *judge;
	struct nf_poller *poller;
	struct nf_rounds *rounds;
	json_t *vacated;
	uv_timer_t second;
	bool ticking, reloading, reload_again;
	uint64_t seconds;
	struct nf_beat beat;
};

/* Site and profiles, or neither; every mistake is logged. */
static bool load(const char *file, struct nf_site **site, struct nf_profiles **profiles)
{
	struct nf_diags *diags = nf_diags_new();
	*site = NULL;
	*profiles = NULL;
	bool good = nf_site_load(file, diags, site) == NF_OK &&
		    nf_profiles_of_site(*site, diags, profiles) == NF_OK;
	nf_diags_log(diags, "site");
	nf_diags_free(diags);
	if (good)
		return true;
	nf_profiles_free(*profiles);
	nf_site_free(*site);
	*profiles = NULL;
	*site = NULL;
	return false;
}

static struct nf_poller_options poller_options(const struct service *s)
{
	return (struct nf_poller_options){
		.profiles = s->profiles,
		.journal = s->journal,
		.judge = s->judge,
		.store = s->store,
		.cycle_us = s->site->polling.snmp_us,
		.topology_us = s->site->polling.topology_us,
		.settles_us = s->site->polling.port_settles_us,
		.vacated = s->vacated,
	};
}

/* What the cutover expects to be down. A busy store: what is known stays. */
static void read_vacated(struct service *s)
{
	json_t *before = s->vacated, *now = NULL;
	if (nf_vacated_read(s->store, &now) != NF_OK) {
		json_decref(now);
		return;
	}
	s->vacated = now;
	struct nf_poller_options options = poller_options(s);
	nf_poller_reload(s->poller, &options);
	json_decref(before);
}

static void beat(struct service *s, struct nf_now now)
{
	struct nf_rounds_stats r = nf_rounds_stats(s->rounds);
	struct nf_judge_stats j = nf_judge_stats(s->judge);
	struct nf_journal_stats n = nf_journal_stats(s->journal);
	const struct nf_figure figures[] = {
		{"devices",	    r.devices		     },
		{"under_way",	      r.under_way		 },
		{"waiting",	    r.waiting		     },
		{"confirming",      r.confirming	   },
		{"polls",		  r.polls		 },
		{"skipped",	    r.skipped		     },
		{"lag_us",	   (uint64_t)r.lag_us     },
		{"cycle_us",	     (uint64_t)r.cycle_us	 },
		{"requests",	     r.asker.requests	     },
		{"answers",	    r.asker.answers	   },
		{"retries",	    r.asker.retries	   },
		{"timeouts",	     r.asker.timeouts	     },
		{"in_flight",	      r.asker.in_flight      },
		{"values",	   r.asker.values	 },
		{"wrong_source",	 r.asker.wrong_source   },
		{"wrong_community", r.asker.wrong_community},
		{"unmatched",	      r.asker.unmatched      },
		{"malformed",	      r.asker.malformed      },
		{"unauthentic",	r.asker.unauthentic	   },
		{"changes",	    j.changes		     },
		{"owed",		 j.owed		       },
		{"samples",	    n.samples		     },
		{"samples_dropped", n.dropped		     },
	};
	/* A busy store: with the next beat. */
	nf_beat_tell(s->store, &s->beat, now, r.cycle_wall_us, figures,
		sizeof figures / sizeof figures[0]);
}

static void on_second(uv_timer_t *timer)
{
	struct service *s = timer->data;
	struct nf_now now = nf_clock_now();
	nf_write_out(s->judge, s->journal, now);
	if (s->seconds % VACATED_EVERY_S == 0 && !s->reloading)
		read_vacated(s);
	if (s->seconds++ % BEAT_EVERY_S == 0)
		beat(s, now);
}

static void passed(void *arg)
{
	struct service *s = arg;
	nf_program_exit(s->ctx, NF_EXIT_GOOD);
}

static enum nf_err open_parts(struct service *s, struct nf_error *err)
{
	const char *folder = s->site->state_dir;
	struct nf_now now = nf_clock_now();
	struct nf_judge_options options = {
		.program = PROGRAM,
		.cycle_us = s->site->polling.snmp_us,
		.once = s->ctx->args.once,
	};
	enum nf_err e = nf_store_open(folder, NF_STORE_WRITE, STORE_BUSY_MS, &s->store, err);
	if (e == NF_OK)
		e = nf_beat_begin(&s->beat, PROGRAM, folder, now, err);
	if (e == NF_OK)
		e = nf_journal_open(folder, PROGRAM, &s->journal, err);
	if (e == NF_OK)
		e = nf_judge_new(&options, s->site, s->store, now, &s->judge, err);
	return e;
}

enum nf_err nf_snmp_service_start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct service *s = ctx->state = nf_xcalloc(1, sizeof *s);
	s->ctx = ctx;
	if (!load(ctx->args.config_file, &s->site, &s->profiles))
		return nf_error_set(err, NF_EINVAL, "%s has mistakes", ctx->args.config_file);
	enum nf_err e = open_parts(s, err);
	if (e != NF_OK)
		return e;
	struct nf_poller_options options = poller_options(s);
	s->poller = nf_poller_new(&options);
	read_vacated(s);
	struct nf_rounds_parts parts = {
		.poller = s->poller,
		.judge = s->judge,
		.store = s->store,
		.once = ctx->args.once,
		.done = passed,
		.arg = s,
	};
	s->rounds = nf_rounds_new(ctx->loop, &parts, s->site, err);
	if (!s->rounds)
		return err->code;
	uv_timer_init(ctx->loop, &s->second);
	s->second.data = s;
	s->ticking = true;
	uv_timer_start(&s->second, on_second, SECOND_MS, SECOND_MS);
	nf_log(NF_LOG_INFO, "service", "polling devices=%zu networks=%zu",
		nf_rounds_stats(s->rounds).devices, s->site->networks.len);
	return NF_OK;
}

static void released(void *arg)
{
	struct service *s = arg;
	nf_site_free(s->site_before);
	s->site_before = NULL;
	s->reloading = false;
	if (s->reload_again && s->ticking) {
		s->reload_again = false;
		nf_snmp_service_reload(s->ctx);
	}
}

/* Polls that still run are of the old site: what they end with is no answer of their devices. */
static void deafen(struct service *s)
{
	struct nf_poller_options options = poller_options(s);
	options.journal = NULL;
	options.judge = NULL;
	options.store = NULL;
	nf_poller_reload(s->poller, &options);
}

static void swap(void *arg)
{
	struct service *s = arg;
	char *difference = nf_site_compare(s->site, s->site_next);
	deafen(s);
	s->site_before = s->site;
	s->site = s->site_next;
	s->site_next = NULL;
	nf_judge_reload(s->judge, s->site, nf_clock_now());
	nf_rounds_resume(s->rounds, s->site, released, s);
	struct nf_profiles *profiles_before = s->profiles;
	s->profiles = s->profiles_next;
	s->profiles_next = NULL;
	struct nf_poller_options options = poller_options(s);
	nf_poller_reload(s->poller, &options);
	nf_profiles_free(profiles_before);
	nf_log(NF_LOG_INFO, "service", "reloaded: %s", difference);
	free(difference);
}

void nf_snmp_service_reload(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	if (s->reloading) {
		s->reload_again = true;
		return;
	}
	if (!load(ctx->args.config_file, &s->site_next, &s->profiles_next)) {
		nf_log(NF_LOG_ERROR, "service",
			"the site file or a profile has mistakes: nothing is changed");
		return;
	}
	s->reloading = true;
	nf_rounds_pause(s->rounds, RELOAD_WAIT_US, swap, s);
}

static void closed(void *arg)
{
	struct service *s = arg;
	s->rounds = NULL;
}

void nf_snmp_service_stop(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	if (!s || !s->ticking)
		return;
	uv_close((uv_handle_t *)&s->second, NULL);
	s->ticking = false;
	nf_write_out_last(s->judge, s->journal);
	beat(s, nf_clock_now());
	deafen(s);
	nf_rounds_close(s->rounds, closed, s);
}

void nf_snmp_service_destroy(struct nf_program_ctx *ctx)
{
	struct service *s = ctx->state;
	if (!s)
		return;
	nf_poller_free(s->poller);
	nf_judge_free(s->judge);
	nf_journal_close(s->journal);
	nf_store_close(s->store);
	nf_beat_end(&s->beat);
	json_decref(s->vacated);
	nf_profiles_free(s->profiles_next);
	nf_profiles_free(s->profiles);
	nf_site_free(s->site_next);
	nf_site_free(s->site_before);
	nf_site_free(s->site);
	free(s);
	ctx->state = NULL;
}
