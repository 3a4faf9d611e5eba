// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/text.h"
#include "checks/backup/verify.h"
#include "store/backups.h"

struct row {
	char *verdict, *reason, *path, *proofs;
	int64_t since_us, at_us, size, mtime_us;
};

struct rows {
	const struct nf_site *site;
	struct row *items; /* by job, as in the site; verdict NULL: never looked at */
};

static void take(const struct nf_backup_look *look, void *arg)
{
	struct rows *rows = arg;

	for (size_t i = 0; i < rows->site->backups.len; i++) {
		if (strcmp(rows->site->backups.items[i].id, look->job) != 0)
			continue;
		rows->items[i] = (struct row){nf_xstrdup(look->verdict),
			nf_xstrdup(look->reason), nf_xstrdup(look->path),
			nf_xstrdup(look->proofs), look->since_wall_us, look->at_wall_us,
			look->size, look->mtime_wall_us};
	}
}

static void put_time(struct nf_json *j, const char *key, int64_t wall_us)
{
	char text[NF_ISO8601_MAX];

	nf_json_key(j, key);
	if (wall_us > 0)
		nf_json_puts(j, nf_iso8601(wall_us, text));
	else
		nf_json_null(j);
}

static void put_artefact(struct nf_json *j, const struct row *r)
{
	nf_json_key(j, "artefact");
	if (!r->verdict || r->path[0] == '\0') {
		nf_json_null(j);
		return;
	}
	nf_json_object(j);
	nf_json_key(j, "path");
	nf_json_puts(j, r->path);
	nf_json_key(j, "size");
	nf_json_i64(j, r->size);
	put_time(j, "mtime", r->mtime_us);
	nf_json_end(j);
}

/* The proofs are JSON already, written by us; they are read back, so that a damaged row cannot break the
 * answer. */
static void put_proofs(struct nf_json *j, const struct row *r)
{
	json_t *list = r->verdict ? json_loads(r->proofs, 0, NULL) : NULL, *item;
	static const char *const keys[] = {"kind", "result", "detail"};
	size_t i;

	nf_json_key(j, "proofs");
	nf_json_array(j);
	json_array_foreach(list, i, item)
	{
		nf_json_object(j);
		for (size_t k = 0; k < 3; k++) {
			nf_json_key(j, keys[k]);
			nf_json_puts(j, json_string_value(json_object_get(item, keys[k])));
		}
		nf_json_end(j);
	}
	nf_json_end(j);
	json_decref(list);
}

static void put_job(struct nf_json *j, const struct nf_backup *job, const struct row *r)
{
	nf_json_object(j);
	nf_json_key(j, "job");
	nf_json_puts(j, job->id);
	nf_json_key(j, "device");
	nf_json_puts(j, job->device->name);
	nf_json_key(j, "verdict");
	nf_json_puts(j, r->verdict ? r->verdict : "unverifiable");
	put_time(j, "since", r->since_us);
	put_time(j, "checked_at", r->at_us);
	nf_json_key(j, "reason");
	nf_json_puts(j, r->verdict ? r->reason : "not looked at yet");
	put_artefact(j, r);
	put_proofs(j, r);
	nf_json_end(j);
}

static void put_gaps(struct nf_json *j, const struct nf_site *site, bool gaps, int64_t now_us)
{
	nf_json_key(j, gaps ? "gaps" : "waived");
	nf_json_array(j);
	NF_EACH(struct nf_device, d, site->devices)
	{
		const struct nf_waiver *waiver;
		bool is_gap = nf_verify_is_gap(site, d, now_us, &waiver);
		if (is_gap != gaps || (!gaps && !waiver))
			continue;
		nf_json_object(j);
		nf_json_key(j, "device");
		nf_json_puts(j, d->name);
		nf_json_key(j, "waiver");
		if (waiver) {
			nf_json_object(j);
			nf_json_key(j, "reason");
			nf_json_puts(j, waiver->reason);
			nf_json_key(j, "owner");
			nf_json_puts(j, waiver->owner);
			put_time(j, "until", waiver->until_wall_us);
			nf_json_end(j);
		} else {
			nf_json_null(j);
		}
		nf_json_end(j);
	}
	nf_json_end(j);
}

