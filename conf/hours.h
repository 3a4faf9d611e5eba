// SPDX-License-Identifier: GPL-3.0-or-later
/* hours: when a service is promised: its spans, without its holidays, in its own zone.
 * Shape:   pure. A span belongs to the day on which it starts; without spans the service is promised
 *          always, but not on holidays.
 * Units:   wall microseconds.
 */
#pragma once

#include "conf/site.h"

bool nf_service_open(const struct nf_service *service, int64_t at_wall_us);
/* The first span that starts strictly after `after`; NF_ENOENT when there is none. */
enum nf_err nf_service_next(const struct nf_service *service, int64_t after_wall_us,
	int64_t *start_wall_us, int64_t *end_wall_us);
