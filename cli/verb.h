// SPDX-License-Identifier: GPL-3.0-or-later
/* verb: one command of `netfold`, one file a verb (cli/verb_<name>.c), one table of them (cli/main.c).
 * Shape:   netfold [-c FILE] VERB [ARGUMENTS]; argv[0] is the verb. Results go to stdout, everything else
 *          to stderr. Colour only where stdout is a terminal and NO_COLOR is not set.
 *          The help, the shell completion and the test of the man page read the table's texts.
 * Exit:    base/program.h: 0 good, 1 problems found, 2 wrong use or configuration, 3 failed.
 */
#pragma once

#include "base/program.h"
#include "conf/load.h"

struct nf_verb;

struct nf_cli {
	const char *config_file;
	bool colour;
	const struct nf_verb *const *verbs; /* the whole table, ended by NULL */
};

struct nf_verb {
	const char *name;
	const char *arguments;					     /* "[--json] [NAME…]" */
	const char *summary;					     /* one line */
	int (*run)(const struct nf_cli *cli, int argc, char **argv); /* returns enum nf_exit */
};

/* Reads the common options and runs the verb; returns the exit status. verbs ends with NULL. */
int nf_cli_main(const struct nf_verb *const *verbs, int argc, char **argv);

/* Loads cli->config_file and makes its time zone the process's; prints every mistake on stderr. NULL:
 * exit with NF_EXIT_USAGE. */
struct nf_site *nf_cli_site(const struct nf_cli *cli);
/* From here on texts of base/i18n.h are in the site's language: sentences for people. Headings, stages and all
 * other words that the manual names are the same in every language, and so is JSON. */
void nf_cli_speak(const struct nf_site *site);
/* "netfold VERB: MESSAGE" on stderr, with a hint at `netfold help VERB`; returns NF_EXIT_USAGE. */
int nf_cli_usage(const struct nf_verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same about the option that getopt_long has just refused. */
int nf_cli_bad_option(const struct nf_verb *verb, char *const *argv);
/* "netfold VERB: TEXT" on stderr; returns NF_EXIT_FAILED. */
int nf_cli_failed(const struct nf_verb *verb, const struct nf_error *err);
/* The verb of this name, or NULL. */
const struct nf_verb *nf_cli_verb(const struct nf_cli *cli, const char *name);
/* What was printed really left: NF_EXIT_FAILED (said on stderr) when stdout is full or gone, else
 * `status`. */
int nf_cli_finish(int status);

extern const struct nf_verb nf_verb_check, nf_verb_run, nf_verb_verify, nf_verb_backups,
	nf_verb_drill, nf_verb_probe, nf_verb_status, nf_verb_events, nf_verb_incidents,
	nf_verb_ack, nf_verb_cutover, nf_verb_silence, nf_verb_unsilence, nf_verb_mail,
	nf_verb_oncall, nf_verb_series, nf_verb_discover, nf_verb_doctor, nf_verb_completion,
	nf_verb_help, nf_verb_version;
