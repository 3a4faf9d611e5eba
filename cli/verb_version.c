// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <stdio.h>

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	(void)cli, (void)argc, (void)argv;
	puts(PACKAGE_STRING);
	return NF_EXIT_GOOD;
}

const struct nf_verb nf_verb_version = {
	.name = "version",
	.arguments = "",
	.summary = "print the version",
	.run = run,
};
