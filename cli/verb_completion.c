// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <stdio.h>
#include <string.h>

/* The "--option" words of "[--json] [--since TIME] [NAME…]". */
static void print_options(const char *arguments)
{
	for (const char *at = strstr(arguments, "--"); at != NULL; at = strstr(at + 2, "--"))
		printf(" %.*s", (int)(2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz-")), at);
}

/* The words that begin the other ways to call a verb: "… | snapshot WAVE | …". */
static void print_parts(const char *arguments)
{
	for (const char *at = strstr(arguments, "| "); at != NULL; at = strstr(at + 2, "| ")) {
		size_t len = strspn(at + 2, "abcdefghijklmnopqrstuvwxyz");
		if (len > 0 && (at[2 + len] == ' ' || at[2 + len] == '\0'))
			printf(" %.*s", (int)len, at + 2);
	}
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "bash") != 0)
		return nf_cli_usage(&nf_verb_completion, "the shell is \"bash\"");
	puts("# bash completion for netfold, written by `netfold completion bash`\n"
	     "_netfold() {\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= i\n"
	     "\tcase $before in -c|--config)\n"
	     "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return;;\n"
	     "\tesac\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase ${COMP_WORDS[i]} in\n"
	     "\t\t-c|--config) ((i++));;\n"
	     "\t\t-*) ;;\n"
	     "\t\t*) verb=${COMP_WORDS[i]}; break;;\n"
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tlocal words\n"
	     "\tcase $verb in");
	fputs("\t\"\") words=\"--config --help --version", stdout);
	for (const struct nf_verb *const *v = cli->verbs; *v != NULL; v++)
		printf(" %s", (*v)->name);
	puts("\";;");
	for (const struct nf_verb *const *v = cli->verbs; *v != NULL; v++) {
		printf("\t%s) words=\"--help", (*v)->name);
		print_options((*v)->arguments);
		print_parts((*v)->arguments);
		puts("\";;");
	}
	puts("\t*) words=;;\n"
	     "\tesac\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	     "}\n"
	     "complete -F _netfold netfold");
	return NF_EXIT_GOOD;
}

const struct nf_verb nf_verb_completion = {
	.name = "completion",
	.arguments = "bash",
	.summary = "print the shell's completion script",
	.run = run,
};
