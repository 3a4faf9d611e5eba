// SPDX-License-Identifier: GPL-3.0-or-later
/* `restic snapshots --json`: a list of {time, short_id, …}; 0.17 and later add a summary with sizes. */
#include "checks/backup/judges.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "checks/backup/logtext.h"

static void take(const json_t *item, const struct nf_job_run *run, struct nf_newest *newest)
{
	const char *time = json_string_value(json_object_get(item, "time"));
	const char *id = json_string_value(json_object_get(item, "short_id"));
	const json_t *summary = json_object_get(item, "summary");
	int64_t at_us;

	if (time == NULL || !nf_log_line_time(time, strlen(time), run->zone, true, 0, &at_us))
		return;
	newest->count++;
	at_us = nf_job_ours(run, at_us);
	if (newest->there && at_us <= newest->at_us)
		return;
	newest->there = true;
	newest->at_us = at_us;
	newest->size =
		(uint64_t)json_integer_value(json_object_get(summary, "total_bytes_processed"));
	snprintf(newest->name, sizeof newest->name, "%s", id != NULL ? id : "a snapshot");
}

bool nf_restic_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer)
{
	json_error_t why;
	size_t i;
	json_t *item;

	*newest = (struct nf_newest){0};
	if (nf_command_failed("restic", seen, answer))
		return false;
	if (seen->status != 0) {
		nf_check_judge("restic snapshots", seen, answer);
		return false;
	}
	json_t *list = json_loadb(seen->out, seen->out_len, 0, &why);
	/* An empty repository is null in old versions. */
	bool good = json_is_array(list) || (list == NULL && strncmp(seen->out, "null", 4) == 0);
	if (!good)
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE,
			"restic's answer is not understood: %s", why.text);
	json_array_foreach(list, i, item) take(item, run, newest);
	json_decref(list);
	return good;
}
