// SPDX-License-Identifier: GPL-3.0-or-later
/* A judge's beginning, from what an earlier run left in the store, and its end. */
#include "checks/judge_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct loading {
	struct nf_judge *judge;
	int64_t last_asked_wall_us; /* when the earlier run was last at work */
};

static void take_verdict(
	struct nf_judge *judge, struct nf_check *c, const struct nf_check_row *row)
{
	struct nf_verdict *v = &c->verdict;
	v->state = v->soft = row->state;
	v->since_wall_us = v->soft_since_wall_us = row->since_wall_us;
	v->flapping = row->flapping;
	v->judged = row->since_wall_us != 0;
	uint32_t history = row->flap_history;
	for (int i = 0; i < NF_FLAP_TIMES && history != 0; i++, history >>= 1)
		v->flap_times_wall_us[i] = row->since_wall_us;
	if (nf_verdict_clamp(v, judge->now.wall_us))
		nf_judge_owe_row(judge, c);
}

static void take_row(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct loading *l = arg;
	if (asked_wall_us > l->last_asked_wall_us)
		l->last_asked_wall_us = asked_wall_us;
	struct nf_subject *s = nf_judge_subject_named(l->judge, row->network, row->device);
	if (s == NULL) {
		nf_judge_owe_end_row(l->judge, row);
		return;
	}
	struct nf_check *c = nf_judge_check_make(l->judge, s, row->check);
	c->interval_us = row->interval_us;
	c->looked_wall_us = row->looked_wall_us;
	free(c->output);
	c->output = nf_xstrdup(row->output);
	free(c->cause);
	c->cause = nf_xstrdup(row->cause);
	take_verdict(l->judge, c, row);
	s->asked_wall_us = asked_wall_us;
}

enum nf_err nf_judge_new(const struct nf_judge_options *options, const struct nf_site *site,
	struct nf_store *store, struct nf_now now, struct nf_judge **judge,
	struct nf_error *err)
{
	struct nf_judge *j = nf_xcalloc(1, sizeof *j);
	const char *dash = strrchr(options->program, '-');
	j->program = nf_xstrdup(options->program);
	j->own_check = j->program + (dash != NULL ? dash + 1 - options->program : 0);
	j->judges_reachability = options->judges_reachability;
	j->open_mono_us = options->once ? 0 : now.mono_us + options->cycle_us;
	j->once = options->once;
	j->store = store;
	j->generation = nf_store_generation(store);
	j->now = now;
	j->latest_wall_us = now.wall_us;
	j->started_wall_us = now.wall_us;
	nf_judge_table_make(j, site);
	struct loading loading = {.judge = j};
	enum nf_err code = nf_store_checks(store, j->program, take_row, &loading);
	if (code == NF_OK && !j->judges_reachability)
		code = nf_judge_ping_read(j, true);
	if (code != NF_OK) {
		nf_judge_free(j);
		return nf_error_set(err, code, "state.db: %s", nf_store_error(store));
	}
	/* Windows that closed while nobody ran are closed by the first tick. */
	int64_t last = loading.last_asked_wall_us;
	nf_judge_windows_start(j, last != 0 && last < now.wall_us ? last : now.wall_us);
	*judge = j;
	return NF_OK;
}

void nf_judge_free(struct nf_judge *judge)
{
	if (judge == NULL)
		return;
	nf_judge_owed_free(judge);
	nf_judge_table_free(judge);
	free(judge->windows_open);
	free(judge->program);
	free(judge);
}
