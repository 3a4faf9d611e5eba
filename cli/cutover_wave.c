// SPDX-License-Identifier: GPL-3.0-or-later
/* Before and after a wave: `cutover snapshot` and `cutover verify`. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "checks/cutover/identity.h"
#include "checks/cutover/wave.h"
#include "checks/cutover/wave_result.h"
#include "cli/at.h"
#include "cli/cutover.h"
#include "cli/fold.h"
#include "cli/wave_looks.h"
#include "store/cutover.h"

static const struct nf_wave *find_wave(const struct nf_site *site, const char *id)
{
	const char **names = nf_xcalloc(site->waves.len + 1, sizeof *names);
	const struct nf_wave *found = NULL;
	size_t len = 0;
	NF_EACH(struct nf_wave, w, site->waves)
	{
		names[len++] = w->id;
		found = strcmp(w->id, id) == 0 ? w : found;
	}
	const char *nearest = nf_nearest(id, names, len);
	free(names);
	if (found == NULL)
		nf_cli_usage(&nf_verb_cutover, "no wave \"%s\"%s%s%s", id,
			nearest != NULL ? "; did you mean \"" : "",
			nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
	return found;
}

static int store_failed(struct nf_store *store)
{
	fprintf(stderr, "netfold cutover: state.db: %s\n", nf_store_error(store));
	nf_store_close(store);
	return NF_EXIT_FAILED;
}

/* snapshot */

static enum nf_err keep_all(
	struct nf_store *store, const struct nf_looks *looks, const char *wave, int64_t at_us)
{
	enum nf_err rc = nf_store_begin(store);
	for (size_t i = 0; rc == NF_OK && i < looks->len; i++) {
		char *json = json_dumps(looks->items[i].look, JSON_COMPACT);
		const struct nf_snapshot row = {
			wave, looks->items[i].device->name, at_us, json != NULL ? json : "{}"};
		rc = nf_snapshot_put(store, &row);
		free(json);
	}
	if (rc == NF_OK)
		return nf_store_commit(store);
	nf_store_rollback(store);
	return rc;
}

static int print_snapshot(
	const struct nf_looks *looks, const struct nf_wave *wave, int64_t at_us)
{
	char at[NF_AT_MAX];
	struct nf_strbuf text = {0};
	size_t silent = 0;
	for (size_t i = 0; i < looks->len; i++)
		silent += !nf_wave_answers(looks->items[i].look);
	nf_strbuf_printf(&text, "Kept what is true of %zu device%s of wave %s at %s.\n",
		looks->len, looks->len == 1 ? "" : "s", wave->id, nf_at_minute(at_us, at));
	for (size_t i = 0; i < looks->len; i++)
		if (!nf_wave_answers(looks->items[i].look))
			nf_strbuf_printf(&text,
				"  %s answers nothing: there will be nothing to compare with\n",
				looks->items[i].device->name);
	if (at_us >= wave->from_wall_us)
		nf_strbuf_printf(&text,
			"  The wave began at %s: this is not how it was before.\n",
			nf_at_minute(wave->from_wall_us, at));
	nf_fold_lines(stdout, text.data, nf_fold_terminal());
	nf_strbuf_free(&text);
	return nf_cli_finish(silent > 0 ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD);
}

static int snapshot(const struct nf_site *site, const struct nf_wave *wave)
{
	struct nf_looks looks = {.site = site};
	struct nf_error err = {0};
	int64_t at_us = nf_clock_now().wall_us;
	NF_EACH(struct nf_device, d, site->devices)
	{
		const struct nf_leg *leg = nf_move_old_leg(d);
		if (d->wave == wave && leg != NULL)
			nf_looks_add(&looks,
				(struct nf_look_at){.device = d, .side = "old", .leg = *leg});
	}
	if (looks.len == 0)
		return nf_cli_usage(&nf_verb_cutover,
			"wave %s: no device of devices.csv is in it with an old address",
			wave->id);
	if (nf_looks_run(&looks, &err) != NF_OK) {
		nf_looks_free(&looks);
		return nf_cli_failed(&nf_verb_cutover, &err);
	}
	struct nf_store *store = nf_cutover_open(site);
	int status = NF_EXIT_FAILED;
	if (store != NULL && (nf_looks_remember(&looks, store) != NF_OK ||
				     keep_all(store, &looks, wave->id, at_us) != NF_OK)) {
		status = store_failed(store);
	} else if (store != NULL) {
		nf_store_close(store);
		status = print_snapshot(&looks, wave, at_us);
	}
	nf_looks_free(&looks);
	return status;
}

