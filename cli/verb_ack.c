// SPDX-License-Identifier: GPL-3.0-or-later
/* What people say about incidents: ack, silence, unsilence. Each is a row that netfold-notify reads. */
#include "cli/verb.h"

#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"
#include "cli/at.h"
#include "store/incidents.h"

#define BUSY_MS	 5000
#define ACK_FOR	 (8 * 3600 * NF_US_PER_S)
#define MIN_US	 (60 * NF_US_PER_S)
#define MAX_US	 (90 * 86400 * NF_US_PER_S)
#define WHO_MAX	 64
#define TEXT_MAX 300

struct word {
	const struct nf_verb *verb;
	int64_t for_us;
	const char *what; /* the number, the scope */
	struct nf_strbuf text;
	bool list;
	char who[WHO_MAX];
};

static void find_who(char who[WHO_MAX])
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *p = getpwuid(getuid());
	snprintf(who, WHO_MAX, "%s",
		sudo != NULL && *sudo != '\0' ? sudo
		: p != NULL		      ? p->pw_name
					      : "somebody");
}

static bool read_words(struct word *w, int argc, char **argv, int *status)
{
	static const struct option options[] = {
		{"for",	required_argument, NULL, 'f'},
		{"by",   required_argument, NULL, 'b'},
		{"list", no_argument,	      NULL, 'l'},
		{NULL,   0,		  NULL, 0	 },
	};
	find_who(w->who);
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?') {
			*status = nf_cli_bad_option(w->verb, argv);
			return false;
		}
		w->list |= c == 'l';
		if (c == 'b')
			snprintf(w->who, WHO_MAX, "%s", optarg);
		if (c == 'f' &&
			nf_parse_duration(optarg, MIN_US, MAX_US, &w->for_us) != NF_OK) {
			*status = nf_cli_usage(w->verb,
				"--for \"%s\" is not a time such as \"4h\", from 1m to 90d",
				optarg);
			return false;
		}
	}
	if (optind < argc)
		w->what = argv[optind++];
	for (; optind < argc; optind++) {
		nf_strbuf_puts(&w->text, w->text.len > 0 ? " " : "");
		nf_text_escape(&w->text, argv[optind], strlen(argv[optind]), TEXT_MAX);
	}
	return true;
}

static int write_word(const struct nf_cli *cli, const struct nf_verb *verb,
	enum nf_err (*write)(struct nf_store *outbox, struct word *w, struct nf_error *err),
	struct word *w)
{
	struct nf_site *site = nf_cli_site(cli);
	struct nf_store *outbox = NULL;
	struct nf_error err = {0};
	if (site == NULL)
		return NF_EXIT_USAGE;
	enum nf_err rc =
		nf_outbox_open(site->state_dir, NF_STORE_WRITE, BUSY_MS, &outbox, &err);
	if (rc == NF_OK)
		rc = write(outbox, w, &err);
	if (rc != NF_OK && err.code == NF_OK)
		nf_error_set(&err, rc, "outbox.db: %s", nf_store_error(outbox));
	nf_store_close(outbox);
	nf_site_free(site);
	return rc == NF_OK ? NF_EXIT_GOOD : nf_cli_failed(verb, &err);
}

static void print_until(const char *what, int64_t until)
{
	char at[NF_AT_MAX];
	printf("%s until %s\n", what, nf_at_minute(until, at));
}

/* ack */

struct seek {
	int64_t number;
	bool found;
};

static void seek_incident(const struct nf_incident_row *row, void *arg)
{
	struct seek *s = arg;
	s->found |= row->number == s->number;
}

static enum nf_err write_ack(struct nf_store *outbox, struct word *w, struct nf_error *err)
{
	struct seek s = {0};
	int64_t now = nf_clock_now().wall_us;
	if (w->what == NULL ||
		nf_parse_i64(w->what + (*w->what == '#'), 1, INT64_MAX, &s.number) != NF_OK)
		return nf_error_set(err, NF_EINVAL, "which incident? Such as: ack 1042");
	enum nf_err rc = nf_incidents(outbox, INT64_MAX, seek_incident, &s);
	if (rc == NF_OK && !s.found)
		return nf_error_set(
			err, NF_ENOENT, "no incident #%lld is open", (long long)s.number);
	if (rc == NF_OK)
		rc = nf_word_add(outbox,
			&(struct nf_word_row){.kind = "ack",
				.at_wall_us = now,
				.from_wall_us = now,
				.until_wall_us = now + w->for_us,
				.number = s.number,
				.who = w->who,
				.text = w->text.data},
			NULL);
	if (rc == NF_OK)
		print_until("acknowledged", now + w->for_us);
	return rc;
}

static int run_ack(const struct nf_cli *cli, int argc, char **argv)
{
	struct word w = {.verb = &nf_verb_ack, .for_us = ACK_FOR};
	int status = NF_EXIT_USAGE;
	if (read_words(&w, argc, argv, &status))
		status = w.what == NULL ? nf_cli_usage(&nf_verb_ack, "which incident?")
					: write_word(cli, &nf_verb_ack, write_ack, &w);
	nf_strbuf_free(&w.text);
	return status;
}

