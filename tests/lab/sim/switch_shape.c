// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/switch.h"

#include <string.h>

#include "tests/lab/sim/snmprec.h"

/* A column of the table of ports: a constant, the port's number, or a field. */
enum kind { NUMBER, PORT, IFINDEX, ZERO_OID, VLAN, FIELD };

struct column {
	const char *
		entry; /* OID of column and constant index parts; the row's index comes behind */
	uint8_t kind;
	uint8_t by_port; /* indexed by the port's number instead of its ifIndex */
	uint8_t tag;
	uint16_t value; /* NUMBER: itself, FIELD: enum nf_sim_field */
};

#define IF  "1.3.6.1.2.1.2.2.1."
#define IFX "1.3.6.1.2.1.31.1.1.1."

// clang-format off
static const struct column columns[] = {
	{IF "1", IFINDEX, 0, NF_SIM_INTEGER, 0},
	{IF "2", FIELD, 0, 0, NF_SIM_PORT_NAME},
	{IF "3", NUMBER, 0, NF_SIM_INTEGER, 6},
	{IF "4", NUMBER, 0, NF_SIM_INTEGER, 1500},
	{IF "5", FIELD, 0, 0, NF_SIM_PORT_SPEED},
	{IF "6", FIELD, 0, 0, NF_SIM_PORT_MAC},
	{IF "7", NUMBER, 0, NF_SIM_INTEGER, 1},
	{IF "8", FIELD, 0, 0, NF_SIM_PORT_OPER},
	{IF "9", NUMBER, 0, NF_SIM_TICKS, 0},
	{IF "10", FIELD, 0, 0, NF_SIM_PORT_IN_OCTETS},
	{IF "11", FIELD, 0, 0, NF_SIM_PORT_IN_PACKETS},
	{IF "12", FIELD, 0, 0, NF_SIM_PORT_IN_CASTS},
	{IF "13", NUMBER, 0, NF_SIM_COUNTER32, 0},
	{IF "14", FIELD, 0, 0, NF_SIM_PORT_IN_ERRORS},
	{IF "15", NUMBER, 0, NF_SIM_COUNTER32, 0},
	{IF "16", FIELD, 0, 0, NF_SIM_PORT_OUT_OCTETS},
	{IF "17", FIELD, 0, 0, NF_SIM_PORT_OUT_PACKETS},
	{IF "18", FIELD, 0, 0, NF_SIM_PORT_OUT_CASTS},
	{IF "19", NUMBER, 0, NF_SIM_COUNTER32, 0},
	{IF "20", NUMBER, 0, NF_SIM_COUNTER32, 0},
	{IF "21", NUMBER, 0, NF_SIM_GAUGE32, 0},
	{IF "22", ZERO_OID, 0, NF_SIM_OBJECT, 0},
	{IFX "1", FIELD, 0, 0, NF_SIM_PORT_NAME},
	{IFX "2", FIELD, 0, 0, NF_SIM_PORT_IN_CASTS},
	{IFX "3", FIELD, 0, 0, NF_SIM_PORT_IN_CASTS},
	{IFX "4", FIELD, 0, 0, NF_SIM_PORT_OUT_CASTS},
	{IFX "5", FIELD, 0, 0, NF_SIM_PORT_OUT_CASTS},
	{IFX "6", FIELD, 0, 0, NF_SIM_PORT_HC_IN_OCTETS},
	{IFX "7", FIELD, 0, 0, NF_SIM_PORT_HC_IN_PACKETS},
	{IFX "8", FIELD, 0, 0, NF_SIM_PORT_HC_IN_CASTS},
	{IFX "9", FIELD, 0, 0, NF_SIM_PORT_HC_IN_CASTS},
	{IFX "10", FIELD, 0, 0, NF_SIM_PORT_HC_OUT_OCTETS},
	{IFX "11", FIELD, 0, 0, NF_SIM_PORT_HC_OUT_PACKETS},
	{IFX "12", FIELD, 0, 0, NF_SIM_PORT_HC_OUT_CASTS},
	{IFX "13", FIELD, 0, 0, NF_SIM_PORT_HC_OUT_CASTS},
	{IFX "14", NUMBER, 0, NF_SIM_INTEGER, 1},
	{IFX "15", FIELD, 0, 0, NF_SIM_PORT_HIGH_SPEED},
	{IFX "16", NUMBER, 0, NF_SIM_INTEGER, 2},
	{IFX "17", NUMBER, 0, NF_SIM_INTEGER, 1},
	{IFX "18", FIELD, 0, 0, NF_SIM_PORT_ALIAS},
	{IFX "19", NUMBER, 0, NF_SIM_TICKS, 0},
	{"1.3.6.1.2.1.17.1.4.1.1", PORT, 1, NF_SIM_INTEGER, 0},
	{"1.3.6.1.2.1.17.1.4.1.2", IFINDEX, 1, NF_SIM_INTEGER, 0},
	{"1.3.6.1.2.1.17.1.4.1.3", ZERO_OID, 1, NF_SIM_OBJECT, 0},
	{"1.3.6.1.2.1.17.1.4.1.4", NUMBER, 1, NF_SIM_COUNTER32, 0},
	{"1.3.6.1.2.1.17.1.4.1.5", NUMBER, 1, NF_SIM_COUNTER32, 0},
	{"1.3.6.1.2.1.17.7.1.4.5.1.1", VLAN, 1, NF_SIM_GAUGE32, 0},
	{"1.0.8802.1.1.2.1.3.7.1.2", NUMBER, 1, NF_SIM_INTEGER, 5},
	{"1.0.8802.1.1.2.1.3.7.1.3", FIELD, 1, 0, NF_SIM_PORT_NAME},
	{"1.0.8802.1.1.2.1.3.7.1.4", FIELD, 1, 0, NF_SIM_PORT_ALIAS},
};

