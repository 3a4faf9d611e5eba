// SPDX-License-Identifier: GPL-3.0-or-later
/* Commands with fixed arguments: restic, borg, zfs, and plugins. */
#include "checks/backup/look_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum { ARGS_MAX = 32, OUTPUT_MAX = 4 << 20 };
#define COMMAND_US (10 * 60 * NF_US_PER_S)
#define CHECK_US   (6 * 3600 * NF_US_PER_S)

/* Nobody is there to answer borg's questions: whether this account has met this repository before, and in
 * this place. Reading lists answers both with yes. */
#define BORG_ENVIRONMENT                                                                       \
	"env", "TZ=UTC", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes",                     \
		"BORG_RELOCATED_REPO_ACCESS_IS_OK=yes"

typedef void on_answer(void *ctx, const struct nf_remote_answer *answer);

static void run(
	struct nf_look *look, const char *const *argv, int64_t deadline_us, on_answer *done)
{
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_EXEC,
			.argv = argv,
			.output_max = OUTPUT_MAX,
			.deadline_us = deadline_us},
		done);
}

static struct nf_command_seen seen_of(const struct nf_remote_answer *answer)
{
	return (struct nf_command_seen){
		.out = answer->bytes ? (const char *)answer->bytes : "",
		.out_len = answer->bytes_len,
		.errors = answer->errors ? answer->errors : "",
		.has_status = answer->has_status,
		.truncated = answer->truncated,
		.status = answer->status,
	};
}

static void on_check(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	bool restic = look->proof->kind == NF_PROOF_RESTIC;
	struct nf_proof_answer *said;

	if (nf_look_unanswered(look, "check", answer))
		return;
	struct nf_command_seen seen = seen_of(answer);
	said = nf_look_answer(look, "check");
	nf_check_judge(restic ? "restic check" : "borg check", &seen, said);
	look->checked = said->result == NF_PROOF_OK || said->result == NF_PROOF_BAD;
	look->check_good = said->result == NF_PROOF_OK;
	nf_look_next(look);
}

/* "VARIABLE=VALUE" as an argument of env(1); gives. */
static char *borg_passphrase(const struct nf_proof *p)
{
	return p->password_file ? nf_xasprintf("BORG_PASSCOMMAND=cat '%s'", p->password_file)
				: nf_xstrdup("BORG_DISPLAY_PASSPHRASE=no");
}

static void check(struct nf_look *look)
{
	const struct nf_proof *p = look->proof;
	int64_t most_us = p->check_max_age_us;
	char when[NF_PROOF_TIME_MAX];

	if (!p->check) {
		nf_look_next(look);
		return;
	}
	if (look->past.check_us > 0 && look->run.now_us - look->past.check_us < most_us) {
		nf_proof_say(nf_look_answer(look, "check"),
			look->past.check_good ? NF_PROOF_OK : NF_PROOF_BAD,
			"the repository's own check of %s %s",
			nf_proof_time(look->run.zone, look->past.check_us, when),
			look->past.check_good ? "found nothing wrong" : "found damage");
		nf_look_next(look);
		return;
	}
	if (p->kind == NF_PROOF_RESTIC) {
		run(look,
			(const char *[]){"restic", "--no-lock", "--no-cache", "-r",
				p->repository, "check",
				p->password_file ? "--password-file" : NULL, p->password_file,
				NULL},
			CHECK_US, on_check);
		return;
	}
	char *pass = borg_passphrase(p);
	run(look,
		(const char *[]){BORG_ENVIRONMENT, pass, "borg", "check", p->repository, NULL},
		CHECK_US, on_check);
	free(pass);
}

static void on_contents(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	bool restic = look->proof->kind == NF_PROOF_RESTIC;

	if (nf_look_unanswered(look, "contains", answer))
		return;
	struct nf_command_seen seen = seen_of(answer);
	nf_contents_judge(look->proof, restic ? "restic ls" : "borg list", &seen,
		nf_look_answer(look, "contains"));
	check(look);
}