const struct nf_verb nf_verb_ack = {
	.name = "ack",
	.arguments = "[--for TIME] [--by WHO] NUMBER [TEXT…]",
	.summary = "acknowledge an incident for 8h, or TIME: nobody else is told until then",
	.run = run_ack,
};

/* silence */

static enum nf_err write_silence(struct nf_store *outbox, struct word *w, struct nf_error *err)
{
	int64_t now = nf_clock_now().wall_us, id = 0;
	(void)err;
	enum nf_err rc = nf_word_add(outbox,
		&(struct nf_word_row){.kind = "silence",
			.at_wall_us = now,
			.from_wall_us = now,
			.until_wall_us = now + w->for_us,
			.scope = w->what,
			.who = w->who,
			.text = w->text.data},
		&id);
	if (rc == NF_OK) {
		printf("silence %lld: ", (long long)id);
		print_until(w->what, now + w->for_us);
	}
	return rc;
}

static void print_word(const struct nf_word_row *row, void *arg)
{
	char at[NF_AT_MAX];
	(void)arg;
	if (strcmp(row->kind, "unsilence") == 0)
		printf("silence %lld: ended by %s\n", (long long)row->number, row->who);
	if (strcmp(row->kind, "silence") != 0)
		return;
	printf("silence %lld: %s until %s, %s: %s\n", (long long)row->id, row->scope,
		nf_at_minute(row->until_wall_us, at), row->who, row->text);
}

static enum nf_err list_silences(struct nf_store *outbox, struct word *w, struct nf_error *err)
{
	(void)w;
	(void)err;
	return nf_words(outbox, 0, nf_clock_now().wall_us, print_word, NULL);
}

static int run_silence(const struct nf_cli *cli, int argc, char **argv)
{
	struct word w = {.verb = &nf_verb_silence};
	int status = NF_EXIT_USAGE;
	if (!read_words(&w, argc, argv, &status))
		;
	else if (w.list)
		status = write_word(cli, &nf_verb_silence, list_silences, &w);
	else if (w.what == NULL)
		status = nf_cli_usage(&nf_verb_silence, "what is to be silent?");
	else if (w.for_us == 0)
		status = nf_cli_usage(&nf_verb_silence, "for how long? Such as: --for 2h");
	else
		status = write_word(cli, &nf_verb_silence, write_silence, &w);
	nf_strbuf_free(&w.text);
	return status;
}

const struct nf_verb nf_verb_silence = {
	.name = "silence",
	.arguments = "--for TIME [--by WHO] DEVICE|NETWORK/DEVICE[/CHECK] [TEXT…] | --list",
	.summary =
		"no mails about it for a while (with * and ?); what is still bad then is told",
	.run = run_silence,
};

/* unsilence */

struct ending {
	struct nf_word_row of;
	int64_t number;
};

static void find_silence(const struct nf_word_row *row, void *arg)
{
	struct ending *e = arg;
	if (row->id == e->number && strcmp(row->kind, "silence") == 0)
		e->of.until_wall_us = row->until_wall_us;
}

static enum nf_err write_unsilence(
	struct nf_store *outbox, struct word *w, struct nf_error *err)
{
	struct ending e = {0};
	int64_t now = nf_clock_now().wall_us;
	if (nf_parse_i64(w->what, 1, INT64_MAX, &e.number) != NF_OK)
		return nf_error_set(err, NF_EINVAL,
			"which silence? Its number is in `netfold silence --list`");
	enum nf_err rc = nf_words(outbox, 0, now, find_silence, &e);
	if (rc == NF_OK && e.of.until_wall_us == 0)
		return nf_error_set(
			err, NF_ENOENT, "no silence %lld holds now", (long long)e.number);
	/* It lives as long as what it ends. */
	if (rc == NF_OK)
		rc = nf_word_add(outbox,
			&(struct nf_word_row){.kind = "unsilence",
				.at_wall_us = now,
				.from_wall_us = now,
				.until_wall_us = e.of.until_wall_us,
				.number = e.number,
				.who = w->who},
			NULL);
	return rc;
}

static int run_unsilence(const struct nf_cli *cli, int argc, char **argv)
{
	struct word w = {.verb = &nf_verb_unsilence};
	int status = NF_EXIT_USAGE;
	if (read_words(&w, argc, argv, &status))
		status = w.what == NULL
				 ? nf_cli_usage(&nf_verb_unsilence, "which silence?")
				 : write_word(cli, &nf_verb_unsilence, write_unsilence, &w);
	nf_strbuf_free(&w.text);
	return status;
}

const struct nf_verb nf_verb_unsilence = {
	.name = "unsilence",
	.arguments = "[--by WHO] NUMBER",
	.summary = "end a silence before its time",
	.run = run_unsilence,
};
