// SPDX-License-Identifier: GPL-3.0-or-later
/* backups: every look at a backup job, where each job stands now, and restore drills; in state.db.
 * Shape:   a look is written once, with the job's row, in one transaction: killed in between, neither is
 *          there, and the look is done again. Verdicts are the contract's words.
 * Units:   wall microseconds, bytes.
 * Errors, memory: as in store/store.h.
 */
#pragma once

#include "store/store.h"

struct nf_backup_look {
	int64_t id; /* rising; given by the store */
	const char *job, *device;
	const char *verdict;   /* "ok", "warning", "bad", "late", "running", "unverifiable" */
	int64_t since_wall_us; /* of the verdict; read only */
	int64_t at_wall_us;
	int64_t run_wall_us; /* start of the run that had to be there; 0: none yet */
	int64_t duration_us;
	const char *reason;
	const char *path;      /* of the artefact, "" for none */
	int64_t size;	       /* of the artefact or snapshot, -1 unknown */
	int64_t mtime_wall_us; /* 0 unknown; the server's clock */
	const char *hash;      /* "sha256:…", "" unknown */
	const char *proofs;    /* JSON: [{"kind","result","detail"}] */
};
typedef void nf_backup_look_fn(const struct nf_backup_look *look, void *arg);

enum nf_err nf_backup_look_add(struct nf_store *store, const struct nf_backup_look *look);
/* The last look at every job, by job. */
enum nf_err nf_backup_jobs(struct nf_store *store, nf_backup_look_fn *fn, void *arg);
/* Looks after this id, oldest first; job NULL: any. */
enum nf_err nf_backup_looks(struct nf_store *store, const char *job, int64_t after_id,
	nf_backup_look_fn *fn, void *arg);
/* Looks of all jobs after this id that are not older than that, oldest first. */
enum nf_err nf_backup_looks_since(struct nf_store *store, int64_t since_wall_us,
	int64_t after_id, nf_backup_look_fn *fn, void *arg);
/* The last looks at the job, newest first. */
enum nf_err nf_backup_looks_newest(struct nf_store *store, const char *job, size_t limit,
	nf_backup_look_fn *fn, void *arg);
/* The last ten different backups of the job that were proved (ok or warning), newest first. */
enum nf_err nf_backup_proved(
	struct nf_store *store, const char *job, nf_backup_look_fn *fn, void *arg);
/* A job that is no longer in the site file. Its looks stay until they are trimmed. */
enum nf_err nf_backup_job_drop(struct nf_store *store, const char *job);
/* Forgets looks before this; never the last proved ones of a job. */
enum nf_err nf_backup_looks_trim(struct nf_store *store, int64_t before_wall_us);

struct nf_drill {
	const char *job, *who, *note;
	int64_t at_wall_us;
	bool good;
};
typedef void nf_drill_fn(const struct nf_drill *drill, void *arg);
enum nf_err nf_drill_add(struct nf_store *store, const struct nf_drill *drill);
/* The last drill of the job, if there is one. */
enum nf_err nf_drill_last(struct nf_store *store, const char *job, nf_drill_fn *fn, void *arg);
