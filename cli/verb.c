// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"

static const struct option options[] = {
	{"config",  required_argument, NULL, 'c'},
	{"help",	 no_argument,	      NULL, 'h'},
	{"version", no_argument,	 NULL, 'V'},
	{NULL,      0,		  NULL, 0	 },
};

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

const struct nf_verb *nf_cli_verb(const struct nf_cli *cli, const char *name)
{
	for (const struct nf_verb *const *v = cli->verbs; *v != NULL; v++)
		if (strcmp((*v)->name, name) == 0)
			return *v;
	return NULL;
}

static int unknown_verb(const struct nf_cli *cli, const char *name)
{
	const char *names[64];
	size_t len = 0;
	for (const struct nf_verb *const *v = cli->verbs; *v != NULL && len < 64; v++)
		names[len++] = (*v)->name;
	const char *nearest = nf_nearest(name, names, len);
	char shown[64];
	nf_text_escape_buf(shown, sizeof shown, name);
	fprintf(stderr, "netfold: no command \"%s\"", shown);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean \"%s\"?\n", nearest);
	else
		fprintf(stderr, "; see `netfold help`\n");
	return NF_EXIT_USAGE;
}

/* Points *name at the verb's own word; where an option stands in for it, at "help" or "version". */
static bool read_options(struct nf_cli *cli, int argc, char **argv, const char **name)
{
	for (;;) {
		switch (getopt_long(argc, argv, "+c:hV", options, NULL)) {
		case -1:
			*name = optind < argc ? argv[optind] : NULL;
			return true;
		case 'c':
			cli->config_file = optarg;
			break;
		case 'h':
			*name = "help";
			return true;
		case 'V':
			*name = "version";
			return true;
		default:
			fputs("netfold: see `netfold help`\n", stderr);
			return false;
		}
	}
}

static bool asks_help(int argc, char **argv)
{
	return argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

int nf_cli_main(const struct nf_verb *const *verbs, int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	nf_log_open("netfold", NF_LOG_INFO);
	struct nf_cli cli = {
		.config_file = NF_SYSCONF_DIR "/site.yaml",
		.colour = wants_colour(),
		.verbs = verbs,
	};
	const char *name = NULL;
	if (!read_options(&cli, argc, argv, &name))
		return NF_EXIT_USAGE;
	if (name == NULL) {
		fputs("netfold: which command? See `netfold help`\n", stderr);
		return NF_EXIT_USAGE;
	}
	const struct nf_verb *verb = nf_cli_verb(&cli, name);
	if (verb == NULL)
		return unknown_verb(&cli, name);
	int first = optind < argc ? optind : argc;
	int count = argc - first;
	char **rest = argv + first;
	if (asks_help(count, rest)) {
		char *words[] = {rest[1], rest[0], NULL};
		return nf_cli_finish(nf_verb_help.run(&cli, 2, words));
	}
	optind =
		0; /* glibc: a verb may run its own getopt from the start, and speaks for itself */
	opterr = 0;
	return nf_cli_finish(verb->run(&cli, count, rest));
}

struct nf_site *nf_cli_site(const struct nf_cli *cli)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;
	if (nf_site_load(cli->config_file, diags, &site) != NF_OK) {
		nf_diags_print(diags, stderr);
		site = NULL;
	}
	nf_diags_free(diags);
	/* People read times in the zone they work in, wherever the command runs. */
	if (site != NULL)
		setenv("TZ", site->timezone, 1);
	tzset();
	return site;
}

void nf_cli_speak(const struct nf_site *site)
{
	nf_i18n_open(site->language == NF_LANGUAGE_SV ? "sv" : "en");
}

int nf_cli_usage(const struct nf_verb *verb, const char *format, ...)
{
	char text[NF_ERROR_TEXT_MAX], shown[NF_ERROR_TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	nf_text_escape_buf(shown, sizeof shown, text);
	fprintf(stderr, "netfold %s: %s\nSee `netfold help %s`.\n", verb->name, shown,
		verb->name);
	return NF_EXIT_USAGE;
}

int nf_cli_bad_option(const struct nf_verb *verb, char *const *argv)
{
	return nf_cli_usage(
		verb, "\"%s\" is no option, or its value is missing", argv[optind - 1]);
}

int nf_cli_failed(const struct nf_verb *verb, const struct nf_error *err)
{
	fprintf(stderr, "netfold %s: %s\n", verb->name,
		err->text[0] != '\0' ? err->text : nf_strerror(err->code));
	return NF_EXIT_FAILED;
}

int nf_cli_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* A reader such as `head` that has seen enough is no failure of ours. */
	if (errno == EPIPE)
		return status;
	fprintf(stderr, "netfold: the output could not be written: %s\n", strerror(errno));
	return NF_EXIT_FAILED;
}