int nf_cutover_snapshot(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{NULL, 0, NULL, 0}
	  };
	if (getopt_long(argc, argv, "", options, NULL) != -1)
		return nf_cli_bad_option(&nf_verb_cutover, argv);
	if (optind + 1 != argc)
		return nf_cli_usage(&nf_verb_cutover, "snapshot: which wave? One name");
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	const struct nf_wave *wave = find_wave(site, argv[optind]);
	int status = wave != NULL ? snapshot(site, wave) : NF_EXIT_USAGE;
	nf_site_free(site);
	return status;
}

/* verify */

struct verifying {
	const struct nf_site *site;
	const struct nf_wave *wave;
	struct nf_wave_members members;
	struct nf_looks looks;
	const char *const *accepts;
	size_t accepts_len;
};

/* The inventory may have the new address alone by now: the old one is in the snapshot. */
static bool old_leg(
	const struct verifying *v, const struct nf_wave_member *m, struct nf_leg *leg)
{
	const struct nf_leg *known = nf_move_old_leg(m->device);
	if (known != NULL) {
		*leg = *known;
		return true;
	}
	const char *address = json_string_value(json_object_get(m->before, "address"));
	*leg = (struct nf_leg){.network = v->wave->network};
	return address != NULL && nf_addr_parse(address, &leg->address) == NF_OK;
}

/* Since when sightings count: those from before the wave say where it was. Who moves it earlier than planned has
 * the snapshot to go by. */
static int64_t since_of(const struct verifying *v, const struct nf_wave_member *m)
{
	bool has_begun = v->wave->from_wall_us <= nf_clock_now().wall_us;
	return has_begun || m->before == NULL ? v->wave->from_wall_us : m->snapshot_wall_us;
}

static void plan_looks(struct verifying *v)
{
	static const char none[] = "{}";
	for (size_t i = 0; i < v->members.len; i++) {
		struct nf_wave_member *m = &v->members.items[i];
		const struct nf_leg *leg = nf_move_new_leg(m->device);
		struct nf_look_at at = {
			.device = m->device, .before = m->before, .since_us = since_of(v, m)};
		/* Without a snapshot only a few ports say whether it is there. */
		if (m->before == NULL)
			at.before = m->before = json_loads(none, 0, NULL);
		at.side = "new";
		if (leg != NULL) {
			at.leg = *leg;
			nf_looks_add(&v->looks, at);
		}
		at.side = "old";
		if (old_leg(v, m, &at.leg))
			nf_looks_add(&v->looks, at);
	}
}

static void hand_out(struct verifying *v)
{
	for (size_t i = 0; i < v->looks.len; i++) {
		struct nf_look_at *at = &v->looks.items[i];
		struct nf_wave_member *m = nf_wave_member(&v->members, at->device->name);
		if (strcmp(at->side, "new") == 0)
			m->new_side = at->look;
		else
			m->old_side = at->look;
	}
}

/* What is not there cannot be accepted: a misspelt name would wait for a difference that never comes. */
static enum nf_err accept_all(
	const struct verifying *v, struct nf_store *store, const json_t *result)
{
	enum nf_err rc = NF_OK;
	for (size_t i = 0; rc == NF_OK && i < v->accepts_len; i++) {
		rc = nf_wave_accept(store, v->wave->id, result, v->accepts[i]);
		if (rc != NF_ENOENT)
			continue;
		fprintf(stderr,
			"netfold cutover: --accept \"%s\": there is no such difference; nothing was accepted\n",
			v->accepts[i]);
		rc = NF_OK;
	}
	return rc;
}

