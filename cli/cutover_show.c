// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cutover.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/choose.h"
#include "cli/cutover_print.h"

#define BUSY_MS 5000

static bool is_bad(const struct nf_moves *m, const struct nf_cutover_choice *choice)
{
	for (size_t i = 0; i < m->len; i++) {
		const struct nf_move *move = &m->items[i];
		if (choice->devices[move->device->index] &&
			(move->stage == NF_STAGE_REGRESSED || move->stage == NF_STAGE_LOST))
			return true;
	}
	for (size_t i = 0; i < m->networks_len; i++) {
		const struct nf_network *n = m->networks[i].network;
		if (choice->networks[n->index] && n->leave_by_wall_us != 0 &&
			n->leave_by_wall_us <= m->at_wall_us && !m->networks[i].ready)
			return true;
	}
	return false;
}

static int show(const struct nf_cli *cli, const struct nf_site *site,
	const struct nf_cutover_choice *choice, bool json)
{
	struct nf_store *store = NULL;
	struct nf_error err = {0};
	struct nf_moves moves;
	enum nf_err rc = nf_store_open(site->state_dir, NF_STORE_READ, BUSY_MS, &store, &err);
	/* Nothing was ever kept: nobody knows where any device stands. */
	if (rc != NF_OK && rc != NF_ENOENT)
		return nf_cli_failed(&nf_verb_cutover, &err);
	rc = nf_moves_read(site, store, nf_clock_now().wall_us, &moves);
	if (rc != NF_OK) {
		nf_error_set(&err, rc, "state.db: %s", nf_store_error(store));
		nf_store_close(store);
		return nf_cli_failed(&nf_verb_cutover, &err);
	}
	if (json) {
		nf_cutover_json(&moves, store, choice);
	} else {
		nf_cli_speak(site);
		nf_cutover_print(&moves, choice, cli->colour);
	}
	int status = is_bad(&moves, choice) ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD;
	nf_moves_free(&moves);
	nf_store_close(store);
	return nf_cli_finish(status);
}

/* A network's name chooses it and its devices, a device's name that device. */
static int choose(const struct nf_cli *cli, const struct nf_site *site, int len,
	char *const *names, bool json)
{
	struct nf_cutover_choice choice = {.everything = len == 0};
	choice.devices = nf_choose_devices(&nf_verb_cutover, site, len, names);
	if (choice.devices == NULL)
		return NF_EXIT_USAGE;
	choice.networks = nf_xcalloc(site->networks.len + 1, sizeof *choice.networks);
	NF_EACH(struct nf_network, n, site->networks)
	{
		choice.networks[n->index] = len == 0;
		for (int i = 0; i < len; i++)
			choice.networks[n->index] |= strcmp(names[i], n->id) == 0;
	}
	int status = show(cli, site, &choice, json);
	free(choice.devices);
	free(choice.networks);
	return status;
}

int nf_cutover_show(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{NULL,   0,		  NULL, 0	 },
	};
	bool json = false;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_cutover, argv);
		json = true;
	}
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	int status = choose(cli, site, argc - optind, argv + optind, json);
	nf_site_free(site);
	return status;
}
