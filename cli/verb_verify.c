// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/text.h"
#include "checks/backup/verify.h"
#include "cli/progress.h"

struct pass {
	const struct nf_site *site;
	size_t left, looked, all;
	bool problem;
	struct nf_verify *verify;
	struct nf_progress progress;
};

static void closed(void *arg)
{
	(void)arg;
}

/* A look that reads a file whole takes its time. */
static void show_progress(const struct nf_backup *job, uint64_t bytes, uint64_t size, void *arg)
{
	struct pass *p = arg;
	char done[NF_QUANTITY_MAX], all[NF_QUANTITY_MAX], text[200];

	snprintf(text, sizeof text, "%zu of %zu; %.100s: %s of %s read", p->looked, p->all,
		job->id, nf_format_size(bytes, done), nf_format_size(size, all));
	nf_progress_show(&p->progress, text);
}

static void show(const struct nf_look_result *r, void *arg)
{
	struct pass *p = arg;

	nf_progress_clear(&p->progress);
	p->problem =
		p->problem || (r->verdict != NF_PROOF_OK && r->verdict != NF_PROOF_RUNNING);
	printf("[%zu/%zu] %-12s %s: %s\n", ++p->looked, p->all,
		nf_proof_result_text(r->verdict), r->job->id, r->reason);
	for (size_t i = 0; i < r->answers_len; i++)
		printf("        %-12s %s: %s\n", nf_proof_result_text(r->answers[i].result),
			r->answers[i].kind, r->answers[i].detail);
	fflush(stdout);
	if (--p->left == 0)
		nf_verify_close(p->verify, closed, NULL);
}

static int verify(const struct nf_site *site, const bool *chosen, struct nf_store *store,
	struct nf_judge *judge, struct nf_journal *journal)
{
	struct pass pass = {.site = site};
	struct nf_error err;
	uv_loop_t loop;
	struct nf_verify_parts parts = {.loop = &loop,
		.site = site,
		.store = store,
		.judge = judge,
		.journal = journal,
		.quiet = true,
		.looked = show,
		.progress = show_progress,
		.arg = &pass};

	for (size_t i = 0; i < site->backups.len; i++)
		pass.all += chosen[i];
	pass.left = pass.all;
	if (pass.all == 0) {
		printf("The site names no backup job.\n");
		return nf_cli_finish(NF_EXIT_GOOD);
	}
	nf_progress_begin(&pass.progress, "proving backups");
	uv_loop_init(&loop);
	if (nf_verify_new(&parts, &pass.verify, &err) != NF_OK) {
		uv_run(&loop, UV_RUN_DEFAULT);
		uv_loop_close(&loop);
		return nf_cli_failed(&nf_verb_verify, &err);
	}
	for (size_t i = 0; i < site->backups.len; i++) {
		if (chosen[i])
			nf_verify_look(pass.verify, i);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	nf_progress_end(&pass.progress);
	if (judge)
		nf_judge_flush(judge, &err);
	return nf_cli_finish(pass.problem ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD);
}

/* What netfold-verify judges is judged here only while it does not run. */
static int open_and_verify(const struct nf_site *site, const bool *chosen)
{
	char *lock = nf_xasprintf("%s/netfold-verify.lock", site->state_dir);
	const struct nf_judge_options options = {
		.program = "netfold-verify", .cycle_us = NF_US_PER_S, .once = true};
	struct nf_store *store = NULL;
	struct nf_judge *judge = NULL;
	struct nf_journal *journal = NULL;
	struct nf_error err;
	int fd = -1, status;

	enum nf_err e = nf_mkdirs(site->state_dir, 0750, &err);
	if (e == NF_OK)
		e = nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &store, &err);
	if (e == NF_OK && nf_file_lock(lock, &fd, &err) == NF_OK) {
		e = nf_journal_open(site->state_dir, "netfold-verify", &journal, &err);
		if (e == NF_OK)
			e = nf_judge_new(&options, site, store, nf_clock_now(), &judge, &err);
	}
	status = e == NF_OK ? verify(site, chosen, store, judge, journal)
			    : nf_cli_failed(&nf_verb_verify, &err);
	nf_judge_free(judge);
	nf_journal_close(journal);
	nf_store_close(store);
	free(lock);
	return status;
}

static bool choose(const struct nf_site *site, const char *name, bool *chosen)
{
	const char **names = nf_xcalloc(site->backups.len + 1, sizeof *names);
	bool found = false;

	for (size_t i = 0; i < site->backups.len; i++) {
		names[i] = site->backups.items[i].id;
		if (strcmp(names[i], name) == 0)
			chosen[i] = found = true;
	}
	if (!found) {
		const char *near = nf_nearest(name, names, site->backups.len);
		fprintf(stderr, "netfold: there is no backup job %s%s%s%s\n", name,
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	free(names);
	return found;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	int status = NF_EXIT_GOOD;

	if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
		return nf_cli_usage(&nf_verb_verify, "unknown option %s", argv[1]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	bool *chosen = nf_xcalloc(site->backups.len + 1, sizeof *chosen);
	for (int i = 1; i < argc; i++) {
		if (!choose(site, argv[i], chosen))
			status = NF_EXIT_USAGE;
	}
	for (size_t i = 0; argc == 1 && i < site->backups.len; i++)
		chosen[i] = true;
	if (status == NF_EXIT_GOOD)
		status = open_and_verify(site, chosen);
	free(chosen);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_verify = {
	.name = "verify",
	.arguments = "[JOB…]",
	.summary = "prove backups now, all or those named",
	.run = run,
};
