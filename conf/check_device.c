// SPDX-License-Identifier: GPL-3.0-or-later
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "conf/check.h"
#include "conf/index.h"
#include "conf/link.h"

/* Bits of the network's longest prefix that holds the address; -1: none does. */
static int holds(const struct nf_network *network, const struct nf_addr *addr)
{
	int longest = -1;

	NF_EACH(struct nf_prefix, p, network->prefixes)
	{
		if (p->addr.family != NF_FAMILY_NONE && nf_prefix_contains(p, addr) &&
			p->bits > longest)
			longest = p->bits;
	}
	return longest;
}

/* The common network or lab with the longest prefix around the address. */
static const struct nf_network *common_network(
	const struct nf_site *site, const struct nf_addr *addr)
{
	const struct nf_network *best = NULL;
	int longest = -1;

	NF_EACH(struct nf_network, network, site->networks)
	{
		int bits = network->role == NF_ROLE_LEGACY ? -1 : holds(network, addr);

		if (bits > longest) {
			longest = bits;
			best = network;
		}
	}
	return best;
}

static const char *all_prefixes(struct nf_bind *b, const struct nf_network *network)
{
	char text[NF_ADDR_TEXT_MAX];
	const char *list = "";

	NF_EACH(struct nf_prefix, p, network->prefixes)
	{
		if (p - network->prefixes.items == 4)
			return nf_arena_printf(b->arena, "%s, …", list);
		list = nf_arena_printf(b->arena, "%s%s%s/%u", list, list[0] ? ", " : "",
			nf_addr_format(&p->addr, text), p->bits);
	}
	return list;
}

static const char *who_holds(struct nf_bind *b, const struct nf_addr *addr)
{
	NF_EACH(struct nf_network, network, b->site->networks)
	{
		if (network->id && holds(network, addr) >= 0)
			return nf_arena_printf(b->arena, "; network %s holds it",
				nf_bind_quote(b, network->id));
	}
	return "";
}

static void add_leg(struct nf_bind *b, const struct nf_device *device, const struct nf_leg *leg)
{
	const struct nf_device *other =
		nf_index_add_leg(b->site, leg->network, &leg->address, device);
	char text[NF_ADDR_TEXT_MAX];

	if (other)
		nf_bind_error(b, nf_bind_place(b, &leg->address),
			"%s in network %s is the address of %s already",
			nf_addr_format(&leg->address, text), nf_bind_quote(b, leg->network->id),
			nf_bind_quote(b, other->name ? other->name : "?"));
}

static void check_first_leg(struct nf_bind *b, struct nf_device *device)
{
	const struct nf_leg *leg = &device->legs[0];
	char text[NF_ADDR_TEXT_MAX];

	device->legs_len = 1;
	if (!leg->network || leg->address.family == NF_FAMILY_NONE)
		return;
	if (holds(leg->network, &leg->address) >= 0)
		add_leg(b, device, leg);
	else
		nf_bind_error(b, nf_bind_place(b, &leg->address),
			"address: %s is outside network %s (%s)%s",
			nf_addr_format(&leg->address, text), nf_bind_quote(b, leg->network->id),
			all_prefixes(b, leg->network), who_holds(b, &leg->address));
}

static void check_second_leg(struct nf_bind *b, struct nf_device *device)
{
	const struct nf_leg *first = &device->legs[0];
	struct nf_leg *leg = &device->legs[1];
	char text[NF_ADDR_TEXT_MAX];

	if (leg->address.family == NF_FAMILY_NONE)
		return;
	leg->network = common_network(b->site, &leg->address);
	if (!leg->network) {
		nf_bind_error(b, nf_bind_place(b, &leg->address),
			"common_address: %s is in no common or lab network%s",
			nf_addr_format(&leg->address, text), who_holds(b, &leg->address));
		return;
	}
	/* A device that lives in the common network may say so twice. */
	if (first->network == leg->network && nf_addr_equal(&first->address, &leg->address)) {
		*leg = (struct nf_leg){0};
		return;
	}
	device->legs_len = 2;
	add_leg(b, device, leg);
}

static void check_wave(struct nf_bind *b, const struct nf_device *device)
{
	const struct nf_network *network = device->legs[0].network;

	if (device->wave && device->wave->network && network &&
		device->wave->network != network)
		nf_bind_warn(b, nf_bind_place(b, &device->wave),
			"wave: %s moves network %s, but this device is in %s",
			nf_bind_quote(b, device->wave->id),
			nf_bind_quote(b, device->wave->network->id),
			nf_bind_quote(b, network->id));
}

void nf_check_devices(struct nf_bind *b)
{
	NF_EACH(struct nf_device, device, b->site->devices)
	{
		check_first_leg(b, device);
		check_second_leg(b, device);
		check_wave(b, device);
	}
}

static bool shares_network(const struct nf_device *a, const struct nf_device *b)
{
	for (size_t i = 0; i < a->legs_len; i++) {
		for (size_t k = 0; k < b->legs_len; k++) {
			const struct nf_network *m = a->legs[i].network,
						*n = b->legs[k].network;

			/* Nothing follows from a network that is not known; a lab lies inside the common one. */
			if (!m || !n || m == n ||
				(m->role != NF_ROLE_LEGACY && n->role != NF_ROLE_LEGACY))
				return true;
		}
	}
	return false;
}

static void say_ring(struct nf_bind *b, const struct nf_device *from)
{
	const struct nf_device *at = from;
	struct nf_strbuf ring = {0};

	do {
		nf_strbuf_printf(&ring, "%s → ", at->name ? at->name : "?");
		at = at->parent;
	} while (at != from && ring.len < 400);
	nf_bind_error(b, nf_bind_place(b, &from->parent), "parent: a ring: %s%s", ring.data,
		at == from ? from->name : "…");
	nf_strbuf_free(&ring);
}

void nf_check_parents(struct nf_bind *b)
{
	const struct nf_site *site = b->site;
	/* In which walk (from 1) a device was passed. */
	size_t *passed = nf_xcalloc(site->devices.len + 1, sizeof *passed);

	for (size_t i = 0; i < site->devices.len; i++) {
		const struct nf_device *device = &site->devices.items[i], *at = device;

		while (at && passed[at->index] == 0) {
			passed[at->index] = i + 1;
			at = at->parent;
		}
		if (at && passed[at->index] == i + 1)
			say_ring(b, at);
		if (device->parent && !shares_network(device, device->parent))
			nf_bind_warn(b, nf_bind_place(b, &device->parent),
				"parent: %s is in another network",
				nf_bind_quote(b, device->parent->name));
	}
	free(passed);
}

static bool matches_any(const struct nf_site *site, const char *glob)
{
	NF_EACH(struct nf_device, device, site->devices)
	{
		if (device->name && fnmatch(glob, device->name, 0) == 0)
			return true;
	}
	return false;
}

void nf_check_maintenance(struct nf_bind *b)
{
	NF_EACH(struct nf_maintenance, m, b->site->maintenance)
	{
		for (size_t i = 0; i < m->devices.len; i++) {
			const char *glob = m->devices.items[i];

			if (!glob || nf_site_device(b->site, glob))
				continue;
			if (!strpbrk(glob, "*?["))
				nf_bind_error(b, nf_bind_place(b, &m->devices.items[i]),
					"devices: no device %s%s", nf_bind_quote(b, glob),
					nf_link_hint(b, NF_TABLE_DEVICES, glob));
			else if (!matches_any(b->site, glob))
				nf_bind_warn(b, nf_bind_place(b, &m->devices.items[i]),
					"devices: no device matches %s",
					nf_bind_quote(b, glob));
		}
	}
}
