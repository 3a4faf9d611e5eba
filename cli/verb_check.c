// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/check_report.h"
#include "cli/rp_filter.h"
#include "cli/verb.h"
#include "conf/profile.h"
#include "conf/schema_text.h"

struct options {
	bool json, defaults;
	const char *at; /* NULL: now */
};

static int read_options(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			o->json = true;
		else if (strcmp(argv[i], "--defaults") == 0)
			o->defaults = true;
		else if (strcmp(argv[i], "--at") == 0 && i + 1 < argc)
			o->at = argv[++i];
		else
			return nf_cli_usage(&nf_verb_check, "unknown argument %s", argv[i]);
	}
	return NF_EXIT_GOOD;
}

static int report(const struct options *o, const struct nf_site *site, struct nf_diags *diags,
	int64_t now_wall_us, bool colour)
{
	json_t *object;

	if (!o->json)
		nf_diags_print(diags, stderr);
	if (!site && !o->json)
		return NF_EXIT_USAGE;
	object = nf_check_report(site, diags, now_wall_us);
	if (o->json) {
		json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		putchar('\n');
	} else {
		nf_check_print(object, colour);
	}
	json_decref(object);
	return site ? NF_EXIT_GOOD : NF_EXIT_USAGE;
}

/* A time on the site's clock; false: not a time. */
static bool time_in_site(const struct nf_site *site, const char *text, int64_t *wall_us)
{
	return !text || !site || nf_instant_parse(text, site->timezone, wall_us) == NF_OK;
}

/* An administrator's own profiles are part of what he wrote. */
static void check_profiles(struct nf_site **site, struct nf_diags *diags)
{
	struct nf_profiles *profiles = NULL;

	if (!*site || !(*site)->profile_dir)
		return;
	if (nf_profiles_of_site(*site, diags, &profiles) != NF_OK) {
		nf_site_free(*site);
		*site = NULL;
	}
	nf_profiles_free(profiles);
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	int64_t now_wall_us = nf_clock_now().wall_us;
	struct nf_site *site = NULL;
	struct options o = {0};
	struct nf_diags *diags;
	int status = read_options(&o, argc, argv);

	if (status != NF_EXIT_GOOD)
		return status;
	if (o.defaults) {
		nf_schema_print_defaults(stdout);
		return nf_cli_finish(NF_EXIT_GOOD);
	}
	diags = nf_diags_new();
	nf_site_load(cli->config_file, diags, &site);
	check_profiles(&site, diags);
	if (site)
		nf_rp_filter_warn(NF_RP_FILTER_FOLDER, site, diags);
	if (time_in_site(site, o.at, &now_wall_us))
		status = nf_cli_finish(report(&o, site, diags, now_wall_us, cli->colour));
	else
		status = nf_cli_usage(
			&nf_verb_check, "--at takes a time such as \"2011-02-05 18:00\"");
	nf_site_free(site);
	nf_diags_free(diags);
	return status;
}

const struct nf_verb nf_verb_check = {
	.name = "check",
	.arguments = "[--json] [--at TIME] [--defaults]",
	.summary = "check the configuration; say what would be asked and when windows come",
	.run = run,
};
