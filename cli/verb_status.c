// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "checks/cutover/moves_counts.h"
#include "cli/choose.h"
#include "cli/status.h"

#define BUSY_MS 1000

static enum nf_state worst_of(const struct nf_picture *p, const struct nf_status_choice *choice)
{
	enum nf_state worst = NF_STATE_OK;
	if (choice->everything)
		return nf_picture_worst(p);
	for (size_t i = 0; i < p->site->devices.len; i++)
		if (choice->devices[i])
			worst = nf_state_worse(worst, p->devices[i].state);
	return worst;
}

/* A printer that wants toner is no reason for a script to stop. */
static bool is_problem(enum nf_state worst)
{
	return worst != NF_STATE_OK && worst != NF_STATE_WARNING;
}

/* How far the move has come, also before anything was recorded; false: nobody can say, as the rest will. */
static bool read_moves(const struct nf_site *site, struct nf_moves *moves)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	enum nf_err rc = nf_store_open(site->state_dir, NF_STORE_READ, BUSY_MS, &store, &err);
	if (rc != NF_OK && rc != NF_ENOENT)
		return false;
	bool known = nf_moves_read(site, store, nf_clock_now().wall_us, moves) == NF_OK;
	nf_store_close(store);
	return known;
}

static int show(const struct nf_cli *cli, const struct nf_site *site,
	struct nf_status_choice *choice, bool json)
{
	struct nf_picture picture;
	struct nf_moves moves = {0};
	struct nf_error err = {0};
	if (nf_picture_take(site, nf_clock_now(), &picture, &err) != NF_OK)
		return nf_cli_failed(&nf_verb_status, &err);
	bool has_moves = choice->everything && read_moves(site, &moves);
	choice->more = nf_moves_put_counts;
	choice->more_arg = has_moves ? &moves : NULL;
	if (json) {
		struct nf_strbuf out = {0};
		nf_status_json(&picture, choice, &out);
		fwrite(out.data, 1, out.len, stdout);
		nf_strbuf_free(&out);
	} else if (choice->everything) {
		nf_status_print(&picture, has_moves ? &moves : NULL, choice, cli->colour);
	} else {
		nf_status_print_checks(&picture, choice, cli->colour);
	}
	int status = is_problem(worst_of(&picture, choice)) ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD;
	nf_picture_free(&picture);
	if (has_moves)
		nf_moves_free(&moves);
	return status;
}

static int answer(const struct nf_cli *cli, int len, char *const *names, bool json, bool pass)
{
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	bool *devices = nf_choose_devices(&nf_verb_status, site, len, names);
	int status = NF_EXIT_USAGE;
	if (devices != NULL) {
		struct nf_status_choice choice = {
			.devices = devices, .everything = len == 0, .pass = pass};
		status = show(cli, site, &choice, json);
	}
	free(devices);
	nf_site_free(site);
	return status;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{NULL,   0,		  NULL, 0	 },
	};
	bool json = false;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j')
			return nf_cli_bad_option(&nf_verb_status, argv);
		json = true;
	}
	return answer(cli, argc - optind, argv + optind, json, false);
}

int nf_status_after_pass(const struct nf_cli *cli)
{
	return answer(cli, 0, NULL, false, true);
}

const struct nf_verb nf_verb_status = {
	.name = "status",
	.arguments = "[--json] [NETWORK|DEVICE…]",
	.summary = "say what is wrong, since when, and how old that knowledge is",
	.run = run,
};
