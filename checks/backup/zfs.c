// SPDX-License-Identifier: GPL-3.0-or-later
/* `zfs list -Hp -t snapshot -o name,creation,used,referenced`: tab-separated, seconds and bytes. */
#include "checks/backup/judges.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

static bool take(
	const char *line, size_t len, const struct nf_job_run *run, struct nf_newest *newest)
{
	char text[512], *rest = text, *column[4];
	int64_t creation_s;
	uint64_t referenced;

	snprintf(text, sizeof text, "%.*s", (int)(len < 511 ? len : 511), line);
	for (size_t i = 0; i < 4; i++)
		column[i] = strsep(&rest, "\t");
	if (!column[3] || rest ||
		nf_parse_i64(column[1], 0, INT64_MAX / NF_US_PER_S, &creation_s) != NF_OK ||
		nf_parse_u64(column[3], 0, UINT64_MAX, &referenced) != NF_OK)
		return false;
	newest->count++;
	int64_t at_us = nf_job_ours(run, creation_s * NF_US_PER_S);
	if (newest->there && at_us < newest->at_us)
		return true;
	const char *at = strchr(column[0], '@');
	newest->there = true;
	newest->at_us = at_us;
	newest->size = referenced;
	snprintf(newest->name, sizeof newest->name, "%.95s", at != NULL ? at : column[0]);
	return true;
}

bool nf_zfs_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer)
{
	*newest = (struct nf_newest){0};
	if (nf_command_failed("zfs", seen, answer))
		return false;
	if (seen->status != 0) {
		nf_check_judge("zfs list", seen, answer);
		return false;
	}
	for (size_t at = 0; at < seen->out_len;) {
		const char *line = seen->out + at;
		const char *end = memchr(line, '\n', seen->out_len - at);
		size_t n = end != NULL ? (size_t)(end - line) : seen->out_len - at;

		if (n > 0 && !take(line, n, run, newest)) {
			nf_proof_say(answer, NF_PROOF_UNVERIFIABLE,
				"zfs list says what is not understood: %.*s",
				(int)(n < 80 ? n : 80), line);
			return false;
		}
		at += n + 1;
	}
	return true;
}
