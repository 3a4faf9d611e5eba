// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <string.h>

#include "base/file.h"
#include "cli/cutover.h"

#define BUSY_MS 5000

struct nf_store *nf_cutover_open(const struct nf_site *site)
{
	struct nf_store *store = NULL;
	struct nf_error err;

	if (nf_mkdirs(site->state_dir, 0750, &err) == NF_OK &&
		nf_store_open(site->state_dir, NF_STORE_WRITE, BUSY_MS, &store, &err) == NF_OK)
		return store;
	nf_cli_failed(&nf_verb_cutover, &err);
	return NULL;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(const struct nf_cli *cli, int argc, char **argv);
	} parts[] = {
		{"snapshot", nf_cutover_snapshot},
		{"verify",   nf_cutover_verify  },
		{"exempt",   nf_cutover_exempt  },
		{"purge",	  nf_cutover_purge	  },
	};
	for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof *parts; i++)
		if (strcmp(argv[1], parts[i].word) == 0)
			return parts[i].run(cli, argc - 1, argv + 1);
	return nf_cutover_show(cli, argc, argv);
}

const struct nf_verb nf_verb_cutover = {
	.name = "cutover",
	.arguments =
		"[--json] [NETWORK|DEVICE…] | snapshot WAVE | verify [--json] "
		"[--accept DEVICE/ASPECT=REASON] WAVE | "
		"exempt DEVICE --reason TEXT --owner WHO --until DAY | exempt DEVICE --end | "
		"purge --before DAY|--mac MAC",
	.summary = "how far the move has come, from evidence; before and after a wave",
	.run = run,
};
