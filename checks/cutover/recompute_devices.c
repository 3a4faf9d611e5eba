// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "checks/cutover/reasons.h"
#include "checks/cutover/recompute_own.h"

#define LEGS_MAX      8
#define BATCH	      200 /* devices a transaction */
#define CLEAR_MOST_US NF_DAY_US
#define RENEWED_MOST                                                                           \
	200 /* rows a pass whose stage is the same, and only what was seen is newer */

struct nf_kept_stage {
	char *device;
	enum nf_stage stage;
	int64_t since_us, computed_us;
	char *json;
	bool met;
	UT_hash_handle hh;
};

/* One device's result. */
struct result {
	const struct nf_device *device;
	enum nf_stage stage;
	char *json;
	char *why, *why_json; /* the weightiest reason, where the stage is another; else NULL */
};

struct devices {
	struct nf_pass *pass;
	struct nf_kept_stage *kept;
	struct result *results;
	size_t len, renewed;
};

static void take_kept(const struct nf_stage_row *row, void *arg)
{
	struct devices *d = arg;
	struct nf_kept_stage *k = nf_xcalloc(1, sizeof *k);

	k->device = nf_xstrdup(row->device);
	k->json = nf_xstrdup(row->json);
	k->since_us = row->since_wall_us;
	k->computed_us = row->computed_wall_us;
	nf_stage_parse(row->stage, &k->stage);
	HASH_ADD_KEYPTR(hh, d->kept, k->device, strlen(k->device), k);
}

static void read_days(
	const char *kind, const char *value, nf_sighting_fn *fn, void *fn_arg, void *arg)
{
	const struct nf_pass *p = arg;
	const struct nf_ledger_filter one = {.kind = kind, .value = value};

	nf_sightings(p->store, &one, fn, fn_arg);
}

static struct nf_stage_rules rules_of(const struct nf_pass *p, const struct nf_device *device)
{
	struct nf_stage_rules rules = {
		.quiet_us = nf_site_quiet_us(p->site, device->kind),
		.lost_after_us = nf_site_lost_after_us(p->site, device->kind),
		.overlap_us = 3 * p->site->polling.topology_us,
		.month_end = p->site->cutover.month_end,
		.zone = p->site->timezone,
	};
	rules.clear_us =
		rules.quiet_us / 7 < CLEAR_MOST_US ? rules.quiet_us / 7 : CLEAR_MOST_US;
	return rules;
}

static void fill_circumstances(
	struct nf_evidence *e, const struct nf_device *d, const struct nf_around_device *a)
{
	e->is_prepared = d->wave && nf_move_new_leg(d);
	e->is_exempt = a->is_exempt;
	e->silent_us = d->silent ? 0 : a->silent_us; /* its silence says nothing */
	e->checks_ok = a->is_asked && !a->bad_check;
	e->needs_backup = a->needs_backup;
	e->backup_us = a->backup_us;
	e->called_us = a->called_us;
	e->lease_us = a->lease_us;
	e->is_aimed = a->is_aimed;
}

static struct nf_kept_stage *kept_of(const struct devices *d, const struct nf_device *device)
{
	struct nf_kept_stage *k;

	HASH_FIND_STR(d->kept, device->name, k);
	return k;
}

static void say_why(const struct nf_reasons_input *in, struct result *out)
{
	struct nf_strbuf text = {0}, json = {0};

	nf_reasons_line(in, out->stage, &text, &json);
	out->why = nf_strbuf_take(&text);
	out->why_json = nf_strbuf_take(&json);
}

static void compute_device(
	struct devices *d, const struct nf_device *device, struct result *out)
{
	struct nf_pass *p = d->pass;
	const struct nf_kept_stage *k = kept_of(d, device);
	struct nf_arena *arena = nf_arena_new();
	const struct nf_stage_rules rules = rules_of(p, device);
	const struct nf_network *networks[LEGS_MAX];
	struct nf_leg_stand legs[LEGS_MAX] = {0};
	struct nf_evidence_parts parts = {
		p->book, p->ids, p->site, &rules, read_days, p, arena};
	struct nf_reasons_input in = {
		.site = p->site,
		.device = device,
		.legs = legs,
		.legs_len = nf_evidence_networks(&parts, device, networks, LEGS_MAX),
		.around = nf_around_of(p->around, device),
		.ids = nf_identities_of(p->ids, device),
		.rules = &rules,
		.now_us = p->now_us,
	};

