// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/backups.h"

static bool has_job(const struct nf_site *site, const char *id)
{
	NF_EACH(struct nf_backup, job, site->backups)
	if (strcmp(job->id, id) == 0)
		return true;
	return false;
}

static int record(const struct nf_site *site, const struct nf_drill *drill)
{
	struct nf_store *store = NULL;
	struct nf_error err;

	if (!has_job(site, drill->job))
		return nf_cli_usage(&nf_verb_drill, "there is no backup job %s", drill->job);
	if (nf_mkdirs(site->state_dir, 0750, &err) != NF_OK ||
		nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &store, &err) != NF_OK)
		return nf_cli_failed(&nf_verb_drill, &err);
	enum nf_err e = nf_drill_add(store, drill);
	if (e != NF_OK)
		fprintf(stderr, "netfold drill: %s\n", nf_store_error(store));
	else
		printf("Recorded: %s %s, by %s.\n", drill->job, drill->good ? "ok" : "failed",
			drill->who);
	nf_store_close(store);
	return e == NF_OK ? nf_cli_finish(NF_EXIT_GOOD) : NF_EXIT_FAILED;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"result", required_argument, NULL, 'r'},
		{"by",     required_argument, NULL, 'b'},
		{"note",	 required_argument, NULL, 'n'},
		{NULL,     0,		  NULL, 0	 },
	};
	struct nf_drill drill = {.note = "", .at_wall_us = nf_clock_now().wall_us};
	const char *result = NULL;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'r')
			result = optarg;
		else if (c == 'b')
			drill.who = optarg;
		else if (c == 'n')
			drill.note = optarg;
		else
			return nf_cli_bad_option(&nf_verb_drill, argv);
	}
	if (optind + 1 != argc)
		return nf_cli_usage(&nf_verb_drill, "which job? One name");
	if (!result || (strcmp(result, "ok") != 0 && strcmp(result, "failed") != 0))
		return nf_cli_usage(&nf_verb_drill, "--result is ok or failed");
	if (!drill.who || drill.who[0] == '\0')
		return nf_cli_usage(&nf_verb_drill, "--by says who tried it");
	drill.job = argv[optind];
	drill.good = strcmp(result, "ok") == 0;
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	int status = record(site, &drill);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_drill = {
	.name = "drill",
	.arguments = "JOB --result ok|failed --by WHO [--note TEXT]",
	.summary = "record that a restore was tried",
	.run = run,
};
