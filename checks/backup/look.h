// SPDX-License-Identifier: GPL-3.0-or-later
/* look: one look at one backup job: every proof is asked for over SSH, judged, and summed up.
 * Shape:   a small state machine on checks/backup/ssh/remote.h: the server's clock first, then the
 *          artefacts, then the other proofs in the site file's order. What looks bad is read once more
 *          before it is judged, for it may have been created or pruned in between.
 * Legs:    a device that has moved is asked at its second address, one that does not answer as itself at its
 *          first is tried there, and the reason says so.
 * Memory:  start borrows everything until done was called; the result is borrowed for that call.
 */
#pragma once

#include "checks/backup/artefact.h"
#include "checks/backup/judges.h"

#define NF_LOOK_ANSWERS_MAX 64
#define NF_LOOK_PAST_MAX    10

/* What earlier looks found. */
struct nf_look_past {
	struct nf_artefact_past artefacts[NF_LOOK_PAST_MAX]; /* proved, newest first */
	size_t artefacts_len;
	struct nf_drill_seen drill;
	char drill_who[100], drill_note[300];
	int64_t check_us; /* when the repository was last checked by itself; 0: never */
	bool check_good;
};

/* What an address showed as its host key. */
struct nf_look_key {
	const struct nf_leg *leg;
	enum nf_remote_cause cause;
	char offered[120], known[512]; /* as in remote.h; "" unknown */
};

struct nf_look_result {
	const struct nf_backup *job;
	struct nf_job_run run;
	enum nf_proof_result verdict;
	char reason[NF_PROOF_DETAIL_MAX + 200];
	const struct nf_proof_answer *answers;
	size_t answers_len;
	const char *path; /* of the artefact, or "" */
	bool has_size;
	uint64_t size;
	int64_t mtime_s;
	const char *hash; /* "" unknown */
	int64_t duration_us;
	bool checked, check_good;	/* the repository was asked to check itself */
	bool reached;			/* the server let us in */
	const struct nf_look_key *keys; /* an address each that was tried, in that order */
	size_t keys_len;
};
typedef void nf_look_done_fn(const struct nf_look_result *result, void *arg);

struct nf_look_parts {
	uv_loop_t *loop;
	struct nf_remote_pool *pool;
	const struct nf_site *site;
	const struct nf_backup *job;
	const struct nf_look_past *past; /* copied */
	const bool
		*moved; /* by device's index: it has moved to its second address; NULL: none */
	/* About once a second while a file is read whole; may be NULL. */
	void (*progress)(const struct nf_backup *job, uint64_t bytes, uint64_t size, void *arg);
	nf_look_done_fn *done;
	void *arg;
};

void nf_look_start(const struct nf_look_parts *parts);