static const struct { const char *oid; uint16_t field; } scalars[] = {
	{"1.3.6.1.2.1.1.1.0", NF_SIM_SYS_DESCR},
	{"1.3.6.1.2.1.1.2.0", NF_SIM_SYS_OBJECT_ID},
	{"1.3.6.1.2.1.1.3.0", NF_SIM_SYS_UPTIME},
	{"1.3.6.1.2.1.1.5.0", NF_SIM_SYS_NAME},
	{"1.3.6.1.2.1.17.1.1.0", NF_SIM_BRIDGE_MAC},
	{"1.3.6.1.2.1.25.1.1.0", NF_SIM_SYS_UPTIME},
	{"1.3.6.1.2.1.25.2.3.1.6.1", NF_SIM_MEMORY_USED},
	{"1.3.6.1.2.1.25.3.3.1.2.196608", NF_SIM_LOAD},
	{"1.3.6.1.2.1.47.1.1.1.1.11.1", NF_SIM_SERIAL},
	{"1.0.8802.1.1.2.1.3.2.0", NF_SIM_BRIDGE_MAC},
	{"1.0.8802.1.1.2.1.3.3.0", NF_SIM_SYS_NAME},
	{"1.0.8802.1.1.2.1.3.4.0", NF_SIM_SYS_DESCR},
};
// clang-format on

/* What every switch says in the same words: system, bridge, storage, one processor, a chassis with a
 * power supply and a fan. */
static const char constants[] = "1.3.6.1.2.1.1.4.0|4|operations@example.org\n"
				"1.3.6.1.2.1.1.6.0|4|Simulated room\n"
				"1.3.6.1.2.1.1.7.0|2|2\n"
				"1.3.6.1.2.1.17.1.3.0|2|2\n"
				"1.3.6.1.2.1.17.4.1.0|65|0\n"
				"1.3.6.1.2.1.17.4.2.0|2|300\n"
				"1.3.6.1.2.1.25.2.2.0|2|262144\n"
				"1.3.6.1.2.1.25.2.3.1.1.1|2|1\n"
				"1.3.6.1.2.1.25.2.3.1.1.2|2|2\n"
				"1.3.6.1.2.1.25.2.3.1.2.1|6|1.3.6.1.2.1.25.2.1.2\n"
				"1.3.6.1.2.1.25.2.3.1.2.2|6|1.3.6.1.2.1.25.2.1.9\n"
				"1.3.6.1.2.1.25.2.3.1.3.1|4|Physical memory\n"
				"1.3.6.1.2.1.25.2.3.1.3.2|4|/flash\n"
				"1.3.6.1.2.1.25.2.3.1.4.1|2|1024\n"
				"1.3.6.1.2.1.25.2.3.1.4.2|2|4096\n"
				"1.3.6.1.2.1.25.2.3.1.5.1|2|262144\n"
				"1.3.6.1.2.1.25.2.3.1.5.2|2|65536\n"
				"1.3.6.1.2.1.25.2.3.1.6.2|2|32768\n"
				"1.3.6.1.2.1.25.3.2.1.1.196608|2|196608\n"
				"1.3.6.1.2.1.25.3.2.1.2.196608|6|1.3.6.1.2.1.25.3.1.3\n"
				"1.3.6.1.2.1.25.3.2.1.3.196608|4|Switch processor\n"
				"1.3.6.1.2.1.25.3.2.1.5.196608|2|2\n"
				"1.3.6.1.2.1.25.3.3.1.1.196608|6|0.0\n"
				"1.3.6.1.2.1.47.1.1.1.1.2.1|4|Simulated switch\n"
				"1.3.6.1.2.1.47.1.1.1.1.2.2|4|Power supply\n"
				"1.3.6.1.2.1.47.1.1.1.1.2.3|4|Fan\n"
				"1.3.6.1.2.1.47.1.1.1.1.4.1|2|0\n"
				"1.3.6.1.2.1.47.1.1.1.1.4.2|2|1\n"
				"1.3.6.1.2.1.47.1.1.1.1.4.3|2|1\n"
				"1.3.6.1.2.1.47.1.1.1.1.5.1|2|3\n"
				"1.3.6.1.2.1.47.1.1.1.1.5.2|2|6\n"
				"1.3.6.1.2.1.47.1.1.1.1.5.3|2|7\n"
				"1.3.6.1.2.1.47.1.1.1.1.7.1|4|Chassis\n"
				"1.3.6.1.2.1.47.1.1.1.1.7.2|4|PSU 1\n"
				"1.3.6.1.2.1.47.1.1.1.1.7.3|4|Fan 1\n"
				"1.3.6.1.2.1.47.1.1.1.1.10.1|4|1.0\n"
				"1.3.6.1.2.1.47.1.1.1.1.11.2|4|\n"
				"1.3.6.1.2.1.47.1.1.1.1.11.3|4|\n"
				"1.3.6.1.2.1.47.1.1.1.1.12.1|4|netfold\n"
				"1.3.6.1.2.1.47.1.1.1.1.13.1|4|SIM-SWITCH\n"
				"1.3.6.1.2.1.47.1.1.1.1.13.2|4|SIM-PSU\n"
				"1.3.6.1.2.1.47.1.1.1.1.13.3|4|SIM-FAN\n"
				"1.3.6.1.2.1.47.1.1.1.1.16.1|2|1\n"
				"1.0.8802.1.1.2.1.3.1.0|2|4\n";

