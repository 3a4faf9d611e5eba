// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

void nf_status_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_status_seen *seen, struct nf_proof_answer *answer)
{
	int64_t at_us = nf_job_ours(run, seen->mtime_s * NF_US_PER_S);
	char line[256], when[NF_PROOF_TIME_MAX], age[NF_QUANTITY_MAX];
	size_t n = 0;
	regex_t success;

	while (n < seen->len && n < sizeof line - 1 && seen->text[n] != '\n' &&
		seen->text[n] != '\r') {
		line[n] = seen->text[n] != '\0' ? seen->text[n] : ' ';
		n++;
	}
	line[n] = '\0';
	if (regcomp(&success, proof->success, REG_EXTENDED | REG_NOSUB) != 0) {
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE, "the expression %s cannot be used",
			proof->success);
		return;
	}
	bool good = regexec(&success, line, 0, NULL, 0) == 0;
	regfree(&success);
	nf_proof_time(run->zone, at_us, when);
	if (!good)
		nf_proof_say(answer, NF_PROOF_BAD, "%s of %s says \"%s\", not %s", seen->path,
			when, line, proof->success);
	else if (!nf_job_is_fresh(run, at_us))
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s is of %s: no status since the last run was due", seen->path, when);
	else if (proof->max_age_us > 0 && run->now_us - at_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_BAD, "%s is %s old", seen->path,
			nf_format_age(run->now_us - at_us, age));
	else
		nf_proof_say(
			answer, NF_PROOF_OK, "%s of %s says \"%s\"", seen->path, when, line);
}
