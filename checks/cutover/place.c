// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/mem.h"

/* A port, by its interface's number, or, where the agent does not know that, by the bridge's own. */
struct port {
	int64_t key;
	char *name;
	size_t macs;
	const char *why; /* it is an uplink; NULL: it is none */
	UT_hash_handle hh;
};

struct nf_place {
	struct port *ports;
	const json_t *interfaces, *lldp_ports;
};

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "";
}

static bool number_of(const json_t *row, const char *name, int64_t *out)
{
	const json_t *value = json_object_get(row, name);

	if (!json_is_integer(value))
		return false;
	*out = json_integer_value(value);
	return true;
}

/* Numbers of the bridge stand below zero, so that they do not meet those of interfaces. */
static bool key_of(const json_t *row, int64_t *key)
{
	if (number_of(row, "ifIndex", key))
		return true;
	if (!number_of(row, "port", key))
		return false;
	*key = -*key;
	return true;
}

static struct port *find_port(const struct nf_place *place, int64_t key)
{
	struct port *port;

	HASH_FIND(hh, place->ports, &key, sizeof key, port);
	return port;
}

static const char *interface_name(const json_t *row)
{
	const char *name = text_of(row, "ifName");

	return *name ? name : text_of(row, "ifDescr");
}

static const json_t *interface_of(const struct nf_place *place, int64_t index)
{
	const json_t *row;
	size_t i;
	int64_t own;

	json_array_foreach(place->interfaces, i, row)
	{
		if (number_of(row, "ifIndex", &own) && own == index)
			return row;
	}
	return NULL;
}

static struct port *need_port(struct nf_place *place, int64_t key)
{
	struct port *port = find_port(place, key);

	if (port)
		return port;
	const json_t *interface = key > 0 ? interface_of(place, key) : NULL;
	const char *name = interface ? interface_name(interface) : "";
	port = nf_xcalloc(1, sizeof *port);
	port->key = key;
	port->name = *name ? nf_xstrdup(name)
			   : nf_xasprintf("port %lld", (long long)(key < 0 ? -key : key));
	HASH_ADD(hh, place->ports, key, sizeof port->key, port);
	return port;
}

static bool is_learned(const json_t *row)
{
	const char *status = text_of(row, "status");

	return *status == '\0' || strcmp(status, "learned") == 0;
}

static void take_fdb(struct nf_place *place, const struct nf_place_facts *facts)
{
	const json_t *row;
	size_t i;
	int64_t key;

	json_array_foreach(facts->fdb, i, row)
	{
		if (!key_of(row, &key) || !is_learned(row))
			continue;
		struct port *port = need_port(place, key);
		if (++port->macs > NF_PLACE_MANY && !port->why)
			port->why = "many MACs";
		if (facts->is_switch_mac(text_of(row, "mac"), facts->arg))
			port->why = "another switch's MAC";
	}
}

/* The interface that this text names, by any of its names. */
static int64_t index_by_name(const struct nf_place *place, const char *name)
{
	static const char *const fields[] = {"ifName", "ifDescr", "ifAlias", "ifPhysAddress"};
	const json_t *row;
	size_t i;
	int64_t index;

	if (*name == '\0')
		return 0;
	for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
		json_array_foreach(place->interfaces, i, row)
		{
			if (strcmp(text_of(row, fields[f]), name) == 0 &&
				number_of(row, "ifIndex", &index))
				return index;
		}
	}
	return 0;
}

/* LLDP numbers ports as it likes; most use the interface's number, where the names do not tell. */
static int64_t index_of_neighbour(const struct nf_place *place, const json_t *row)
{
	int64_t index = 0, number = 0, own;
	const json_t *port;
	size_t i;

	if (number_of(row, "cdpCacheIfIndex", &index))
		return index;
	number_of(row, "lldpRemLocalPortNum", &number);
	json_array_foreach(place->lldp_ports, i, port)
	{
		if (!number_of(port, "lldpLocPortNum", &own) || own != number)
			continue;
		index = index_by_name(place, text_of(port, "lldpLocPortId"));
		if (!index)
			index = index_by_name(place, text_of(port, "lldpLocPortDesc"));
	}
	return index ? index : number;
}

static void take_neighbours(
	struct nf_place *place, const struct nf_place_facts *facts, const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		int64_t index = index_of_neighbour(place, row);
		const char *name = text_of(row, "lldpRemSysName");
		const char *device = text_of(row, "cdpCacheDeviceId");

		if (index > 0 &&
			(facts->is_switch_mac(text_of(row, "lldpRemChassisId"), facts->arg) ||
				(*name && facts->is_switch_name(name, facts->arg)) ||
				(*device && facts->is_switch_name(device, facts->arg))))
			need_port(place, index)->why = "another switch is its neighbour";
	}
}

struct nf_place *nf_place_make(const struct nf_place_facts *facts)
{
	struct nf_place *place = nf_xcalloc(1, sizeof *place);

	place->interfaces = facts->interfaces;
	place->lldp_ports = facts->lldp_ports;
	take_fdb(place, facts);
	take_neighbours(place, facts, facts->neighbours);
	take_neighbours(place, facts, facts->cdp_neighbours);
	return place;
}

void nf_place_free(struct nf_place *place)
{
	struct port *port, *next;

	if (!place)
		return;
	HASH_ITER (hh, place->ports, port, next) {
		HASH_DEL(place->ports, port);
		free(port->name);
		free(port);
	}
	free(place);
}

const char *nf_place_of(const struct nf_place *place, const json_t *row, const char **why)
{
	int64_t key;
	const struct port *port =
		key_of(row, &key) && is_learned(row) ? find_port(place, key) : NULL;

	if (why)
		*why = port ? port->why : NULL;
	return port && !port->why ? port->name : NULL;
}

const char *nf_place_of_neighbour(const struct nf_place *place, const json_t *row)
{
	const json_t *interface = interface_of(place, index_of_neighbour(place, row));

	return interface ? interface_name(interface) : "";
}
