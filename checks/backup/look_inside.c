// SPDX-License-Identifier: GPL-3.0-or-later
/* What is in an artefact, and where it lies: names in an archive, the file system, its free space. */
#include "checks/backup/look_own.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"

#define INSIDE_US (12 * 3600 * NF_US_PER_S)

static void on_inside(void *ctx, const struct nf_remote_answer *answer)
{
	static const char kind[] = "contains";
	struct nf_look *look = ctx;

	if (answer->outcome != NF_REMOTE_OK && answer->cause == NF_CAUSE_UNSUPPORTED) {
		nf_proof_say(nf_look_answer(look, kind), NF_PROOF_UNVERIFIABLE, "%s: %s",
			look->a.path, answer->reason);
		nf_look_space(look);
		return;
	}
	if (nf_look_unanswered(look, kind, answer))
		return;
	struct nf_proof_answer *said = nf_look_answer(look, kind);
	if (answer->outcome == NF_REMOTE_ABSENT || answer->changed)
		nf_proof_say(
			said, NF_PROOF_RUNNING, "%s changed while it was read", look->a.path);
	else if (!answer->sound)
		nf_proof_say(said, NF_PROOF_BAD, "%s: %s", look->a.path, answer->reason);
	else if (answer->missing[0] != '\0')
		nf_proof_say(said, NF_PROOF_BAD, "%s: %s is not in it, among %" PRIu64 " names",
			look->a.path, answer->missing, answer->seen);
	else
		nf_proof_say(said, NF_PROOF_OK,
			"%s: all that is asked for is among its %" PRIu64
			" names, every checksum is right",
			look->a.path, answer->seen);
	nf_look_space(look);
}

void nf_look_inside(struct nf_look *look)
{
	const struct nf_proof *p = look->proof;

	if (p->contains.len == 0) {
		nf_look_space(look);
		return;
	}
	const char **names = nf_xcalloc(p->contains.len + 1, sizeof *names);
	for (size_t i = 0; i < p->contains.len; i++)
		names[i] = p->contains.items[i];
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_DEEP,
			.path = look->a.path,
			.argv = names,
			.deadline_us = INSIDE_US},
		on_inside);
	free(names);
}

/* The folder of a pattern: what stands before its first component with a wildcard, or before the last. */
static char *folder_of(const char *pattern)
{
	size_t wild = strcspn(pattern, "*?["), end = 0;

	for (size_t i = 0; i < wild && pattern[i] != '\0'; i++) {
		if (pattern[i] == '/')
			end = i;
	}
	return nf_xasprintf("%.*s", (int)(end > 0 ? end : 1), pattern);
}

static void on_root(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	char *folder = folder_of(look->proof->path);

	if (nf_look_unanswered(look, "space", answer)) {
		free(folder);
		return;
	}
	if (answer->filesystem == 0 && look->filesystem == 0)
		nf_proof_say(nf_look_answer(look, "space"), NF_PROOF_UNVERIFIABLE,
			"the server does not tell its file systems apart: own_filesystem cannot be "
			"judged");
	else if (answer->outcome == NF_REMOTE_OK && answer->filesystem == look->filesystem)
		nf_proof_say(nf_look_answer(look, "space"), NF_PROOF_BAD,
			"%s lies on the file system of /: the disk for backups is not mounted",
			folder);
	free(folder);
	nf_look_next(look);
}

static void on_space(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	const struct nf_proof *p = look->proof;
	char *folder = folder_of(p->path), have[NF_QUANTITY_MAX], least[NF_QUANTITY_MAX];

	if (answer->outcome == NF_REMOTE_ABSENT) {
		nf_proof_say(
			nf_look_answer(look, "space"), NF_PROOF_BAD, "there is no %s", folder);
		nf_look_next(look);
	} else if (!nf_look_unanswered(look, "space", answer)) {
		nf_format_size(answer->free_bytes, have);
		bool low = p->min_free > 0 && answer->free_bytes < p->min_free;
		if (low || p->min_free > 0)
			nf_proof_say(nf_look_answer(look, "space"),
				low ? NF_PROOF_WARNING : NF_PROOF_OK, "%s has %s left%s%s",
				folder, have, low ? ", less than min_free " : "",
				low ? nf_format_size(p->min_free, least) : "");
		look->filesystem = answer->filesystem;
		if (p->own_filesystem)
			nf_look_ask(look, look->remote,
				(struct nf_remote_ask){.kind = NF_REMOTE_STATVFS, .path = "/"},
				on_root);
		else
			nf_look_next(look);
	}
	free(folder);
}

void nf_look_space(struct nf_look *look)
{
	if (!look->proof->own_filesystem && look->proof->min_free == 0) {
		nf_look_next(look);
		return;
	}
	char *folder = folder_of(look->proof->path);
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_STATVFS, .path = folder}, on_space);
	free(folder);
}