/* Everything between the store's first word and its last. */
static enum nf_err judge(struct verifying *v, struct nf_store *store, json_t **result)
{
	enum nf_err rc = nf_looks_remember(&v->looks, store);
	hand_out(v);
	if (rc != NF_OK)
		return rc;
	*result = nf_wave_judge(&v->members, v->wave, nf_clock_now().wall_us);
	rc = accept_all(v, store, *result);
	if (rc == NF_OK)
		rc = nf_wave_apply_accepted(store, v->wave->id, *result);
	char *json = json_dumps(*result, JSON_COMPACT);
	const struct nf_wave_result row = {v->wave->id, nf_clock_now().wall_us, json};
	if (rc == NF_OK)
		rc = nf_wave_result_put(store, &row);
	free(json);
	return rc;
}

static int report(const json_t *result, bool json)
{
	if (json) {
		/* 0.000512, and not what a binary fraction makes of it */
		json_dumpf(result, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
		putchar('\n');
	} else {
		struct nf_strbuf text = {0};
		nf_wave_result_text(result, &text);
		nf_fold_lines(stdout, text.data, nf_fold_terminal());
		nf_strbuf_free(&text);
	}
	bool good = json_integer_value(json_object_get(result, "open")) == 0;
	return nf_cli_finish(good ? NF_EXIT_GOOD : NF_EXIT_PROBLEMS);
}

static int verify(struct verifying *v, bool json)
{
	struct nf_error err = {0};
	json_t *result = NULL;
	nf_wave_members_of(v->site, v->wave, &v->members);
	if (v->members.len == 0)
		return nf_cli_usage(&nf_verb_cutover,
			"wave %s: no device of devices.csv is in it", v->wave->id);
	struct nf_store *store = nf_cutover_open(v->site);
	if (store == NULL)
		return NF_EXIT_FAILED;
	if (nf_wave_members_read(store, v->wave, &v->members) != NF_OK)
		return store_failed(store);
	nf_store_close(store);
	plan_looks(v);
	/* The store is opened anew behind this: only its owner is left then. */
	if (nf_looks_run(&v->looks, &err) != NF_OK)
		return nf_cli_failed(&nf_verb_cutover, &err);
	store = nf_cutover_open(v->site);
	if (store == NULL)
		return NF_EXIT_FAILED;
	/* The result is data in every language; what a person accepts may be called as it is shown. */
	nf_cli_speak(v->site);
	if (judge(v, store, &result) != NF_OK) {
		json_decref(result);
		return store_failed(store);
	}
	nf_store_close(store);
	int status = report(result, json);
	json_decref(result);
	return status;
}

int nf_cutover_verify(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json",	 no_argument,	      NULL, 'j'},
		{"accept", required_argument, NULL, 'a'},
		{NULL,     0,		  NULL, 0	 },
	};
	bool json = false;
	const char **accepts = nf_xcalloc((size_t)argc + 1, sizeof *accepts);
	struct verifying v = {.accepts = accepts};
	int status = NF_EXIT_USAGE, c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1 && c != '?') {
		json |= c == 'j';
		if (c == 'a')
			accepts[v.accepts_len++] = optarg;
	}
	if (c == '?') {
		nf_cli_bad_option(&nf_verb_cutover, argv);
	} else if (optind + 1 != argc) {
		nf_cli_usage(&nf_verb_cutover, "verify: which wave? One name");
	} else {
		struct nf_site *site = nf_cli_site(cli);
		v.site = v.looks.site = site;
		v.wave = site != NULL ? find_wave(site, argv[optind]) : NULL;
		for (size_t i = 0; v.wave != NULL && i < v.accepts_len; i++)
			if (!nf_wave_is_acceptance(accepts[i])) {
				nf_cli_usage(&nf_verb_cutover,
					"--accept \"%s\" is not DEVICE/ASPECT=REASON",
					accepts[i]);
				v.wave = NULL;
			}
		if (v.wave != NULL)
			status = verify(&v, json);
		nf_looks_free(&v.looks);
		nf_wave_members_free(&v.members);
		nf_site_free(site);
	}
	free(accepts);
	return status;
}
