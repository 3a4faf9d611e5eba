// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/site.h"

#include <string.h>
#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "conf/index.h"

struct name_entry {
	const char *name;
	const void *item;
	UT_hash_handle hh;
};

/* Hashed as bytes, so without padding. */
struct leg_key {
	uint32_t network; /* its index */
	struct nf_addr address;
};

_Static_assert(sizeof(struct leg_key) == sizeof(uint32_t) + sizeof(struct nf_addr), "padding");

struct leg_entry {
	struct leg_key key;
	const struct nf_device *device;
	UT_hash_handle hh;
};

struct nf_site_index {
	struct name_entry *names[NF_TABLES];
	struct leg_entry *legs;
};

void nf_index_init(struct nf_site *site)
{
	site->lookup = nf_arena_alloc(site->arena, sizeof *site->lookup);
}

const void *nf_index_add(
	struct nf_site *site, enum nf_table table, const char *name, const void *item)
{
	struct name_entry *entry;

	HASH_FIND_STR(site->lookup->names[table], name, entry);
	if (entry)
		return entry->item;
	entry = nf_arena_alloc(site->arena, sizeof *entry);
	entry->name = name;
	entry->item = item;
	HASH_ADD_KEYPTR(hh, site->lookup->names[table], entry->name, strlen(name), entry);
	return NULL;
}

const void *nf_index_find(const struct nf_site *site, enum nf_table table, const char *name)
{
	struct name_entry *entry;

	HASH_FIND_STR(site->lookup->names[table], name, entry);
	return entry ? entry->item : NULL;
}

static struct leg_key leg_key(const struct nf_network *network, const struct nf_addr *address)
{
	return (struct leg_key){(uint32_t)network->index, *address};
}

const struct nf_device *nf_index_add_leg(struct nf_site *site, const struct nf_network *network,
	const struct nf_addr *address, const struct nf_device *device)
{
	const struct nf_device *other = nf_site_device_at(site, network, address);
	struct leg_entry *entry;

	if (other)
		return other;
	entry = nf_arena_alloc(site->arena, sizeof *entry);
	entry->key = leg_key(network, address);
	entry->device = device;
	HASH_ADD(hh, site->lookup->legs, key, sizeof entry->key, entry);
	return NULL;
}

const struct nf_device *nf_site_device_at(const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *address)
{
	struct leg_key key = leg_key(network, address);
	struct leg_entry *entry;

	HASH_FIND(hh, site->lookup->legs, &key, sizeof key, entry);
	return entry ? entry->device : NULL;
}

static bool is_source(
	const struct nf_network *n, const char *interface, const struct nf_addr *address)
{
	const struct nf_source *s = &n->source;

	return (interface && s->interface && strcmp(interface, s->interface) == 0) ||
	       nf_addr_equal(&s->address4, address) || nf_addr_equal(&s->address6, address);
}

static bool is_inside(const struct nf_network *n, const struct nf_addr *address)
{
	NF_EACH(const struct nf_prefix, p, n->prefixes)
	if (nf_prefix_contains(p, address))
		return true;
	return false;
}

bool nf_site_is_elsewhere(const struct nf_site *site, const struct nf_network *network,
	const char *interface, const struct nf_addr *address)
{
	bool is_elsewhere = false;

	NF_EACH(const struct nf_network, n, site->networks)
	is_elsewhere = is_elsewhere || (n != network && is_source(n, interface, address));
	return is_elsewhere && is_inside(network, address) &&
	       !is_source(network, interface, address);
}

bool nf_site_is_sent_elsewhere(const struct nf_site *site, const struct nf_network *network,
	const char *interface, const struct nf_addr *from, const struct nf_addr *to)
{
	if (is_source(network, interface, from))
		return false;
	NF_EACH(const struct nf_network, n, site->networks)
	if (n != network && is_source(n, interface, from) && is_inside(n, to))
		return true;
	return false;
}

bool nf_device_is_router(const struct nf_device *device)
{
	return device && (device->kind == NF_KIND_ROUTER || device->kind == NF_KIND_FIREWALL);
}

const struct nf_device *nf_site_device(const struct nf_site *site, const char *name)
{
	return nf_index_find(site, NF_TABLE_DEVICES, name);
}

const struct nf_network *nf_site_network(const struct nf_site *site, const char *id)
{
	return nf_index_find(site, NF_TABLE_NETWORKS, id);
}

void nf_site_free(struct nf_site *site)
{
	struct nf_arena *arena;

	if (!site)
		return;
	for (size_t i = 0; site->lookup && i < NF_TABLES; i++)
		HASH_CLEAR(hh, site->lookup->names[i]);
	if (site->lookup)
		HASH_CLEAR(hh, site->lookup->legs);
	arena = site->arena; /* the site itself lives in it */
	nf_arena_free(arena);
}

int64_t nf_site_quiet_us(const struct nf_site *site, enum nf_kind kind)
{
	NF_EACH(const struct nf_quiet_kind, q, site->cutover.quiet_kinds)
	{
		if (q->kind == kind && q->quiet_us != 0)
			return q->quiet_us;
	}
	return site->cutover.quiet_us;
}

int64_t nf_site_lost_after_us(const struct nf_site *site, enum nf_kind kind)
{
	NF_EACH(const struct nf_quiet_kind, q, site->cutover.quiet_kinds)
	{
		if (q->kind == kind && q->lost_after_us != 0)
			return q->lost_after_us;
	}
	return site->cutover.lost_after_us;
}
