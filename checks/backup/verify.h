// SPDX-License-Identifier: GPL-3.0-or-later
/* verify: looks at jobs, and what becomes of them: kept in state.db, judged, their sizes put into the journal.
 * Shape:   one a program; nf_verify_look starts a look, at most one a job at a time; its end writes one row
 *          (store/backups.h), answers the check "backup JOB", and "ssh host key" of the device.
 * Verdicts: ok is ok, warning is warning, bad and late are critical, unverifiable is unknown; running keeps
 *          what the check was.
 * Memory:  borrows all parts until free; judge and journal may be NULL.
 */
#pragma once

#include "checks/backup/look.h"
#include "checks/judge.h"
#include "store/journal.h"
#include "store/store.h"

struct nf_verify;

struct nf_verify_parts {
	uv_loop_t *loop;
	const struct nf_site *site;
	struct nf_store *store;
	struct nf_judge *judge;
	struct nf_journal *journal;
	bool quiet; /* looks are not logged: who asked shows them */
	/* While a file is read whole, about once a second; may be NULL. */
	void (*progress)(const struct nf_backup *job, uint64_t bytes, uint64_t size, void *arg);
	void (*looked)(const struct nf_look_result *result, void *arg); /* may be NULL */
	void *arg;
};

enum nf_err nf_verify_new(
	const struct nf_verify_parts *parts, struct nf_verify **verify, struct nf_error *err);
/* Takes; ends looks under way unanswered; closed is called from the loop. */
void nf_verify_close(struct nf_verify *verify, void (*closed)(void *arg), void *arg);

/* False: one is under way already. index: in site->backups. */
bool nf_verify_look(struct nf_verify *verify, size_t index);
/* Judges gaps and shared host keys, and asks the ledger who has moved; a tick does it every minute. */
void nf_verify_round(struct nf_verify *verify, struct nf_now now);
/* Starts the looks that are due by what was seen last; once a second. */
void nf_verify_tick(struct nf_verify *verify, struct nf_now now);

struct nf_verify_stats {
	size_t jobs, under_way;
	uint64_t looks, unwritten;
	struct nf_remote_stats remote;
};
struct nf_verify_stats nf_verify_stats(const struct nf_verify *verify);

/* Jobs that were kept and are no longer in the site file: their checks and rows end. */
void nf_verify_forget_gone(const struct nf_verify *verify, struct nf_now now);

/* Whether this is a server without a job and without a valid waiver. waiver: the last one it has, run out
 * (true) or valid (false), or NULL. */
bool nf_verify_is_gap(const struct nf_site *site, const struct nf_device *device,
	int64_t now_us, const struct nf_waiver **waiver);
/* The check "backup job" of every server: a warning while it is a gap. A site without any job has none. */
void nf_gaps_judge(struct nf_judge *judge, const struct nf_site *site, int64_t interval_us,
	struct nf_now now);
