// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/mac_group.h"
#include "base/mem.h"
#include "checks/cutover/gather_own.h"
#include "checks/cutover/identity.h"
#include "checks/cutover/place.h"
#include "checks/cutover/serial.h"

#define NAME_MAX_BYTES 200
#define MACS_MAX       512 /* of one device's own */
#define SERIALS_MAX    16

struct nf_sighting nf_sighting_at(int64_t at_us)
{
	return (struct nf_sighting){
		.network = "",
		.address = "",
		.place = "",
		.detail = "",
		.day = at_us / NF_DAY_US,
		.hours = 1U << (at_us % NF_DAY_US / NF_HOUR_US),
		.first_wall_us = at_us,
		.last_wall_us = at_us,
		.count = 1,
	};
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text && strlen(text) <= NAME_MAX_BYTES ? text : "";
}

/* Canonical, or false for what is nobody's. */
static bool mac_of(const json_t *row, const char *name, char out[NF_MAC_TEXT_MAX])
{
	struct nf_mac mac;

	if (nf_mac_parse(text_of(row, name), &mac) != NF_OK || nf_mac_is_group(&mac))
		return false;
	nf_mac_format(&mac, out);
	return true;
}

struct giving {
	const struct nf_device_facts *f;
	nf_sighting_sink_fn *sink;
	void *arg;
};

static struct nf_sighting begin(
	const struct giving *g, enum nf_fact_kind kind, const char *source)
{
	struct nf_sighting s = nf_sighting_at(g->f->at_us[kind]);

	s.network = g->f->network->id;
	s.by = g->f->device->name;
	s.source = source;
	return s;
}

const struct nf_network *nf_facts_mixed_with(const struct nf_device_facts *f)
{
	return f->network->role == NF_ROLE_COMMON ? nf_move_from(f->device) : NULL;
}

static bool carries(const struct nf_network *network, json_int_t vlan)
{
	NF_EACH(const uint32_t, v, network->vlans)
	{
		if (*v == vlan)
			return true;
	}
	return false;
}

/* Where a row of a forwarding table belongs, and as what it is told: by its VLAN, where the site file has that in one
 * network, or in the one that was asked; else to that one, as far as nothing speaks against it. */
static const struct nf_network *network_of_row(
	const struct nf_device_facts *f, const json_t *row, const char **source)
{
	json_int_t vlan = json_integer_value(json_object_get(row, "vlan"));
	const struct nf_network *mixed_with = nf_facts_mixed_with(f), *found = NULL;
	bool is_told = f->network->vlans.len && vlan;
	size_t hits = 0;

	*source = "fdb";
	if (carries(f->network, vlan) && !(mixed_with && carries(mixed_with, vlan)))
		return f->network;
	NF_EACH(const struct nf_network, n, f->site->networks)
	{
		if (carries(n, vlan)) {
			found = n;
			hits++;
		}
	}
	if (hits == 1)
		return found;
	if (f->network->role == NF_ROLE_COMMON && (mixed_with || hits || is_told))
		*source = "mixed";
	return f->network;
}

static enum nf_err give_fdb(const struct giving *g)
{
	const struct nf_device_facts *f = g->f;
	const struct nf_place_facts facts = {
		.fdb = f->facts[NF_FACT_FDB],
		.interfaces = f->facts[NF_FACT_INTERFACES],
		.neighbours = f->facts[NF_FACT_NEIGHBOURS],
		.lldp_ports = f->facts[NF_FACT_LLDP_PORTS],
		.cdp_neighbours = f->facts[NF_FACT_CDP],
		.is_switch_mac = f->is_switch_mac,
		.is_switch_name = f->is_switch_name,
		.arg = f->arg,
	};
	struct nf_place *place = nf_place_make(&facts);
	struct nf_sighting s = begin(g, NF_FACT_FDB, "fdb");
	enum nf_err e = NF_OK;
	char mac[NF_MAC_TEXT_MAX], where[400];
	const json_t *row;
	size_t i;

