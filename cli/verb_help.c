// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <stdio.h>
#include <string.h>

static void print_all(const struct nf_cli *cli)
{
	puts("Usage: netfold [-c FILE] COMMAND [ARGUMENTS]\n\n"
	     "Says whether everything is up, from evidence.\n\nCommands:");
	for (const struct nf_verb *const *v = cli->verbs; *v != NULL; v++)
		printf("  %-12s %s\n", (*v)->name, (*v)->summary);
	puts("\nOptions:\n"
	     "  -c, --config FILE  the site file (" NF_SYSCONF_DIR "/site.yaml)\n"
	     "  -h, --help         this text; after a command, its own\n"
	     "  -V, --version      the version\n\n"
	     "Exit status: 0 good, 1 problems found, 2 wrong use or configuration, 3 failed.\n"
	     "See netfold(1).");
}

/* A line for each way to use it: "[--json] | snapshot WAVE". */
static void print_usage(const struct nf_verb *verb)
{
	const char *at = verb->arguments, *next;
	printf("Usage: netfold [-c FILE] %s", verb->name);
	for (; (next = strstr(at, " | ")) != NULL; at = next + 3)
		printf(" %.*s\n       netfold %s", (int)(next - at), at, verb->name);
	printf("%s%s\n\n%s\n", *at != '\0' ? " " : "", at, verb->summary);
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	if (argc < 2) {
		print_all(cli);
		return NF_EXIT_GOOD;
	}
	const struct nf_verb *verb = nf_cli_verb(cli, argv[1]);
	if (verb == NULL)
		return nf_cli_usage(&nf_verb_help, "no command \"%s\"", argv[1]);
	print_usage(verb);
	return NF_EXIT_GOOD;
}

const struct nf_verb nf_verb_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "list the commands, or say how one is used",
	.run = run,
};
