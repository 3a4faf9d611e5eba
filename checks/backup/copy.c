// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* A copy may come later than its original, but not later than the run's due time. */
static enum nf_proof_result missing(
	const struct nf_job_run *run, const struct nf_copy_seen *seen)
{
	return seen->original != NULL && run->under_way &&
			       nf_job_is_current(run,
				       nf_job_ours(run, seen->original_mtime_s * NF_US_PER_S))
		       ? NF_PROOF_RUNNING
		       : NF_PROOF_BAD;
}

static void judge_alone(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_copy_seen *seen, struct nf_proof_answer *answer)
{
	int64_t at_us = nf_job_ours(run, seen->mtime_s * NF_US_PER_S);
	char size[NF_QUANTITY_MAX], when[NF_PROOF_TIME_MAX], age[NF_QUANTITY_MAX];

	nf_format_size(seen->size, size);
	nf_proof_time(run->zone, at_us, when);
	if (seen->original == NULL && !nf_job_is_fresh(run, at_us))
		nf_proof_say(answer, NF_PROOF_LATE, "%s: the newest copy %s is of %s",
			seen->where, seen->path, when);
	else if (proof->max_age_us > 0 && run->now_us - at_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_BAD, "%s: %s is %s old", seen->where, seen->path,
			nf_format_age(run->now_us - at_us, age));
	else
		nf_proof_say(answer, NF_PROOF_OK, "%s: %s, %s, of %s%s", seen->where,
			seen->path, size, when,
			seen->digest != NULL ? ", the same content" : "");
}

void nf_copy_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_copy_seen *seen, struct nf_proof_answer *answer)
{
	if (!seen->there)
		nf_proof_say(answer, missing(run, seen), "%s: no copy matches %s", seen->where,
			seen->pattern);
	else if (seen->size == 0 || seen->size < proof->min_size)
		nf_proof_say(answer, NF_PROOF_BAD, "%s: %s has only %" PRIu64 " bytes",
			seen->where, seen->path, seen->size);
	else if (seen->original != NULL && seen->size != seen->original_size)
		nf_proof_say(answer, missing(run, seen),
			"%s: %s has %" PRIu64 " bytes, the original %s has %" PRIu64,
			seen->where, seen->path, seen->size, seen->original,
			seen->original_size);
	else if (seen->digest != NULL && seen->original_digest != NULL &&
		 strcmp(seen->digest, seen->original_digest) != 0)
		nf_proof_say(answer, NF_PROOF_BAD,
			"%s: %s is as long as the original, but its content is another",
			seen->where, seen->path);
	else
		judge_alone(proof, run, seen, answer);
}