	s.kind = "mac";
	s.value = mac;
	s.place = where;
	json_array_foreach(facts.fdb, i, row)
	{
		const char *port = nf_place_of(place, row, NULL);

		if (!port || !mac_of(row, "mac", mac))
			continue;
		snprintf(where, sizeof where, "%s %s", f->device->name, port);
		s.network = network_of_row(f, row, &s.source)->id;
		if ((e = g->sink(&s, g->arg)) != NF_OK)
			break;
	}
	nf_place_free(place);
	return e;
}

/* The network that the address belongs to: the one that was asked, where that holds it; else the only other
 * one that does. NULL: none, or several. */
static const struct nf_network *network_of(const struct nf_device_facts *f, const char *text)
{
	const struct nf_network *found = NULL;
	struct nf_addr address;
	size_t hits = 0;

	if (nf_addr_parse(text, &address) != NF_OK)
		return NULL;
	NF_EACH(const struct nf_network, n, f->site->networks)
	{
		NF_EACH(const struct nf_prefix, p, n->prefixes)
		{
			if (!nf_prefix_contains(p, &address))
				continue;
			if (n == f->network)
				return n;
			hits += found != n;
			found = n;
		}
	}
	return hits == 1 ? found : NULL;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(text, *words) == 0)
			return true;
	}
	return false;
}

/* RFC 4293: an entry that is no good, or for which nobody answered yet, says nothing of anybody, nor does one that a
 * person wrote, who may have done so before anybody moved (some agents call it reachable); one that nobody confirmed
 * lately says that it was so, and nothing of now. */
static enum nf_err give_arp(const struct giving *g)
{
	static const char *const nothing[] = {"invalid", "incomplete", "static", NULL};
	static const char *const old[] = {"stale", "delay", "probe", NULL};
	struct nf_sighting s = begin(g, NF_FACT_ARP, "arp");
	char mac[NF_MAC_TEXT_MAX];
	const json_t *row;
	size_t i;

	s.kind = "mac";
	s.value = mac;
	json_array_foreach(g->f->facts[NF_FACT_ARP], i, row)
	{
		s.address = text_of(row, "address");
		const struct nf_network *network = network_of(g->f, s.address);
		const char *state = text_of(row, "state");
		if (!network || !mac_of(row, "mac", mac) || is_one_of(state, nothing) ||
			is_one_of(text_of(row, "type"), nothing))
			continue;
		s.network = network->id;
		s.count = is_one_of(state, old) ? 0 : 1;
		enum nf_err e = g->sink(&s, g->arg);
		if (e != NF_OK)
			return e;
	}
	return NF_OK;
}

/* Who stands at the ports, by one protocol's table. */
static enum nf_err give_neighbours_of(
	const struct giving *g, enum nf_fact_kind kind, const char *source, const char *name)
{
	const struct nf_place_facts facts = {
		.interfaces = g->f->facts[NF_FACT_INTERFACES],
		.lldp_ports = g->f->facts[NF_FACT_LLDP_PORTS],
		.is_switch_mac = g->f->is_switch_mac,
		.is_switch_name = g->f->is_switch_name,
		.arg = g->f->arg,
	};
	struct nf_place *place = nf_place_make(&facts);
	struct nf_sighting s = begin(g, kind, source);
	enum nf_err e = NF_OK;
	char mac[NF_MAC_TEXT_MAX], of[NF_MAC_TEXT_MAX + 4], where[400];
	const json_t *row;
	size_t i;

	json_array_foreach(g->f->facts[kind], i, row)
	{
		snprintf(where, sizeof where, "%s %s", g->f->device->name,
			nf_place_of_neighbour(place, row));
		s.place = where;
		s.kind = "mac";
		s.value = mac;
		s.detail = text_of(row, name);
		bool has_mac = mac_of(row, "lldpRemChassisId", mac);
		if (has_mac && (e = g->sink(&s, g->arg)) != NF_OK)
			break;
		snprintf(of, sizeof of, "of %s", has_mac ? mac : "");
		s.kind = "name";
		s.value = s.detail;
		s.detail = has_mac ? of : "";
		if (*s.value && (e = g->sink(&s, g->arg)) != NF_OK)
			break;
	}
	nf_place_free(place);
	return e;
}

