// SPDX-License-Identifier: GPL-3.0-or-later
/* `borg info --json --last 1`: {"archives":[{name, start, end, stats:{original_size, nfiles}}]}; its times
 * are local ones without an offset: it is run with TZ=UTC. */
#include "checks/backup/judges.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "checks/backup/logtext.h"

static void take(const json_t *item, const struct nf_job_run *run, struct nf_newest *newest)
{
	const char *time = json_string_value(json_object_get(item, "end"));
	const char *name = json_string_value(json_object_get(item, "name"));
	const json_t *stats = json_object_get(item, "stats");
	int64_t at_us;

	if (time == NULL)
		time = json_string_value(json_object_get(item, "time"));
	if (time == NULL || !nf_log_line_time(time, strlen(time), run->zone, true, 0, &at_us))
		return;
	newest->count++;
	at_us = nf_job_ours(run, at_us);
	if (newest->there && at_us <= newest->at_us)
		return;
	newest->there = true;
	newest->at_us = at_us;
	newest->size = (uint64_t)json_integer_value(json_object_get(stats, "original_size"));
	snprintf(newest->name, sizeof newest->name, "%s", name != NULL ? name : "an archive");
}

bool nf_borg_read(const struct nf_command_seen *seen, const struct nf_job_run *run,
	struct nf_newest *newest, struct nf_proof_answer *answer)
{
	json_error_t why = {.text = "no archives in it"};
	size_t i;
	json_t *item;

	*newest = (struct nf_newest){0};
	if (nf_command_failed("borg", seen, answer))
		return false;
	if (seen->status != 0 && seen->status != 1) { /* 1: a warning */
		nf_check_judge("borg info", seen, answer);
		return false;
	}
	json_t *root = json_loadb(seen->out, seen->out_len, 0, &why);
	json_t *list = json_object_get(root, "archives");
	bool good = json_is_array(list);
	if (!good)
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE,
			"borg's answer is not understood: %s", why.text);
	json_array_foreach(list, i, item) take(item, run, newest);
	json_decref(root);
	return good;
}
