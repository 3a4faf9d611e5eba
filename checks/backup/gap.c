// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/verify.h"

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
