// SPDX-License-Identifier: GPL-3.0-or-later
/* maintenance: whether a device is inside a window now; windows inherit to children, and a wave's window
 * counts for its devices. Mutes mail, never measurement.
 * Shape:   pure. The windows of a site have numbers: first those of site->maintenance, then the waves'.
 */
#pragma once

#include "conf/site.h"

#define NF_MAINTENANCE_MAX 128

/* The id of the window ("patch"; a wave's is "wave w1", in buf) that covers the device at this instant,
 * its own or an ancestor's or its network's; NULL: none. network: of the leg that is meant, NULL: the
 * first. device NULL: the network itself; both NULL: none. */
const char *nf_maintenance_at(const struct nf_site *site, const struct nf_device *device,
	const struct nf_network *network, int64_t at_wall_us, char buf[NF_MAINTENANCE_MAX]);

/* The same in parts, for who asks about many devices at one instant. */
size_t nf_maintenance_windows(const struct nf_site *site);
const char *nf_maintenance_name(
	const struct nf_site *site, size_t window, char buf[NF_MAINTENANCE_MAX]);
const struct nf_wave *nf_maintenance_wave(
	const struct nf_site *site, size_t window); /* NULL: it is no wave's */
bool nf_maintenance_open(const struct nf_site *site, size_t window, int64_t at_wall_us);
/* The same, and when it will end; until_wall_us stays as it is where it is not open. */
bool nf_maintenance_until(
	const struct nf_site *site, size_t window, int64_t at_wall_us, int64_t *until_wall_us);
bool nf_maintenance_covers(const struct nf_site *site, size_t window,
	const struct nf_device *device, const struct nf_network *network);
