// SPDX-License-Identifier: GPL-3.0-or-later
/* availability: how long each device was well, month by month, out of the events of its state.
 * Shape:   time inside the service hours (all hours without a service) is exactly one of: up, down (critical
 *          or unreachable), planned (down while a maintenance window was open, as the site file has them
 *          now; a window it no longer has forgives until the next event), unknown (nobody looked). What
 *          stood before the first event is told by that event. Up is ok and warning. The share is
 *          up / (up + down): planned and unknown time is told apart and never counted as either.
 * Units:   microseconds.
 * Memory:  nf_availability_take gives; nf_availability_free ends it.
 */
#pragma once

#include "base/strbuf.h"
#include "web/layout.h"

#define NF_MONTHS		 13
#define NF_AVAILABILITY_EVERY_US (INT64_C(3600) * NF_US_PER_S)

struct nf_uptime {
	int64_t up_us, down_us, planned_us, unknown_us;
};

struct nf_availability {
	int64_t month_wall_us[NF_MONTHS + 1]; /* starts, oldest first; the last is now */
	struct nf_uptime (*devices)[NF_MONTHS];
	size_t devices_len;
};

struct nf_availability *nf_availability_take(const struct nf_model *m);
void nf_availability_free(struct nf_availability *availability); /* NULL is fine */

/* Percent; NaN where nothing is known. */
double nf_uptime_share(const struct nf_uptime *uptime);
void nf_uptime_add(struct nf_uptime *to, const struct nf_uptime *more);

void nf_page_availability(struct nf_page *p, const struct nf_availability *availability);
void nf_availability_csv(const struct nf_model *m, const struct nf_availability *availability,
	struct nf_strbuf *out);
