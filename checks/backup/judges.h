// SPDX-License-Identifier: GPL-3.0-or-later
/* judges: the kinds of proof that need only a few observations; artefact.h, manifest.h, logtext.h are the
 * others. One file each: status.c, lock.c, copy.c, drill.c, restic.c, borg.c, zfs.c, plugin.c.
 * Shape:   pure: (proof, run, what was seen) -> answer.
 * Units:   times in seconds are the server's clock, in microseconds ours.
 */
#pragma once

#include "checks/backup/job.h"

/* A small file's first line and time. */
struct nf_status_seen {
	const char *path, *text;
	size_t len;
	int64_t mtime_s;
};
void nf_status_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_status_seen *seen, struct nf_proof_answer *answer);

struct nf_lock_seen {
	const char *path;
	bool there;
	int64_t mtime_s;
	bool pid_known, process_there; /* the process named in the file */
	int64_t pid;
};
void nf_lock_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_lock_seen *seen, struct nf_proof_answer *answer);

struct nf_copy_seen {
	const char *where; /* device */
	const char *pattern;
	bool there; /* a copy with the artefact's name, or the newest match */
	const char *path;
	uint64_t size;
	int64_t mtime_s; /* of the copy, on its host */
	/* The artefact; path NULL: the job has none. */
	const char *original;
	uint64_t original_size;
	int64_t original_mtime_s;
	const char *digest, *original_digest; /* NULL: not compared */
};
void nf_copy_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_copy_seen *seen, struct nf_proof_answer *answer);

struct nf_drill_seen {
	bool recorded, good;
	int64_t at_us;
	const char *who, *note;
};
void nf_drill_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_drill_seen *seen, struct nf_proof_answer *answer);

/* What a command said. */
struct nf_command_seen {
	const char *out;
	size_t out_len;
	const char *errors;
	bool has_status, truncated;
	int status;
};
/* The newest backup in a repository. */
struct nf_newest {
	bool there;
	char name[96];
	int64_t at_us; /* ours */
	uint64_t size; /* 0 unknown */
	size_t count;
};
/* False: the command failed or its output is no such thing; answer says so. */
bool nf_restic_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer);
bool nf_borg_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer);
bool nf_zfs_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer);
/* past: sizes of earlier proved runs. */
void nf_snapshot_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const char *where, const struct nf_newest *newest, const uint64_t *past,
	size_t past_len, struct nf_proof_answer *answer);
/* "restic check" and "borg check". */
void nf_check_judge(const char *command, const struct nf_command_seen *seen,
	struct nf_proof_answer *answer);

/* Whether what the proof's `contains` names is in a listing of the newest snapshot. */
void nf_contents_judge(const struct nf_proof *proof, const char *command,
	const struct nf_command_seen *seen, struct nf_proof_answer *answer);

void nf_plugin_judge(const struct nf_command_seen *seen, struct nf_proof_answer *answer);

/* Says why a command's end tells nothing; false: it ran to its end and its status counts. */
bool nf_command_failed(const char *command, const struct nf_command_seen *seen,
	struct nf_proof_answer *answer);
