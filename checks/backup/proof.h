// SPDX-License-Identifier: GPL-3.0-or-later
/* proof: what one test of a backup says.
 * Shape:   every kind of proof has a judge that is a pure function: observations in, one answer out. The
 *          questions that bring the observations stand in look_*.c.
 */
#pragma once

#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of gravity; also the verdicts of a job. */
enum nf_proof_result {
	NF_PROOF_OK,
	NF_PROOF_WARNING,
	NF_PROOF_RUNNING,
	NF_PROOF_UNVERIFIABLE, /* could not look: never ok, never counted as failed */
	NF_PROOF_LATE,	       /* due, nothing new */
	NF_PROOF_BAD,	       /* looked, and it is not a good backup */
};

#define NF_PROOF_DETAIL_MAX 600

struct nf_proof_answer {
	const char *kind; /* "artefact", "complete", …; constant */
	enum nf_proof_result result;
	char detail[NF_PROOF_DETAIL_MAX]; /* one escaped line for people */
};

/* "ok", "warning", "running", "unverifiable", "late", "bad". */
const char *nf_proof_result_text(enum nf_proof_result result);
enum nf_proof_result nf_proof_result_of(const char *text); /* any other text: unverifiable */
const char *nf_proof_kind_text(enum nf_proof_kind kind);

/* Fills result and detail; what is said is escaped as a whole. */
void nf_proof_say(struct nf_proof_answer *answer, enum nf_proof_result result,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "Tue 2011-02-08 01:12" in the zone; returns buf. */
#define NF_PROOF_TIME_MAX 40
char *nf_proof_time(const char *zone, int64_t wall_us, char buf[NF_PROOF_TIME_MAX]);
