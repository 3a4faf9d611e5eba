// SPDX-License-Identifier: GPL-3.0-or-later
/* presence: which address of a device answers, and since when one does not; for the cutover.
 * Shape:   the fact "ping" of the device: [{"network","address","answered_us","silent_us"}], a row a leg.
 *          answered_us: the last answer; silent_us: the first burst without any since then, on which this
 *          machine lost nothing itself. 0: never. Told when one of them begins or ends to answer, else every
 *          NF_PRESENCE_EVERY_US.
 * Restart: what an earlier run told goes on. Silence is time in which somebody asked: after a stop of up to
 *          NF_PRESENCE_STOP_US it goes on as if there had been none; a longer one is left out of it, as if the
 *          silence had begun so much later. It goes on with a burst without an answer, and ends with one.
 * Clock:   silence is measured by the monotonic clock, and told by the wall clock of then: when that one jumps
 *          nobody has been silent for longer, or less long. Of what a clock said that was ahead only the length
 *          of the silence is taken.
 * Units:   wall microseconds, where it does not say mono.
 */
#pragma once

#include "base/clock.h"
#include "collector/ping/burst.h"
#include "conf/site.h"
#include "store/store.h"

#include <jansson.h>

#define NF_PRESENCE_EVERY_US (300 * NF_US_PER_S)
#define NF_PRESENCE_STOP_US  (3600 * NF_US_PER_S)

struct nf_presence {
	int64_t answered_us;
	bool is_silent;
	int64_t silent_mono_us; /* since then; may be before this boot */
	int64_t silent_for_us; /* when an earlier run told so, and nothing came of a burst yet */
	int64_t told_us;       /* 0: never, or it changed since */
};

/* What an earlier run told of the leg then; of a presence that knows nothing yet. */
void nf_presence_recall(struct nf_presence *presence, const struct nf_leg *leg,
	const json_t *fact, int64_t told_us, int64_t now_wall_us);
void nf_presence_note(
	struct nf_presence *presence, const struct nf_burst *burst, struct nf_now now);
bool nf_presence_is_due(const struct nf_presence *presence, int64_t wall_us);
/* Writes the fact; a failure leaves it due. */
enum nf_err nf_presence_tell(struct nf_store *store, const struct nf_device *device,
	struct nf_presence *const legs[NF_LEGS_MAX], struct nf_now now);
