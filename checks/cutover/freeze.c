// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/freeze.h"

#include <stdio.h>

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

const struct nf_freeze *nf_freeze_broken(
	const struct nf_site *site, enum nf_stage stage, int64_t since_us, int64_t now_wall_us)
{
	const struct nf_freeze *f = nf_freeze_at(site, since_us);
	if (stage != NF_STAGE_DUAL && stage != NF_STAGE_MOVED && stage != NF_STAGE_REGRESSED)
		return NULL;
	if (f == NULL || since_us > now_wall_us ||
		(now_wall_us >= f->to_wall_us && now_wall_us - since_us >= DAY_US))
		return NULL;
	return f;
}

struct judging {
	const struct nf_site *site;
	struct nf_judge *judge;
	struct nf_now now;
};

static void judge_row(const struct nf_stage_row *row, void *arg)
{
	const struct judging *j = arg;
	const struct nf_device *device = nf_site_device(j->site, row->device);
	enum nf_stage stage;
	char output[300];
	if (device == NULL || !nf_stage_parse(row->stage, &stage))
		return;
	const struct nf_freeze *f =
		nf_freeze_broken(j->site, stage, row->since_wall_us, j->now.wall_us);
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
	struct judging j = {site, judge, now};
	return nf_stages(store, judge_row, &j);
}
