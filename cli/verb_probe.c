// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/choose.h"
#include "cli/probe.h"

struct output {
	bool json, colour, problem;
};

static void show(const struct nf_probe *probe, void *arg)
{
	struct output *o = arg;
	struct nf_strbuf line = {0};
	struct nf_json json = nf_json_of(&line);

	o->problem = o->problem || !nf_probe_is_good(probe);
	if (o->json) {
		nf_probe_json(probe, &json);
		nf_strbuf_putc(&line, '\n');
		fwrite(line.data, 1, line.len, stdout);
	} else {
		nf_probe_print(probe, o->colour, stdout);
	}
	fflush(stdout);
	nf_strbuf_free(&line);
}

static int probe(const struct nf_site *site, const bool *chosen, struct output *o)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_profiles *profiles = NULL;
	struct nf_error unpinged = {0}, err = {0};
	int status = NF_EXIT_USAGE;

	if (nf_profiles_of_site(site, diags, &profiles) != NF_OK) {
		nf_diags_print(diags, stderr);
	} else if (nf_probe_run(site, profiles, chosen, show, o, &unpinged, &err) != NF_OK) {
		status = nf_cli_failed(&nf_verb_probe, &err);
	} else {
		if (unpinged.code != NF_OK)
			fprintf(stderr, "netfold probe: nothing was pinged: %s\n",
				unpinged.text);
		status = o->problem ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD;
	}
	nf_profiles_free(profiles);
	nf_diags_free(diags);
	return nf_cli_finish(status);
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"all",	no_argument, NULL, 'a'},
		{NULL,   0,		  NULL, 0	 },
	};
	struct output output = {.colour = cli->colour};
	bool all = false;
	int status = NF_EXIT_USAGE;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'j')
			output.json = true;
		else if (c == 'a')
			all = true;
		else
			return nf_cli_bad_option(&nf_verb_probe, argv);
	}
	if (all != (optind == argc))
		return nf_cli_usage(&nf_verb_probe, "which devices? Names, or --all");
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	bool *chosen = nf_choose_devices(&nf_verb_probe, site, argc - optind, argv + optind);
	if (chosen != NULL)
		status = probe(site, chosen, &output);
	free(chosen);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_probe = {
	.name = "probe",
	.arguments = "[--json] --all|NETWORK|DEVICE…",
	.summary = "look at devices now: ping, and everything SNMP tells",
	.run = run,
};