static enum nf_err give_neighbours(const struct giving *g)
{
	return give_neighbours_of(g, NF_FACT_NEIGHBOURS, "lldp", "lldpRemSysName");
}

static enum nf_err give_cdp(const struct giving *g)
{
	return give_neighbours_of(g, NF_FACT_CDP, "cdp", "cdpCacheDeviceId");
}

static enum nf_err give_entities(const struct giving *g)
{
	struct nf_sighting s = begin(g, NF_FACT_ENTITIES, "entity");
	const json_t *row;
	size_t i, given = 0;

	s.kind = "serial";
	s.address = g->f->address;
	json_array_foreach(g->f->facts[NF_FACT_ENTITIES], i, row)
	{
		s.value = nf_serial_of(row);
		s.detail = text_of(row, "entPhysicalModelName");
		if (!s.value || strlen(s.value) > NAME_MAX_BYTES || given == SERIALS_MAX)
			continue;
		given++;
		enum nf_err e = g->sink(&s, g->arg);
		if (e != NF_OK)
			return e;
	}
	return NF_OK;
}

static enum nf_err give_system(const struct giving *g)
{
	struct nf_sighting s = begin(g, NF_FACT_SYSTEM, "snmp");

	s.kind = "name";
	s.address = g->f->address;
	s.value = text_of(g->f->facts[NF_FACT_SYSTEM], "sysName");
	return *s.value ? g->sink(&s, g->arg) : NF_OK;
}

static enum nf_err give_interfaces(const struct giving *g)
{
	struct nf_sighting s = begin(g, NF_FACT_INTERFACES, "snmp");
	char mac[NF_MAC_TEXT_MAX], before[NF_MAC_TEXT_MAX] = "";
	const json_t *row;
	size_t i, given = 0;

	s.kind = "mac";
	s.value = mac;
	s.address = g->f->address;
	json_array_foreach(g->f->facts[NF_FACT_INTERFACES], i, row)
	{
		if (!mac_of(row, "ifPhysAddress", mac) || strcmp(mac, before) == 0 ||
			given == MACS_MAX)
			continue;
		memcpy(before, mac, sizeof before);
		given++;
		enum nf_err e = g->sink(&s, g->arg);
		if (e != NF_OK)
			return e;
	}
	return NF_OK;
}

/* [{"network","address","answered_us","silent_us"}]: when each leg last answered. */
static enum nf_err give_ping(const struct giving *g)
{
	const json_t *row;
	size_t i;

	json_array_foreach(g->f->facts[NF_FACT_PING], i, row)
	{
		int64_t at_us = json_integer_value(json_object_get(row, "answered_us"));
		struct nf_sighting s = nf_sighting_at(at_us);

		s.network = text_of(row, "network");
		s.source = s.by = "ping";
		s.kind = "address";
		s.value = s.address = text_of(row, "address");
		if (at_us <= 0 || at_us > g->f->at_us[NF_FACT_PING] + 60 * NF_US_PER_S ||
			!*s.value)
			continue;
		enum nf_err e = g->sink(&s, g->arg);
		if (e != NF_OK)
			return e;
	}
	return NF_OK;
}

enum nf_err nf_facts_to_sightings(
	const struct nf_device_facts *facts, nf_sighting_sink_fn *sink, void *arg)
{
	static enum nf_err (*const givers[NF_FACT_KINDS])(const struct giving *g) = {
		[NF_FACT_FDB] = give_fdb,
		[NF_FACT_ARP] = give_arp,
		[NF_FACT_NEIGHBOURS] = give_neighbours,
		[NF_FACT_CDP] = give_cdp,
		[NF_FACT_ENTITIES] = give_entities,
		[NF_FACT_SYSTEM] = give_system,
		[NF_FACT_INTERFACES] = give_interfaces,
		[NF_FACT_PING] = give_ping,
	};
	const struct giving giving = {facts, sink, arg};

	for (size_t i = 0; i < NF_FACT_KINDS; i++) {
		if (!givers[i] || !facts->facts[i] || !facts->fresh[i])
			continue;
		enum nf_err e = givers[i](&giving);
		if (e != NF_OK && e != NF_EINVAL)
			return e;
	}
	return NF_OK;
}
