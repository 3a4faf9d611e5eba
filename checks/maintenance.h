// SPDX-License-Identifier: GPL-3.0-or-later
/* maintenance: whether a device is inside a window now; windows inherit to children, and a wave's window
 * counts for its devices. Mutes mail, never measurement.
 * Shape:   pure.
 */
#pragma once

#include "conf/site.h"

/* The id of the window ("patch"; a wave's is "wave w1") that covers the device at this instant, its own
 * or an ancestor's or its network's; NULL: none. */
const char *nf_maintenance_at(const struct nf_site *site, const struct nf_device *device,
	int64_t at_wall_us);
