// SPDX-License-Identifier: GPL-3.0-or-later
/* sample: a burst as a sample of the series "ping" (a device's first address) or "ping common" (its
 * second).
 * Shape:   loss in percent; rtt_min_us, rtt_q1_us, rtt_median_us, rtt_q3_us, rtt_max_us; duplicates, a
 *          number. What nobody can know (not asked, or packets missed by this machine) is unknown.
 */
#pragma once

#include "collector/ping/burst.h"
#include "conf/site.h"
#include "store/journal.h"

uint32_t nf_ping_series(struct nf_journal *journal, const struct nf_device *device, size_t leg,
	int64_t interval_us);
void nf_ping_sample(struct nf_journal *journal, uint32_t series, const struct nf_burst *burst,
	int64_t wall_us);
