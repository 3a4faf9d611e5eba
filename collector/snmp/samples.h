// SPDX-License-Identifier: GPL-3.0-or-later
/* samples: a part's records to samples of its group's series, and what has to be remembered for that.
 * Counters: a 64-bit counter goes to the journal as it is. A 32-bit one is carried on over a wrap that is
 *          plausible: the device did not restart, and the way over the top is not more than the value's
 *          max allows. Anything else that goes backwards is left to the series, whose rates have a
 *          minimum of 0 and a max: unknown, no spike.
 *          After a restart, a discontinuity, a row that is new or stands at another index, the interval
 *          is unknown even where the counter is over what it was: an unknown sample one second before
 *          the new one cuts the series there.
 * Names:   a series follows its row's key, not its index. A row that has another key, but the identity of
 *          one that went, without a restart, takes its series along (nf_journal_rename).
 * Bounds:  NF_SAMPLED_ROWS_MAX rows of a group; more are not kept.
 * Units:   wall seconds for samples, monotonic microseconds between polls.
 * Memory:  owns copies; about 200 bytes a row of interfaces.
 */
#pragma once

#include "collector/snmp/report.h"
#include "store/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_SAMPLED_ROWS_MAX 4000

struct nf_samples; /* of one group of one device */

struct nf_sampling {
	struct nf_journal *journal;
	const char *network, *device;
	uint32_t step_s;
	int64_t mono_us;
	bool restarted; /* the device did, since the last sampling or shortly before the first */
};

/* Queues the samples of a complete part; *memory (NULL at first) is replaced. */
void nf_samples_take(
	struct nf_samples **memory, const struct nf_part *part, const struct nf_sampling *how);
void nf_samples_free(struct nf_samples *memory); /* takes; NULL is fine */
/* Whether the memory is of a group with the same series and values (after a reload). */
bool nf_samples_fit(const struct nf_samples *memory, const struct nf_group *group);

/* FNV-1a, for what a device may confuse about itself at most. */
#define NF_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t nf_hash(uint64_t seed, const void *bytes, size_t len);

/* One counter from one poll to the next, the pure part: the value for the series, wraps carried on.
 * *wraps is updated. elapsed_s: since `before` was read. */
uint64_t nf_counter_carry(uint64_t before, uint64_t now, bool is_64, double max_rate,
	double elapsed_s, uint32_t *wraps);

/* Whether a device restarted between two readings of sysUpTime (hundredths, 32 bits) that lie elapsed_us
 * apart. The counter's own wrap after 497 days is none; an agent whose clock stands still is none. */
bool nf_uptime_restarted(uint64_t before, uint64_t now, int64_t elapsed_us);
