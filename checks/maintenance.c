// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/maintenance.h"

#include <fnmatch.h>
#include <stdio.h>

size_t nf_maintenance_windows(const struct nf_site *site)
{
	return site->maintenance.len + site->waves.len;
}

const struct nf_wave *nf_maintenance_wave(const struct nf_site *site, size_t window)
{
	return window < site->maintenance.len
		       ? NULL
		       : &site->waves.items[window - site->maintenance.len];
}

const char *nf_maintenance_name(
	const struct nf_site *site, size_t window, char buf[NF_MAINTENANCE_MAX])
{
	const struct nf_wave *wave = nf_maintenance_wave(site, window);
	if (wave == NULL)
		return site->maintenance.items[window].id;
	snprintf(buf, NF_MAINTENANCE_MAX, "wave %s", wave->id);
	return buf;
}

/* The last one that began; false: none ever did. */
static bool last_of(const struct nf_site *site, const struct nf_maintenance *m, int64_t at,
	int64_t *from, int64_t *to)
{
	if (nf_window_last(&m->every, site->timezone, at, from) != NF_OK)
		return false;
	*to = m->every.is_span && m->for_us <= 0
		      ? nf_window_end(&m->every, site->timezone, *from)
		      : *from + m->for_us;
	return true;
}

bool nf_maintenance_until(
	const struct nf_site *site, size_t window, int64_t at_wall_us, int64_t *until_wall_us)
{
	const struct nf_wave *wave = nf_maintenance_wave(site, window);
	const struct nf_maintenance *m = wave == NULL ? &site->maintenance.items[window] : NULL;
	int64_t from = wave != NULL ? wave->from_wall_us : m->from_wall_us;
	int64_t to = wave != NULL ? wave->to_wall_us : m->to_wall_us;
	if (m != NULL && m->recurs && !last_of(site, m, at_wall_us, &from, &to))
		return false;
	if (at_wall_us < from || at_wall_us >= to)
		return false;
	*until_wall_us = to;
	return true;
}

bool nf_maintenance_open(const struct nf_site *site, size_t window, int64_t at_wall_us)
{
	int64_t until_wall_us;
	return nf_maintenance_until(site, window, at_wall_us, &until_wall_us);
}

static bool has_network(const struct nf_maintenance *m, const struct nf_network *network)
{
	for (size_t i = 0; network != NULL && i < m->networks.len; i++)
		if (m->networks.items[i] == network)
			return true;
	return false;
}

static bool names_device(const struct nf_maintenance *m, const struct nf_device *device,
	const struct nf_network *network)
{
	for (size_t i = 0; i < m->devices.len; i++)
		if (fnmatch(m->devices.items[i], device->name, 0) == 0)
			return true;
	return has_network(m, network != NULL ? network : device->legs[0].network);
}

bool nf_maintenance_covers(const struct nf_site *site, size_t window,
	const struct nf_device *device, const struct nf_network *network)
{
	const struct nf_wave *wave = nf_maintenance_wave(site, window);
	const struct nf_maintenance *m = wave == NULL ? &site->maintenance.items[window] : NULL;
	if (device == NULL)
		return m != NULL && has_network(m, network);
	for (; device != NULL; device = device->parent) {
		if (wave != NULL ? device->wave == wave : names_device(m, device, network))
			return true;
		network = NULL;
	}
	return false;
}

const char *nf_maintenance_at(const struct nf_site *site, const struct nf_device *device,
	const struct nf_network *network, int64_t at_wall_us, char buf[NF_MAINTENANCE_MAX])
{
	for (size_t i = 0; i < nf_maintenance_windows(site); i++)
		if (nf_maintenance_covers(site, i, device, network) &&
			nf_maintenance_open(site, i, at_wall_us))
			return nf_maintenance_name(site, i, buf);
	return NULL;
}
