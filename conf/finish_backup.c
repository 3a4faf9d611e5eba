// SPDX-License-Identifier: GPL-3.0-or-later
/* What follows from a job's keys together. */
#include "base/clock.h"
#include "conf/bind.h"
#include "conf/finish.h"

#define CONTAINS_MAX	16u
#define START_WITHIN_US (30 * 60 * NF_US_PER_S)

void nf_finish_proof(struct nf_bind *b, void *item)
{
	struct nf_proof *proof = item;

	proof->line = nf_bind_place(b, proof).line;
	if (proof->contains.len > CONTAINS_MAX)
		nf_bind_error(b, nf_bind_place(b, &proof->contains),
			"contains: at most %u names", CONTAINS_MAX);
	if (proof->kind == NF_PROOF_ARTEFACT && proof->standing && proof->max_runs > 0)
		nf_bind_error(b, nf_bind_place(b, &proof->max_runs),
			"max_runs has no meaning with standing: true");
}

/* Kinds that can show that a run has begun. */
static bool shows_start(const struct nf_proof *proof)
{
	switch (proof->kind) {
	case NF_PROOF_ARTEFACT:
		return !proof->standing;
	case NF_PROOF_LOG:
	case NF_PROOF_STATUS:
	case NF_PROOF_LOCK:
		return true;
	default:
		return false;
	}
}

void nf_finish_backup(struct nf_bind *b, void *item)
{
	struct nf_backup *job = item;
	bool shown = false, locked = false;

	NF_EACH(struct nf_proof, proof, job->proofs)
	{
		shown = shown || shows_start(proof);
		locked = locked || proof->kind == NF_PROOF_LOCK;
	}
	if (!nf_bind_given(b, &job->start_within_us))
		job->start_within_us = locked ? START_WITHIN_US : 0;
	else if (!shown && job->proofs.len > 0)
		nf_bind_error(b, nf_bind_place(b, &job->start_within_us),
			"start_within: none of the proofs shows a start; artefact, log, status and lock do");
}
