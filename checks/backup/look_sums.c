// SPDX-License-Identifier: GPL-3.0-or-later
/* Checksums that are compared: manifests, and copies on another host. */
#include "checks/backup/look_own.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define HASH_US (12 * 3600 * NF_US_PER_S)

static void check_line(struct nf_look *look);

static void say_manifest(struct nf_look *look, enum nf_proof_result result, const char *text)
{
	nf_proof_say(
		nf_look_answer(look, "manifest"), result, "%s: %s", look->proof->path, text);
	nf_look_next(look);
}

/* All lines, or a sample that moves on with every run's day, so that all are checked over time. */
static size_t lines_wanted(const struct nf_look *look)
{
	size_t all = look->manifest.len, sample = look->proof->sample;

	return sample == 0 || sample > all ? all : sample;
}

static const struct nf_manifest_line *line_at(const struct nf_look *look)
{
	size_t day = (size_t)(look->run.now_us / (86400 * NF_US_PER_S));

	return &look->manifest
			.lines[(day * lines_wanted(look) + look->line) % look->manifest.len];
}

static void end_manifest(struct nf_look *look)
{
	char text[200];

	snprintf(text, sizeof text, "%zu of %zu checksums are right%s", look->line,
		look->manifest.len,
		look->manifest.strange > 0 ? ", some lines are not understood" : "");
	say_manifest(look, look->manifest.strange > 0 ? NF_PROOF_WARNING : NF_PROOF_OK, text);
}

static void on_line(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	const struct nf_manifest_line *line = line_at(look);
	char text[NF_PROOF_DETAIL_MAX];

	if (nf_look_unanswered(look, "manifest", answer))
		return;
	if (answer->outcome == NF_REMOTE_ABSENT) {
		snprintf(text, sizeof text, "%.400s is named there and missing", line->path);
		say_manifest(look, NF_PROOF_BAD, text);
	} else if (strcmp(answer->digest, line->digest) != 0) {
		snprintf(text, sizeof text, "%.400s does not have the checksum named there%s",
			line->path, answer->changed ? " (it changed while it was read)" : "");
		say_manifest(look, answer->changed ? NF_PROOF_RUNNING : NF_PROOF_BAD, text);
	} else {
		look->line++;
		check_line(look);
	}
}

static void check_line(struct nf_look *look)
{
	if (look->line == lines_wanted(look)) {
		end_manifest(look);
		return;
	}
	const struct nf_manifest_line *line = line_at(look);
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_HASH,
			.path = line->path,
			.hash = line->hash,
			.deadline_us = HASH_US},
		on_line);
}

/* Whether the artefact lies beside the manifest, which must then name it. */
static bool is_beside(const struct nf_look *look)
{
	const char *a = look->a.path, *b = look->proof->path;
	const char *x = a ? strrchr(a, '/') : NULL, *y = strrchr(b, '/');

	return x && y && x - a == y - b && strncmp(a, b, (size_t)(x - a)) == 0 &&
	       strcmp(a, b) != 0;
}

static void on_manifest(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "manifest", answer))
		return;
	if (answer->outcome == NF_REMOTE_ABSENT) {
		say_manifest(look, NF_PROOF_BAD, "is not there");
		return;
	}
	nf_strbuf_add(&look->text, answer->bytes, answer->bytes_len);
	if (answer->bytes_len == NF_REMOTE_READ_MAX && look->text.len < NF_MANIFEST_BYTES_MAX) {
		nf_look_manifest(look);
		return;
	}
	nf_manifest_read(&look->manifest, look->proof->path,
		look->text.data ? look->text.data : "", look->text.len);
	look->line = 0;
	if (look->manifest.len == 0)
		say_manifest(look, NF_PROOF_BAD, "holds no checksum");
	else if (look->a.growing)
		say_manifest(look, NF_PROOF_RUNNING, "not compared while the backup runs");
	else if (is_beside(look) && !nf_manifest_find(&look->manifest, look->a.path))
		say_manifest(look, look->run.under_way ? NF_PROOF_RUNNING : NF_PROOF_BAD,
			"the newest backup is not in it");
	else
		check_line(look);
}