static struct nf_sim_oid oid_of(const char *text)
{
	struct nf_sim_oid oid = {0};

	nf_sim_oid_parse(text, strlen(text), &oid);
	return oid;
}

static void add_cell(struct nf_sim_mib *mib, const struct column *column,
	const struct nf_sim_options *options, uint32_t port)
{
	static const uint8_t zero_dot_zero[] = {0};
	struct nf_sim_oid oid = oid_of(column->entry);
	uint32_t ifindex = options->first_index + port - 1;

	nf_sim_oid_append(&oid, column->by_port ? port : ifindex);
	switch (column->kind) {
	case NUMBER:
		nf_sim_mib_add_number(mib, &oid, column->tag, column->value);
		break;
	case PORT:
		nf_sim_mib_add_number(mib, &oid, column->tag, port);
		break;
	case IFINDEX:
		nf_sim_mib_add_number(mib, &oid, column->tag, ifindex);
		break;
	case VLAN:
		nf_sim_mib_add_number(mib, &oid, column->tag,
			options->vlans ? 10 * (1 + port % options->vlans) : 1);
		break;
	case ZERO_OID:
		nf_sim_mib_add(mib, &oid, column->tag, zero_dot_zero, sizeof zero_dot_zero);
		break;
	default:
		nf_sim_mib_add_field(mib, &oid, column->value, port);
	}
}

/* dot1qVlanCurrentTable (FDB id = VLAN id) and the VLANs' names. */
static void add_vlans(struct nf_sim_mib *mib, uint32_t vlans)
{
	struct nf_sim_value name;

	for (uint32_t v = 1; v <= vlans; v++) {
		struct nf_sim_oid fdb = oid_of("1.3.6.1.2.1.17.7.1.4.2.1.3.0");
		struct nf_sim_oid text = oid_of("1.3.6.1.2.1.17.7.1.4.3.1.1");

		nf_sim_oid_append(&fdb, 10 * v);
		nf_sim_mib_add_number(mib, &fdb, NF_SIM_GAUGE32, 10 * v);
		nf_sim_oid_append(&text, 10 * v);
		nf_sim_value_text(&name, "vlan%u", 10 * v);
		nf_sim_mib_add(mib, &text, NF_SIM_OCTETS, name.bytes, name.len);
	}
}

struct nf_sim_mib *nf_sim_switch_shape(const struct nf_sim_options *options)
{
	struct nf_sim_mib *mib = nf_sim_mib_new();
	struct nf_sim_oid ports = oid_of("1.3.6.1.2.1.2.1.0");
	struct nf_sim_oid bridge_ports = oid_of("1.3.6.1.2.1.17.1.2.0");

	nf_sim_snmprec_parse(mib, "constants", constants, sizeof constants - 1, NULL);
	for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
		struct nf_sim_oid oid = oid_of(scalars[i].oid);

		nf_sim_mib_add_field(mib, &oid, scalars[i].field, 0);
	}
	nf_sim_mib_add_number(mib, &ports, NF_SIM_INTEGER, options->ports);
	nf_sim_mib_add_number(mib, &bridge_ports, NF_SIM_INTEGER, options->ports);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		for (uint32_t port = 1; port <= options->ports; port++)
			add_cell(mib, &columns[i], options, port);
	}
	add_vlans(mib, options->vlans);
	nf_sim_mib_finish(mib);
	return mib;
}
