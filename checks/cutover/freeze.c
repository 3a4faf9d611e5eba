// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/freeze.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "store/cutover.h"

#define CHECK	 "freeze"
#define DAY_US	 (86400 * NF_US_PER_S)
#define EVERY_US (300 * NF_US_PER_S) /* asked every minute: late after a quarter of an hour */

const struct nf_freeze *nf_freeze_at(const struct nf_site *site, int64_t at_wall_us)
{
	for (size_t i = 0; i < site->cutover.freezes.len; i++) {
		const struct nf_freeze *f = &site->cutover.freezes.items[i];
		if (f->from_wall_us <= at_wall_us && at_wall_us < f->to_wall_us)
			return f;
	}
	return NULL;
}

const struct nf_freeze *nf_freeze_broken(const struct nf_site *site, enum nf_stage stage,
	int64_t changed_us, int64_t now_wall_us)
{
	const struct nf_freeze *f = nf_freeze_at(site, changed_us);
	if (!nf_stage_has_moved(stage) && stage != NF_STAGE_DUAL && stage != NF_STAGE_REGRESSED)
		return NULL;
	if (f == NULL || changed_us > now_wall_us ||
		(now_wall_us >= f->to_wall_us && now_wall_us - changed_us >= DAY_US))
		return NULL;
	return f;
}

struct judging {
	const struct nf_site *site;
	struct nf_judge *judge;
	struct nf_now now;
	bool is_time; /* one is on, or ended within the last day */
};

static int64_t wall_of(const char *iso8601)
{
	struct tm tm = {0};
	const char *end =
		iso8601 != NULL ? strptime(iso8601, "%Y-%m-%dT%H:%M:%S%z", &tm) : NULL;
	if (end == NULL || *end != '\0')
		return 0;
	int64_t offset_s = tm.tm_gmtoff;
	return (timegm(&tm) - offset_s) * NF_US_PER_S;
}

/* Of the networks that it leaves the one that counts: there are several only where it was in several. */
static int64_t changed_of(const struct nf_stage_row *row)
{
	json_t *json = json_loads(row->json, 0, NULL);
	int64_t newest_us = 0;
	json_t *leg;
	size_t i;
	json_array_foreach(json_object_get(json, "legs"), i, leg)
	{
		const char *stage = json_string_value(json_object_get(leg, "stage"));
		int64_t at_us = wall_of(json_string_value(json_object_get(leg, "changed")));
		if (stage != NULL && strcmp(stage, row->stage) == 0 && at_us > newest_us)
			newest_us = at_us;
	}
	json_decref(json);
	return newest_us;
}

static bool is_time(const struct nf_site *site, int64_t now_wall_us)
{
	NF_EACH(const struct nf_freeze, f, site->cutover.freezes)
	{
		if (f->from_wall_us <= now_wall_us && now_wall_us - f->to_wall_us < DAY_US)
			return true;
	}
	return false;
}

static void judge_row(const struct nf_stage_row *row, void *arg)
{
	const struct judging *j = arg;
	const struct nf_device *device = nf_site_device(j->site, row->device);
	enum nf_stage stage;
	char output[300];
	if (device == NULL || !nf_stage_parse(row->stage, &stage))
		return;
	const struct nf_freeze *f =
		j->is_time ? nf_freeze_broken(j->site, stage, changed_of(row), j->now.wall_us)
			   : NULL;
	if (f == NULL) {
		if (nf_judge_has(j->judge, device, CHECK))
			nf_judge_drop(j->judge, device, CHECK, j->now);
		return;
	}
	snprintf(output, sizeof output, "changed sides in a freeze%s%s: %s",
		f->reason != NULL ? ", " : "", f->reason != NULL ? f->reason : "", row->stage);
	const struct nf_answer answer = {.device = device,
		.check = CHECK,
		.state = NF_STATE_WARNING,
		.output = output,
		.interval_us = EVERY_US,
		.alone = true,
		.finding = true};
	nf_judge_observe(j->judge, &answer, j->now);
}

enum nf_err nf_freeze_judge(const struct nf_site *site, struct nf_store *store,
	struct nf_judge *judge, struct nf_now now)
{
	struct judging j = {site, judge, now, is_time(site, now.wall_us)};
	return nf_stages(store, judge_row, &j);
}
