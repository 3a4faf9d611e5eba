// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* pattern NULL: nothing matches. False: answer says that it cannot be used. */
static bool matches(
	const char *pattern, const char *line, bool *match, struct nf_proof_answer *answer)
{
	regex_t regex;

	*match = false;
	if (pattern == NULL)
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE, "the expression %s cannot be used",
			pattern);
		return false;
	}
	*match = regexec(&regex, line, 0, NULL, 0) == 0;
	regfree(&regex);
	return true;
}

void nf_status_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_status_seen *seen, struct nf_proof_answer *answer)
{
	int64_t at_us = nf_job_ours(run, seen->mtime_s * NF_US_PER_S);
	char line[256], when[NF_PROOF_TIME_MAX], due[NF_JOB_CLOCKS_MAX], age[NF_QUANTITY_MAX];
	size_t n = 0;
	bool good, warned;

	while (n < seen->len && n < sizeof line - 1 && seen->text[n] != '\n' &&
		seen->text[n] != '\r') {
		line[n] = seen->text[n] != '\0' ? seen->text[n] : ' ';
		n++;
	}
	line[n] = '\0';
	if (!matches(proof->success, line, &good, answer) ||
		!matches(proof->warning, line, &warned, answer))
		return;
	nf_proof_time(run->zone, at_us, when);
	if (!good && !warned)
		nf_proof_say(answer, NF_PROOF_BAD, "%s of %s says \"%s\", not %s", seen->path,
			when, line, proof->success);
	else if (!nf_job_is_fresh(run, at_us))
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s is of %s: no status of the run with the finish deadline %s",
			seen->path, when, nf_job_clocks(run, run->wanted_due_us, due));
	else if (proof->max_age_us > 0 && run->now_us - at_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_BAD, "%s is %s old", seen->path,
			nf_format_age(run->now_us - at_us, age));
	else if (!good)
		nf_proof_say(answer, NF_PROOF_WARNING,
			"%s of %s says \"%s\": done, but somebody should look", seen->path,
			when, line);
	else
		nf_proof_say(
			answer, NF_PROOF_OK, "%s of %s says \"%s\"", seen->path, when, line);
}
