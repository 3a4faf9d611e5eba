// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave.h"

#include <string.h>

#include "base/mac_group.h"
#include "checks/cutover/serial.h"

static void copy(json_t *to, const char *name, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);
	if (value != NULL && !json_is_null(value))
		json_object_set(to, name, value);
}

static void take_ping(json_t *look, const json_t *probe)
{
	const json_t *ping = json_object_get(probe, "ping");
	if (ping == NULL)
		return;
	json_t *to = json_object();
	copy(to, "sent", ping, "sent");
	copy(to, "received", ping, "received");
	copy(to, "rtt_us", json_object_get(ping, "rtt_us"), "median");
	json_object_set_new(look, "ping", to);
}

static json_t *identity_of(json_t *look)
{
	json_t *identity = json_object_get(look, "identity");
	if (identity == NULL) {
		identity = json_object();
		json_object_set_new(look, "identity", identity);
	}
	return identity;
}

static void add_once(json_t *list, json_t *value)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item)
	{
		if (json_equal(item, value))
			return;
	}
	json_array_append(list, value);
}

/* Not empty, and no MAC that belongs to many: a router's VRRP, a loopback's zeros. */
static bool is_own(const char *text)
{
	struct nf_mac mac;
	return *text != '\0' && !(nf_mac_parse(text, &mac) == NF_OK && nf_mac_is_group(&mac));
}

static const char *mac_of(const json_t *interface)
{
	const char *mac = json_string_value(json_object_get(interface, "ifPhysAddress"));
	return mac != NULL && is_own(mac) ? mac : NULL;
}

/* The texts of the rows, each once; nothing where no row has one. */
static void take_texts(json_t *identity, const char *name, const json_t *rows,
	const char *(*text_of)(const json_t *row))
{
	json_t *list = json_array(), *row;
	size_t i;
	json_array_foreach(rows, i, row)
	{
		const char *text = text_of(row);
		json_t *value = text != NULL ? json_string(text) : NULL;
		if (value != NULL)
			add_once(list, value);
		json_decref(value);
	}
	if (json_array_size(list) > 0)
		json_object_set(identity, name, list);
	json_decref(list);
}

static json_int_t number(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static void take_interface(json_t *list, const json_t *row)
{
	json_t *to = json_object();
	copy(to, "name", row, json_object_get(row, "ifName") != NULL ? "ifName" : "ifDescr");
	copy(to, "status", row, "ifOperStatus");
	if (json_object_get(row, "ifHighSpeed") != NULL && number(row, "ifHighSpeed") > 0)
		copy(to, "mbps", row, "ifHighSpeed");
	else if (json_object_get(row, "ifSpeed") != NULL)
		json_object_set_new(to, "mbps", json_integer(number(row, "ifSpeed") / 1000000));
	if (json_object_get(row, "ifInErrors") != NULL ||
		json_object_get(row, "ifOutErrors") != NULL)
		json_object_set_new(to, "errors",
			json_integer(number(row, "ifInErrors") + number(row, "ifOutErrors")));
	json_array_append_new(list, to);
}

static void take_interfaces(json_t *look, const json_t *snmp)
{
	const json_t *rows = json_object_get(snmp, "interfaces");
	json_t *list = json_array(), *row;
	size_t i;
	json_array_foreach(rows, i, row) take_interface(list, row);
	if (rows != NULL)
		json_object_set(look, "interfaces", list);
	json_decref(list);
	take_texts(identity_of(look), "macs", rows, mac_of);
}

static void take_neighbours(json_t *look, const json_t *snmp)
{
	const json_t *rows = json_object_get(snmp, "neighbours");
	json_t *list = json_array(), *row;
	size_t i;
	json_array_foreach(rows, i, row)
	{
		json_t *to = json_object();
		copy(to, "port", row, "lldpRemLocalPortNum");
		copy(to, "system", row, "lldpRemSysName");
		copy(to, "remote", row, "lldpRemPortId");
		json_array_append_new(list, to);
	}
	if (rows != NULL)
		json_object_set(look, "neighbours", list);
	json_decref(list);
}

void nf_wave_look_probe(json_t *look, const json_t *probe)
{
	const json_t *snmp = json_object_get(probe, "snmp");
	const json_t *system = json_object_get(snmp, "system");
	take_ping(look, probe);
	if (snmp == NULL)
		return;
	copy(identity_of(look), "engine", snmp, "engine_id");
	json_t *to = json_object();
	copy(to, "answered", snmp, "answered");
	copy(to, "error", snmp, "error");
	copy(to, "sysName", system, "sysName");
	copy(to, "sysObjectID", system, "sysObjectID");
	copy(to, "sysDescr", system, "sysDescr");
	json_object_set_new(look, "snmp", to);
	take_texts(
		identity_of(look), "serials", json_object_get(snmp, "entities"), nf_serial_of);
	take_interfaces(look, snmp);
	take_neighbours(look, snmp);
}

static bool has_open(const json_t *look)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(look, "services"), i, row)
	{
		const char *state = json_string_value(json_object_get(row, "state"));
		if (state != NULL && strcmp(state, "silent") != 0)
			return true;
	}
	return false;
}

bool nf_wave_answers(const json_t *look)
{
	return number(json_object_get(look, "ping"), "received") > 0 ||
	       json_is_true(json_object_get(json_object_get(look, "snmp"), "answered")) ||
	       has_open(look);
}

static bool share_one(const json_t *a, const json_t *b)
{
	size_t i, k;
	json_t *x, *y;
	json_array_foreach(a, i, x) json_array_foreach(b, k, y)
	{
		if (json_equal(x, y))
			return true;
	}
	return false;
}

enum nf_same nf_wave_same(const json_t *before, const json_t *after)
{
	static const char *const keys[] = {"serials", "hostkey", "engine", "macs"};
	enum {
		STRONG = 2
	}; /* of them; the others are copied with a virtual machine, and set by hand */
	const json_t *a = json_object_get(before, "identity");
	const json_t *b = json_object_get(after, "identity");
	bool differs = false;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const json_t *x = json_object_get(a, keys[i]), *y = json_object_get(b, keys[i]);
		if (i == STRONG && differs)
			break;
		if (x == NULL || y == NULL)
			continue;
		if (json_is_array(x) ? share_one(x, y) : json_equal(x, y))
			return NF_SAME_YES;
		differs = true;
	}
	return differs ? NF_SAME_NO : NF_SAME_UNKNOWN;
}

const char *nf_wave_side(const json_t *before, const json_t *new_side, const json_t *old_side)
{
	bool new_answers = nf_wave_answers(new_side);
	bool old_answers =
		nf_wave_answers(old_side) && nf_wave_same(before, old_side) != NF_SAME_NO;
	bool other = new_answers && nf_wave_same(before, new_side) == NF_SAME_NO;
	if (new_answers && !other)
		return old_answers ? "both" : "moved";
	if (old_answers)
		return "back";
	return other ? "other" : "neither";
}
