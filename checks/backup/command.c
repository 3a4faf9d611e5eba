// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/judges.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* The last line that says something, without its end. */
static const char *last_line(const char *text, char buf[256])
{
	size_t end = strlen(text), begin;

	while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r'))
		end--;
	for (begin = end; begin > 0 && text[begin - 1] != '\n';)
		begin--;
	snprintf(buf, 256, "%.*s", (int)(end - begin < 255 ? end - begin : 255), text + begin);
	return buf;
}

bool nf_command_failed(
	const char *command, const struct nf_command_seen *seen, struct nf_proof_answer *answer)
{
	char line[256];

	if (!seen->has_status)
		nf_proof_say(
			answer, NF_PROOF_UNVERIFIABLE, "%s: its end was not seen", command);
	else if (seen->status == 126 || seen->status == 127)
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE, "%s cannot be run there (%d): %s",
			command, seen->status, last_line(seen->errors, line));
	else if (seen->truncated)
		nf_proof_say(
			answer, NF_PROOF_UNVERIFIABLE, "%s says more than is read", command);
	else
		return false;
	return true;
}

void nf_check_judge(
	const char *command, const struct nf_command_seen *seen, struct nf_proof_answer *answer)
{
	char line[256];

	if (nf_command_failed(command, seen, answer))
		return;
	if (seen->status != 0)
		nf_proof_say(answer, NF_PROOF_BAD, "%s ended in %d: %s", command, seen->status,
			last_line(seen->errors, line));
	else
		nf_proof_say(answer, NF_PROOF_OK, "%s found nothing wrong", command);
}

static int compare_sizes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(const uint64_t *sizes, size_t len)
{
	uint64_t sorted[10];

	len = len < 10 ? len : 10;
	if (len == 0)
		return 0;
	memcpy(sorted, sizes, len * sizeof *sizes);
	qsort(sorted, len, sizeof *sorted, compare_sizes);
	return sorted[len / 2];
}

void nf_snapshot_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const char *where, const struct nf_newest *newest, const uint64_t *past,
	size_t past_len, struct nf_proof_answer *answer)
{
	char when[NF_PROOF_TIME_MAX], due[NF_JOB_CLOCKS_MAX], age[NF_QUANTITY_MAX],
		size[NF_QUANTITY_MAX], usual[NF_QUANTITY_MAX];
	double drop = proof->max_drop > 0 ? proof->max_drop : 50;
	uint64_t usually = median(past, past_len);

	if (!newest->there) {
		nf_proof_say(answer, NF_PROOF_BAD, "%s holds no snapshot at all", where);
		return;
	}
	nf_proof_time(run->zone, newest->at_us, when);
	nf_format_age(run->now_us > newest->at_us ? run->now_us - newest->at_us : 0, age);
	nf_format_size(newest->size, size);
	if (newest->at_us > run->now_us + 120 * NF_US_PER_S)
		nf_proof_say(answer, NF_PROOF_BAD, "%s: %s is of %s, in the future", where,
			newest->name, when);
	else if (!nf_job_is_fresh(run, newest->at_us))
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s: nothing new at the finish deadline %s: the newest is %s of %s",
			where, nf_job_clocks(run, run->wanted_due_us, due), newest->name, when);
	else if (proof->max_age_us > 0 && run->now_us - newest->at_us > proof->max_age_us)
		nf_proof_say(answer, NF_PROOF_BAD, "%s: the newest is %s of %s, %s old", where,
			newest->name, when, age);
	else if (newest->size > 0 && (double)newest->size < (double)usually * (1 - drop / 100))
		nf_proof_say(answer, NF_PROOF_BAD,
			"%s: %s of %s has only %s; the median of the last runs is %s", where,
			newest->name, when, size, nf_format_size(usually, usual));
	else
		nf_proof_say(answer, NF_PROOF_OK, "%s: %s of %s%s%s, %zu in all", where,
			newest->name, when, newest->size > 0 ? ", " : "",
			newest->size > 0 ? size : "", newest->count);
}
