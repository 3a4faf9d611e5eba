// SPDX-License-Identifier: GPL-3.0-or-later
/* freeze: a device that changed sides on a day on which nothing may move is a finding of its check
 * "freeze", until the freeze is over, and for a day at least.
 * Date:    when it was first seen on the side it is on since it was on the other ("changed" of checks/cutover/reasons.h),
 *          not when its stage became another word: a PC that is switched off loses its confirmation, one that moved the
 *          day before is silent for long enough, an exemption ends, a row of the inventory is new.
 * Memory:  borrows all.
 */
#pragma once

#include "checks/cutover/stage.h"
#include "checks/judge.h"

/* The freeze that holds this instant, or NULL. */
const struct nf_freeze *nf_freeze_at(const struct nf_site *site, int64_t at_wall_us);

/* The freeze that a device of this stage broke which changed sides then (0: never), as long as it is to be said; else
 * NULL. */
const struct nf_freeze *nf_freeze_broken(const struct nf_site *site, enum nf_stage stage,
	int64_t changed_us, int64_t now_wall_us);

/* Judges every device that moves by its stored stage. */
enum nf_err nf_freeze_judge(const struct nf_site *site, struct nf_store *store,
	struct nf_judge *judge, struct nf_now now);