	out->device = device;
	out->stage = NF_STAGE_EXEMPT;
	for (size_t i = 0; i < in.legs_len; i++) {
		legs[i].network = networks[i];
		legs[i].evidence.quiet = p->quiets[networks[i]->index];
		fill_circumstances(&legs[i].evidence, device, in.around);
		nf_evidence_collect(&parts, device, networks[i], &legs[i].evidence);
		legs[i].standing = nf_stage_of(&legs[i].evidence, &rules, p->now_us);
		out->stage = nf_stage_worse(out->stage, legs[i].standing.stage);
	}
	out->json = nf_reasons_json(&in);
	if (!k || k->stage != out->stage)
		say_why(&in, out);
	nf_arena_free(arena);
}

static enum nf_state state_of(enum nf_stage stage)
{
	return stage == NF_STAGE_REGRESSED || stage == NF_STAGE_LOST ? NF_STATE_WARNING
								     : NF_STATE_OK;
}

/* Times of what was seen change with every pass. Those of a few hundred devices are written with it; of ten
 * thousand that would be ten thousand rows a minute, so that most of them wait for their turn. */
static bool is_written(struct devices *d, const struct nf_kept_stage *k, const struct result *r)
{
	if (!k || k->stage != r->stage)
		return true;
	int64_t age_us = d->pass->now_us - k->computed_us;
	if (age_us < 0)
		return true;
	if (strcmp(k->json, r->json) == 0)
		return age_us >= 3 * NF_RECOMPUTE_FRESH_US; /* long before it is stale */
	return age_us >= NF_RECOMPUTE_FRESH_US || d->renewed++ < RENEWED_MOST;
}

static enum nf_err write_result(struct devices *d, const struct result *r)
{
	struct nf_pass *p = d->pass;
	struct nf_kept_stage *k = kept_of(d, r->device);
	bool changed;

	p->stages[r->device->index] = r->stage;
	p->since_us[r->device->index] = k && k->stage == r->stage ? k->since_us : p->now_us;
	if (k)
		k->met = true;
	if (!is_written(d, k, r))
		return NF_OK;
	const struct nf_stage_row row = {
		r->device->name, nf_stage_text(r->stage), p->now_us, p->now_us, r->json};
	const struct nf_stage_change change = {r->device->legs[0].network->id,
		k ? state_of(k->stage) : NF_STATE_OK, state_of(r->stage), r->why, r->why_json};
	enum nf_err e = nf_stage_put(p->store, &row, &change, &changed);
	p->changes += e == NF_OK && changed;
	return e;
}

static enum nf_err write_results(struct devices *d)
{
	enum nf_err e = NF_OK;

	for (size_t i = 0; i < d->len && e == NF_OK; i += BATCH) {
		e = nf_store_begin(d->pass->store);
		for (size_t n = i; n < d->len && n < i + BATCH && e == NF_OK; n++)
			e = write_result(d, &d->results[n]);
		if (e == NF_OK)
			e = nf_store_commit(d->pass->store);
		if (e != NF_OK)
			nf_store_rollback(d->pass->store);
	}
	return e;
}

/* A device that left the inventory, or does not move any more. */
static enum nf_err drop_gone(struct devices *d)
{
	struct nf_kept_stage *k, *next;
	enum nf_err e = NF_OK;

	HASH_ITER (hh, d->kept, k, next) {
		if (!k->met && e == NF_OK)
			e = nf_stage_drop(d->pass->store, k->device);
	}
	return e;
}

static void free_devices(struct devices *d)
{
	struct nf_kept_stage *k, *next;

	HASH_ITER (hh, d->kept, k, next) {
		HASH_DEL(d->kept, k);
		free(k->device);
		free(k->json);
		free(k);
	}
	for (size_t i = 0; i < d->len; i++) {
		free(d->results[i].json);
		free(d->results[i].why);
		free(d->results[i].why_json);
	}
	free(d->results);
}

enum nf_err nf_pass_devices(struct nf_pass *p)
{
	struct devices d = {.pass = p};
	enum nf_err e = nf_stages(p->store, take_kept, &d);

	d.results = nf_xcalloc(p->site->devices.len + 1, sizeof *d.results);
	NF_EACH(const struct nf_device, device, p->site->devices)
	{
		if (nf_move_from(device))
			compute_device(&d, device, &d.results[d.len++]);
	}
	p->devices = d.len;
	if (e == NF_OK)
		e = write_results(&d);
	if (e == NF_OK)
		e = drop_gone(&d);
	free_devices(&d);
	return e;
}
