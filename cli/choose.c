// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/choose.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

static const char *nearest_name(const struct nf_site *site, const char *text)
{
	const char **names =
		nf_xcalloc(site->devices.len + site->networks.len + 1, sizeof *names);
	size_t len = 0;
	NF_EACH(struct nf_network, n, site->networks)
	names[len++] = n->id;
	NF_EACH(struct nf_device, d, site->devices)
	names[len++] = d->name;
	const char *nearest = nf_nearest(text, names, len);
	free(names);
	return nearest;
}

static bool choose(const struct nf_site *site, const char *name, bool *chosen)
{
	const struct nf_network *network = nf_site_network(site, name);
	const struct nf_device *device = nf_site_device(site, name);
	if (device != NULL)
		chosen[device->index] = true;
	NF_EACH(struct nf_device, d, site->devices)
	if (network != NULL && d->legs[0].network == network)
		chosen[d->index] = true;
	return network != NULL || device != NULL;
}

bool *nf_choose_devices(
	const struct nf_verb *verb, const struct nf_site *site, int len, char *const *names)
{
	bool *chosen = nf_xcalloc(site->devices.len + 1, sizeof *chosen);
	for (size_t i = 0; len == 0 && i < site->devices.len; i++)
		chosen[i] = true;
	for (int i = 0; i < len; i++) {
		if (choose(site, names[i], chosen))
			continue;
		const char *nearest = nearest_name(site, names[i]);
		nf_cli_usage(verb, "no network and no device \"%s\"%s%s%s", names[i],
			nearest != NULL ? "; did you mean \"" : "",
			nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
		free(chosen);
		return NULL;
	}
	return chosen;
}

const struct nf_device *nf_choose_device(
	const struct nf_verb *verb, const struct nf_site *site, const char *name)
{
	const struct nf_device *device = nf_site_device(site, name);
	if (device != NULL)
		return device;
	const char **names = nf_xcalloc(site->devices.len + 1, sizeof *names);
	size_t len = 0;
	NF_EACH(struct nf_device, d, site->devices)
	names[len++] = d->name;
	const char *nearest = nf_nearest(name, names, len);
	free(names);
	nf_cli_usage(verb, "no device \"%s\"%s%s%s", name,
		nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "\"?" : "");
	return NULL;
}