void nf_look_manifest(struct nf_look *look)
{
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_READ,
			.path = look->proof->path,
			.offset = look->text.len,
			.len = NF_REMOTE_READ_MAX},
		on_manifest);
}

static void judge_copy(struct nf_look *look)
{
	nf_copy_judge(look->proof, &look->run, &look->copy, nf_look_answer(look, "copy"));
	nf_look_next(look);
}

static void on_copy_hash(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "copy", answer))
		return;
	look->copy.digest = answer->outcome == NF_REMOTE_OK ? answer->digest : NULL;
	look->copy.there = answer->outcome == NF_REMOTE_OK;
	judge_copy(look);
}

static void on_original_hash(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "copy", answer))
		return;
	snprintf(look->digest, sizeof look->digest, "%s", answer->digest);
	look->copy.original_digest = look->digest;
	nf_look_ask(look, look->other,
		(struct nf_remote_ask){.kind = NF_REMOTE_HASH,
			.path = look->copy_path,
			.deadline_us = HASH_US},
		on_copy_hash);
}

static void choose_copy(struct nf_look *look)
{
	const char *slash = look->a.path ? strrchr(look->a.path, '/') : NULL;
	struct nf_artefact_pick pick;

	nf_artefact_pick(look->entries, look->entries_len, &pick);
	const struct nf_remote_entry *copy = pick.newest;
	for (size_t i = 0; slash && i < look->entries_len; i++) {
		if (strcmp(look->entries[i].name, slash + 1) == 0 &&
			look->entries[i].stat.is_file)
			copy = &look->entries[i];
	}
	if (copy) {
		look->copy.there = true;
		look->copy_path = nf_xstrdup(copy->path);
		look->copy.path = look->copy_path;
		look->copy.size = copy->stat.size;
		look->copy.mtime_s = copy->stat.mtime_s;
	}
}

static void try_other(uv_timer_t *timer);

static void on_copies(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (look->other_leg + 1 < look->proof->device->legs_len &&
		nf_look_is_elsewhere(answer)) {
		nf_look_wait(look, 0, try_other);
		return;
	}
	if (nf_look_unanswered(look, "copy", answer))
		return;
	nf_look_keep_entries(look, answer);
	look->copy = (struct nf_copy_seen){
		.where = look->proof->device->name, .pattern = look->proof->path};
	choose_copy(look);
	if (look->a.path) {
		look->copy.original = look->a.path;
		look->copy.original_size = look->a.size;
		look->copy.original_mtime_s = look->a.stat.mtime_s;
	}
	if (look->a.growing) {
		nf_proof_say(nf_look_answer(look, "copy"), NF_PROOF_RUNNING,
			"not compared while the backup runs");
		nf_look_next(look);
	} else if (look->copy.there && look->a.path && look->copy.size == look->a.size &&
		   look->a.size > 0) {
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_HASH,
				.path = look->a.path,
				.deadline_us = HASH_US},
			on_original_hash);
	} else {
		judge_copy(look);
	}
}

static void open_other(struct nf_look *look)
{
	const struct nf_device *device = look->proof->device;

	look->other = nf_remote_open(
		look->parts.pool, device, &device->legs[look->other_leg], look->proof->ssh);
	nf_look_ask(look, look->other,
		(struct nf_remote_ask){.kind = NF_REMOTE_LIST, .path = look->proof->path},
		on_copies);
}

static void try_other(uv_timer_t *timer)
{
	struct nf_look *look = timer->data;

	nf_remote_close(look->other);
	look->other_leg++;
	open_other(look);
}

void nf_look_copy(struct nf_look *look)
{
	look->other_leg = nf_look_has_moved(look, look->proof->device);
	open_other(look);
}
