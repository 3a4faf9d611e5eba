// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>

#include "cli/status.h"
#include "cli/supervise.h"

#define ARGUMENTS_MAX 8

/* What the pass found. Wrong configuration and failure say more than any finding. */
static int summarise(const struct nf_cli *cli, int status)
{
	if (status >= NF_EXIT_USAGE)
		return status;
	int found = nf_status_after_pass(cli);
	return found > status ? found : status;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"debug", no_argument, NULL, 'd'},
		{"once",	 no_argument, NULL, 'o'},
		{NULL,    0,		  NULL, 0	 },
	};
	/* What nf_program_main reads, as if it had been called by itself. */
	const char *args[ARGUMENTS_MAX] = {"netfold run", "-c", cli->config_file};
	int n = 3;
	bool once = false;
	for (int c; (c = getopt_long(argc, argv, "d", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_run, argv);
		if (c == 'o' && !once)
			args[n++] = "--once";
		else if (c == 'd' && n < ARGUMENTS_MAX - 2)
			args[n++] = "-d";
		once |= c == 'o';
	}
	if (optind < argc)
		return nf_cli_usage(
			&nf_verb_run, "\"%s\" is one argument too many", argv[optind]);
	optind = 0;
	opterr = 1;
	int status = nf_supervise(n, (char **)(uintptr_t)args);
	return once ? summarise(cli, status) : status;
}

const struct nf_verb nf_verb_run = {
	.name = "run",
	.arguments = "[--once] [--debug]",
	.summary =
		"start netfold's programs and keep them running; --once: one full pass, then end",
	.run = run,
};
