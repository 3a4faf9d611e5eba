// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/verify.h"

#include <stdio.h>

bool nf_verify_is_gap(const struct nf_site *site, const struct nf_device *device,
	int64_t now_us, const struct nf_waiver **waiver)
{
	*waiver = NULL;
	if (device->kind != NF_KIND_SERVER)
		return false;
	NF_EACH(struct nf_backup, job, site->backups)
	if (job->device == device)
		return false;
	NF_EACH(struct nf_waiver, w, site->waivers)
	{
		if (w->device == device &&
			(*waiver == NULL || w->until_wall_us > (*waiver)->until_wall_us))
			*waiver = w;
	}
	return *waiver == NULL || (*waiver)->until_wall_us <= now_us;
}

static const char check[] = "backup job";

static void judge_server(struct nf_judge *judge, const struct nf_site *site,
	const struct nf_device *device, int64_t interval_us, struct nf_now now)
{
	const struct nf_waiver *waiver;
	bool gap = nf_verify_is_gap(site, device, now.wall_us, &waiver);
	char output[600], until[NF_PROOF_TIME_MAX];

	if (!gap && !nf_judge_has(judge, device, check))
		return;
	if (waiver)
		nf_proof_time(site->timezone, waiver->until_wall_us, until);
	if (gap && waiver)
		snprintf(output, sizeof output,
			"no backup job names this server; its waiver (%.200s; %.100s) ran out %s",
			waiver->reason, waiver->owner, until);
	else if (gap)
		snprintf(output, sizeof output,
			"no backup job names this server, and no waiver says why");
	else if (waiver)
		snprintf(output, sizeof output, "needs none until %s: %.200s (%.100s)", until,
			waiver->reason, waiver->owner);
	else
		snprintf(output, sizeof output, "there is one");
	struct nf_answer answer = {.device = device,
		.check = check,
		.state = gap ? NF_STATE_WARNING : NF_STATE_OK,
		.output = output,
		.interval_us = interval_us,
		.alone = true,
		.finding = true};
	nf_judge_observe(judge, &answer, now);
}

void nf_gaps_judge(struct nf_judge *judge, const struct nf_site *site, int64_t interval_us,
	struct nf_now now)
{
	NF_EACH(struct nf_device, device, site->devices)
	{
		if (site->backups.len == 0 && nf_judge_has(judge, device, check))
			nf_judge_drop(judge, device, check, now);
		else if (site->backups.len > 0 && device->kind == NF_KIND_SERVER)
			judge_server(judge, site, device, interval_us, now);
	}
}
