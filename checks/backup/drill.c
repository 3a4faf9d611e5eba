// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include "base/parse.h"

void nf_drill_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_drill_seen *seen, struct nf_proof_answer *answer)
{
	char when[NF_PROOF_TIME_MAX], age[NF_QUANTITY_MAX], most[NF_QUANTITY_MAX];
	int64_t age_us = run->now_us - seen->at_us;

	if (!seen->recorded) {
		nf_proof_say(answer, NF_PROOF_WARNING,
			"no restore was ever tried (netfold drill records one)");
		return;
	}
	nf_proof_time(run->zone, seen->at_us, when);
	nf_format_age(age_us > 0 ? age_us : 0, age);
	if (!seen->good)
		nf_proof_say(answer, NF_PROOF_BAD, "the restore of %s by %s failed: %s", when,
			seen->who, seen->note);
	else if (age_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_WARNING,
			"the last restore was tried %s by %s, %s ago; more than %s", when,
			seen->who, age, nf_format_age(proof->max_age_us, most));
	else
		nf_proof_say(answer, NF_PROOF_OK, "restored %s by %s", when, seen->who);
}
