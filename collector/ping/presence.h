// SPDX-License-Identifier: GPL-3.0-or-later
/* presence: which address of a device answers, and since when one does not; for the cutover.
 * Shape:   the fact "ping" of the device: [{"network","address","answered_us","silent_us"}], a row a leg.
 *          answered_us: the last answer; silent_us: the first burst without any since then, on which this
 *          machine lost nothing itself. 0: not in this run of the program. Told when one of them begins or
 *          ends to answer, else every NF_PRESENCE_EVERY_US.
 * Units:   wall microseconds.
 */
#pragma once

#include "collector/ping/burst.h"
#include "conf/site.h"
#include "store/store.h"

#define NF_PRESENCE_EVERY_US (300 * NF_US_PER_S)

struct nf_presence {
	int64_t answered_us, silent_us;
	int64_t told_us; /* 0: never, or it changed since */
};

void nf_presence_note(
	struct nf_presence *presence, const struct nf_burst *burst, int64_t wall_us);
bool nf_presence_is_due(const struct nf_presence *presence, int64_t wall_us);
/* Writes the fact; a failure leaves it due. */
enum nf_err nf_presence_tell(struct nf_store *store, const struct nf_device *device,
	struct nf_presence *const legs[NF_LEGS_MAX], int64_t wall_us);
