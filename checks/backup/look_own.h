// SPDX-License-Identifier: GPL-3.0-or-later
/* look_own: what the files of look share. A step either asks something and returns, or says its answer and
 * calls nf_look_next.
 */
#pragma once

#include "base/strbuf.h"
#include "checks/backup/ending.h"
#include "checks/backup/look.h"
#include "checks/backup/manifest.h"

struct nf_look {
	struct nf_look_parts parts;
	struct nf_look_past past;
	struct nf_job_run run;
	int64_t began_mono_us;
	size_t leg;
	struct nf_remote *remote, *other; /* other: of a copy */
	size_t other_leg;
	uv_timer_t timer;
	struct nf_proof_answer answers[NF_LOOK_ANSWERS_MAX];
	size_t answers_len;

	/* The proof under way. */
	size_t index;
	bool artefacts_done;
	const struct nf_proof *proof;
	bool again; /* the second reading of what looked bad */
	struct nf_remote_entry *entries;
	size_t entries_len;
	bool entries_truncated;
	size_t folder, folders; /* among the entries: the one looked into, and how many were */
	void (*then)(struct nf_look *look);
	size_t files; /* of a dump in a folder */
	bool has_stat_again;
	struct nf_remote_stat stat_again;
	struct nf_ending *ending;
	struct nf_strbuf text;
	uint64_t offset;
	int64_t mtime_s;
	bool rotated;
	struct nf_manifest manifest;
	size_t line, lines_checked;
	char digest[160];
	struct nf_copy_seen copy;
	char *copy_path;
	struct nf_lock_seen lock;
	char *lock_path;
	struct nf_command_seen command;
	uint64_t filesystem; /* of the artefact's folder */

	/* The artefact, once it is known; while a standing one is looked at, that, and the other is kept. */
	struct nf_look_artefact {
		char *path;
		struct nf_remote_stat stat;
		bool growing;
		char hash[160];
		bool has_size; /* of a snapshot, too */
		uint64_t size;
		bool is_folder;
	} a, kept;
	bool is_kept;
	bool sign; /* something of the last started run was seen */
	bool checked, check_good;

	bool reached, moved;
	struct nf_look_key keys[NF_LEGS_MAX];
	size_t keys_len;
	char first_reason[NF_PROOF_DETAIL_MAX]; /* in case the second address fails, too */
};

/* A new answer of this kind; never NULL. */
struct nf_proof_answer *nf_look_answer(struct nf_look *look, const char *kind);
/* True: the question was not answered, and the proof is over with what this says. */
bool nf_look_unanswered(
	struct nf_look *look, const char *kind, const struct nf_remote_answer *answer);
void nf_look_next(struct nf_look *look);
/* Nobody answers there as the server that is known. */
bool nf_look_is_elsewhere(const struct nf_remote_answer *answer);
bool nf_look_has_moved(const struct nf_look *look, const struct nf_device *device);
void nf_look_ask(struct nf_look *look, struct nf_remote *remote, struct nf_remote_ask ask,
	void (*done)(void *ctx, const struct nf_remote_answer *answer));
void nf_look_wait(struct nf_look *look, unsigned ms, void (*then)(uv_timer_t *timer));
/* Keeps what a LIST found. */
void nf_look_keep_entries(struct nf_look *look, const struct nf_remote_answer *answer);
void nf_look_drop_entries(struct nf_look *look);

/* Notes a time (the server's, in seconds) as a sign of the last started run, where it is one. */
void nf_look_sign(struct nf_look *look, int64_t mtime_s);

void nf_look_artefact(struct nf_look *look);
/* Looks into matches that are folders: some are one backup. Then goes on with `then`. */
void nf_look_folders(struct nf_look *look, void (*then)(struct nf_look *look));
void nf_look_list_inside(struct nf_look *look, const char *folder,
	void (*done)(void *ctx, const struct nf_remote_answer *answer));
/* Whether the chosen one is whole. */
void nf_look_folder_complete(struct nf_look *look);
/* What is inside, and where it lies: the rest of an artefact's proof. */
void nf_look_inside(struct nf_look *look);
void nf_look_space(struct nf_look *look);
void nf_look_manifest(struct nf_look *look);
void nf_look_log(struct nf_look *look);
void nf_look_status(struct nf_look *look);
void nf_look_lock(struct nf_look *look);
void nf_look_copy(struct nf_look *look);
void nf_look_command(struct nf_look *look); /* restic, borg, zfs, plugin */
