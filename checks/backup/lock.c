// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/parse.h"

void nf_lock_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_lock_seen *seen, struct nf_proof_answer *answer)
{
	if (!seen->there) {
		nf_proof_say(answer, NF_PROOF_OK, "no %s: nothing is running", seen->path);
		return;
	}
	int64_t at_us = nf_job_ours(run, seen->mtime_s * NF_US_PER_S);
	int64_t age_us = run->now_us - at_us;
	char age[NF_QUANTITY_MAX], most[NF_QUANTITY_MAX], due[NF_JOB_CLOCKS_MAX];

	nf_format_age(age_us > 0 ? age_us : 0, age);
	nf_format_age(proof->max_age_us, most);
	if (age_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_BAD,
			"%s has been there for %s, longer than %s: the job hangs, or its lock was "
			"left behind and stops every later run",
			seen->path, age, most);
	else if (seen->pid_known && !seen->process_there)
		nf_proof_say(answer, NF_PROOF_WARNING,
			"%s was left behind: process %" PRId64 " is no more", seen->path,
			seen->pid);
	else if (run->has_wanted && run->under_way && !nf_job_is_current(run, at_us))
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s has been there for %s: the run with the finish deadline %s still runs, "
			"whatever later runs left behind",
			seen->path, age, nf_job_clocks(run, run->wanted_due_us, due));
	else
		nf_proof_say(
			answer, NF_PROOF_RUNNING, "%s has been there for %s", seen->path, age);
}