/* Of a path in a snapshot the folder, for restic lists folders only; gives. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return nf_xasprintf("%s%.*s", path[0] == '/' ? "" : "/",
		(int)(slash && slash > path ? slash - path : 1), slash ? path : "");
}

/* Lists of the newest snapshot only what must be in it. */
static void contents(struct nf_look *look, const struct nf_newest *newest)
{
	const struct nf_proof *p = look->proof;
	const char *argv[ARGS_MAX] = {NULL};
	char *pass = borg_passphrase(p), *archive = NULL;
	size_t n = 0;

	if (p->contains.len == 0 || !newest->there) {
		free(pass);
		check(look);
		return;
	}
	if (p->kind == NF_PROOF_RESTIC) {
		const char *head[] = {
			"restic", "--no-lock", "--no-cache", "--json", "-r", p->repository};
		for (size_t i = 0; i < sizeof head / sizeof *head; i++)
			argv[n++] = head[i];
		argv[n++] = p->password_file ? "--password-file" : "--quiet";
		if (p->password_file)
			argv[n++] = p->password_file;
		argv[n++] = "ls";
		argv[n++] = newest->name;
	} else {
		const char *head[] = {BORG_ENVIRONMENT, pass, "borg", "list", "--json-lines"};
		for (size_t i = 0; i < sizeof head / sizeof *head; i++)
			argv[n++] = head[i];
		argv[n++] = archive = nf_xasprintf("%s::%s", p->repository, newest->name);
	}
	char *folders[ARGS_MAX] = {NULL};
	for (size_t i = 0; i < p->contains.len && n + 1 < ARGS_MAX; i++) {
		if (p->kind == NF_PROOF_RESTIC)
			folders[i] = folder_of(p->contains.items[i]);
		argv[n++] = folders[i] ? folders[i] : p->contains.items[i];
	}
	run(look, argv, COMMAND_US, on_contents);
	for (size_t i = 0; i < p->contains.len && i < ARGS_MAX; i++)
		free(folders[i]);
	free(archive);
	free(pass);
}

static void on_snapshots(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	const struct nf_proof *p = look->proof;
	const char *kind = nf_proof_kind_text(p->kind);
	struct nf_proof_answer said = {.kind = kind};
	uint64_t sizes[NF_LOOK_PAST_MAX];
	struct nf_newest newest;
	size_t len = 0;
	bool read;

	if (nf_look_unanswered(look, kind, answer))
		return;
	struct nf_command_seen seen = seen_of(answer);
	read = (p->kind == NF_PROOF_RESTIC ? nf_restic_read
		: p->kind == NF_PROOF_BORG ? nf_borg_read
					   : nf_zfs_read)(&seen, &look->run, &newest, &said);
	/* The job's history is that of its artefact where it has one. */
	for (size_t i = 0; !look->a.path && i < look->past.artefacts_len; i++)
		sizes[len++] = look->past.artefacts[i].size;
	if (read)
		nf_snapshot_judge(p, &look->run, p->dataset ? p->dataset : p->repository,
			&newest, sizes, len, &said);
	*nf_look_answer(look, kind) = said;
	if (read && newest.there)
		nf_look_sign(look,
			newest.at_us / NF_US_PER_S +
				(look->run.clock_known ? look->run.clock_ahead_us / NF_US_PER_S
						       : 0));
	if (read && newest.there && newest.size > 0 && !look->a.path && !look->a.has_size) {
		look->a.has_size = true;
		look->a.size = newest.size;
		look->a.stat.mtime_s = newest.at_us / NF_US_PER_S;
	}
	if (read)
		contents(look, &newest);
	else
		nf_look_next(look);
}

static void on_plugin(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "plugin", answer))
		return;
	struct nf_command_seen seen = seen_of(answer);
	nf_plugin_judge(&seen, nf_look_answer(look, "plugin"));
	nf_look_next(look);
}

/* Words parted by blanks; '…' and "…" keep blanks. Changes text. */
static size_t words(char *text, const char **argv, size_t max)
{
	size_t len = 0;

	for (char *at = text; *at != '\0' && len + 1 < max;) {
		at += strspn(at, " \t");
		if (*at == '\0')
			break;
		char quote = *at == '"' || *at == '\'' ? *at : '\0';
		argv[len++] = quote ? ++at : at;
		at += quote ? strcspn(at, (char[]){quote, '\0'}) : strcspn(at, " \t");
		if (*at != '\0')
			*at++ = '\0';
	}
	argv[len] = NULL;
	return len;
}

void nf_look_command(struct nf_look *look)
{
	const struct nf_proof *p = look->proof;
	const char *argv[ARGS_MAX];
	char *text;

	switch (p->kind) {
	case NF_PROOF_RESTIC:
		run(look,
			(const char *[]){"restic", "--no-lock", "--no-cache", "--json", "-r",
				p->repository, "snapshots",
				p->password_file ? "--password-file" : NULL, p->password_file,
				NULL},
			COMMAND_US, on_snapshots);
		break;
	case NF_PROOF_BORG:
		text = borg_passphrase(p);
		run(look,
			(const char *[]){BORG_ENVIRONMENT, text, "borg", "info", "--json",
				"--last", "1", p->repository, NULL},
			COMMAND_US, on_snapshots);
		free(text);
		break;
	case NF_PROOF_ZFS:
		run(look,
			(const char *[]){"zfs", "list", "-H", "-p", "-t", "snapshot", "-d", "1",
				"-o", "name,creation,used,referenced", "-s", "creation",
				p->dataset, NULL},
			COMMAND_US, on_snapshots);
		break;
	default:
		text = nf_xstrdup(p->run);
		words(text, argv, ARGS_MAX);
		run(look, argv, COMMAND_US, on_plugin);
		free(text);
	}
}