static void print_json(const struct rows *rows, int64_t now_us)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);

	nf_json_object(&j);
	nf_json_key(&j, "jobs");
	nf_json_array(&j);
	for (size_t i = 0; i < rows->site->backups.len; i++)
		put_job(&j, &rows->site->backups.items[i], &rows->items[i]);
	nf_json_end(&j);
	put_gaps(&j, rows->site, true, now_us);
	put_gaps(&j, rows->site, false, now_us);
	nf_json_end(&j);
	printf("%s\n", text.data);
	nf_strbuf_free(&text);
}

static void print_text(const struct rows *rows, int64_t now_us)
{
	char when[NF_PROOF_TIME_MAX], looked[NF_PROOF_TIME_MAX];
	const char *zone = rows->site->timezone;

	for (size_t i = 0; i < rows->site->backups.len; i++) {
		const struct nf_backup *job = &rows->site->backups.items[i];
		const struct row *r = &rows->items[i];
		if (!r->verdict)
			printf("%-12s %s on %s: not looked at yet\n", "unverifiable", job->id,
				job->device->name);
		else
			printf("%-12s %s on %s since %s: %s (looked %s)\n", r->verdict, job->id,
				job->device->name, nf_proof_time(zone, r->since_us, when),
				r->reason, nf_proof_time(zone, r->at_us, looked));
	}
	NF_EACH(struct nf_device, d, rows->site->devices)
	{
		const struct nf_waiver *w;
		if (nf_verify_is_gap(rows->site, d, now_us, &w))
			printf("%-12s %s: a server without a backup job%s%s\n", "gap", d->name,
				w ? "; its waiver ran out " : "",
				w ? nf_proof_time(zone, w->until_wall_us, when) : "");
		else if (w)
			printf("%-12s %s: %s (%s, until %s)\n", "waived", d->name, w->reason,
				w->owner, nf_proof_time(zone, w->until_wall_us, when));
	}
}

static bool is_good(const struct rows *rows, int64_t now_us)
{
	const struct nf_waiver *waiver;

	for (size_t i = 0; i < rows->site->backups.len; i++) {
		const char *verdict = rows->items[i].verdict;
		if (!verdict || (strcmp(verdict, "ok") != 0 && strcmp(verdict, "running") != 0))
			return false;
	}
	NF_EACH(struct nf_device, d, rows->site->devices)
	if (nf_verify_is_gap(rows->site, d, now_us, &waiver))
		return false;
	return true;
}

static int show(const struct nf_site *site, bool json)
{
	struct rows rows = {.site = site};
	struct nf_store *store = NULL;
	struct nf_error err;
	int64_t now_us = nf_clock_now().wall_us;
	enum nf_err e = nf_store_open(site->state_dir, NF_STORE_READ, 5000, &store, &err);

	/* Nothing was ever kept: every job is one that nobody looked at. */
	if (e != NF_OK && e != NF_ENOENT)
		return nf_cli_failed(&nf_verb_backups, &err);
	rows.items = nf_xcalloc(site->backups.len + 1, sizeof *rows.items);
	if (store && nf_backup_jobs(store, take, &rows) != NF_OK) {
		fprintf(stderr, "netfold backups: %s\n", nf_store_error(store));
		nf_store_close(store);
		free(rows.items);
		return NF_EXIT_FAILED;
	}
	(json ? print_json : print_text)(&rows, now_us);
	int status = is_good(&rows, now_us) ? NF_EXIT_GOOD : NF_EXIT_PROBLEMS;
	for (size_t i = 0; i < site->backups.len; i++) {
		free(rows.items[i].verdict);
		free(rows.items[i].reason);
		free(rows.items[i].path);
		free(rows.items[i].proofs);
	}
	free(rows.items);
	nf_store_close(store);
	return nf_cli_finish(status);
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		  {NULL,	 0,	    NULL, 0  }
	    };
	bool json = false;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j')
			return nf_cli_bad_option(&nf_verb_backups, argv);
		json = true;
	}
	if (optind != argc)
		return nf_cli_usage(&nf_verb_backups, "unknown argument %s", argv[optind]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	int status = show(site, json);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_backups = {
	.name = "backups",
	.arguments = "[--json]",
	.summary = "which backups were proved, by what, when; and servers without any",
	.run = run,
};
