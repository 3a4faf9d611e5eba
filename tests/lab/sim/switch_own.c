// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/switch.h"

#include <string.h>

struct maker {
	struct nf_sim_mib *mib;
	const struct nf_sim_agent *agent;
};

static struct nf_sim_oid column_of(const char *text, const uint32_t *index, size_t len)
{
	struct nf_sim_oid oid = {0};

	nf_sim_oid_parse(text, strlen(text), &oid);
	for (size_t i = 0; i < len; i++)
		nf_sim_oid_append(&oid, index[i]);
	return oid;
}

static void station_mac(const struct nf_sim_agent *agent, uint32_t station, uint8_t mac[6])
{
	const struct nf_sim_options *o = &agent->options;
	uint32_t low = (agent->number - 1) * o->ports * o->hosts + station;
	const uint8_t bytes[6] = {
		0x00, 0x16, 0x3e, (uint8_t)(low >> 16), (uint8_t)(low >> 8), (uint8_t)low};

	memcpy(mac, bytes, sizeof bytes);
}

/* dot1dTpFdbTable and dot1qTpFdbTable */
static void add_station(struct maker *m, uint32_t station, uint32_t port)
{
	uint32_t vlans = m->agent->options.vlans;
	uint32_t index[7] = {vlans ? 10 * (1 + port % vlans) : 1};
	uint8_t mac[6];

	station_mac(m->agent, station, mac);
	for (size_t i = 0; i < 6; i++)
		index[1 + i] = mac[i];
	struct nf_sim_oid address = column_of("1.3.6.1.2.1.17.4.3.1.1", index + 1, 6);
	struct nf_sim_oid at_port = column_of("1.3.6.1.2.1.17.4.3.1.2", index + 1, 6);
	struct nf_sim_oid status = column_of("1.3.6.1.2.1.17.4.3.1.3", index + 1, 6);
	struct nf_sim_oid vlan_port = column_of("1.3.6.1.2.1.17.7.1.2.2.1.2", index, 7);
	struct nf_sim_oid vlan_status = column_of("1.3.6.1.2.1.17.7.1.2.2.1.3", index, 7);

	nf_sim_mib_add(m->mib, &address, NF_SIM_OCTETS, mac, sizeof mac);
	nf_sim_mib_add_number(m->mib, &at_port, NF_SIM_INTEGER, port);
	nf_sim_mib_add_number(m->mib, &status, NF_SIM_INTEGER, 3);
	if (vlans > 0) {
		nf_sim_mib_add_number(m->mib, &vlan_port, NF_SIM_INTEGER, port);
		nf_sim_mib_add_number(m->mib, &vlan_status, NF_SIM_INTEGER, 3);
	}
}

/* ipNetToMediaTable */
static void add_arp(struct maker *m, uint32_t entry)
{
	uint32_t number = m->agent->number;
	const uint8_t address[4] = {
		10, (uint8_t)(number >> 8), (uint8_t)number, (uint8_t)entry};
	const uint32_t index[5] = {
		m->agent->options.first_index, address[0], address[1], address[2], address[3]};
	uint8_t mac[6];
	struct nf_sim_oid ifindex = column_of("1.3.6.1.2.1.4.22.1.1", index, 5);
	struct nf_sim_oid phys = column_of("1.3.6.1.2.1.4.22.1.2", index, 5);
	struct nf_sim_oid net = column_of("1.3.6.1.2.1.4.22.1.3", index, 5);
	struct nf_sim_oid type = column_of("1.3.6.1.2.1.4.22.1.4", index, 5);

	station_mac(m->agent, entry - 1, mac);
	nf_sim_mib_add_number(m->mib, &ifindex, NF_SIM_INTEGER, index[0]);
	nf_sim_mib_add(m->mib, &phys, NF_SIM_OCTETS, mac, sizeof mac);
	nf_sim_mib_add(m->mib, &net, NF_SIM_ADDRESS, address, sizeof address);
	nf_sim_mib_add_number(m->mib, &type, NF_SIM_INTEGER, 3);
}

/* ipAddrTable: the address the agent is asked at */
static void add_address(struct maker *m)
{
	static const uint8_t mask[4] = {255, 255, 255, 0};
	const uint8_t *bytes = m->agent->key.addr.bytes;
	const uint32_t index[4] = {bytes[0], bytes[1], bytes[2], bytes[3]};
	struct nf_sim_oid address = column_of("1.3.6.1.2.1.4.20.1.1", index, 4);
	struct nf_sim_oid ifindex = column_of("1.3.6.1.2.1.4.20.1.2", index, 4);
	struct nf_sim_oid netmask = column_of("1.3.6.1.2.1.4.20.1.3", index, 4);
	struct nf_sim_oid broadcast = column_of("1.3.6.1.2.1.4.20.1.4", index, 4);

	nf_sim_mib_add(m->mib, &address, NF_SIM_ADDRESS, bytes, 4);
	nf_sim_mib_add_number(m->mib, &ifindex, NF_SIM_INTEGER, m->agent->options.first_index);
	nf_sim_mib_add(m->mib, &netmask, NF_SIM_ADDRESS, mask, sizeof mask);
	nf_sim_mib_add_number(m->mib, &broadcast, NF_SIM_INTEGER, 1);
}

/* lldpRemTable */
static void add_neighbour(struct maker *m)
{
	const struct nf_sim_options *o = &m->agent->options;
	const uint32_t index[3] = {0, o->ports, 1};
	struct nf_sim_value text;
	uint8_t mac[6];
	struct nf_sim_oid chassis_type = column_of("1.0.8802.1.1.2.1.4.1.1.4", index, 3);
	struct nf_sim_oid chassis = column_of("1.0.8802.1.1.2.1.4.1.1.5", index, 3);
	struct nf_sim_oid port_type = column_of("1.0.8802.1.1.2.1.4.1.1.6", index, 3);
	struct nf_sim_oid port = column_of("1.0.8802.1.1.2.1.4.1.1.7", index, 3);
	struct nf_sim_oid port_descr = column_of("1.0.8802.1.1.2.1.4.1.1.8", index, 3);
	struct nf_sim_oid name = column_of("1.0.8802.1.1.2.1.4.1.1.9", index, 3);
	struct nf_sim_oid descr = column_of("1.0.8802.1.1.2.1.4.1.1.10", index, 3);

	nf_sim_switch_mac(1, 0, mac);
	nf_sim_mib_add_number(m->mib, &chassis_type, NF_SIM_INTEGER, 4);
	nf_sim_mib_add(m->mib, &chassis, NF_SIM_OCTETS, mac, sizeof mac);
	nf_sim_mib_add_number(m->mib, &port_type, NF_SIM_INTEGER, 5);
	nf_sim_value_text(&text, "port%u", o->ports);
	nf_sim_mib_add(m->mib, &port, NF_SIM_OCTETS, text.bytes, text.len);
	nf_sim_mib_add(m->mib, &port_descr, NF_SIM_OCTETS, text.bytes, text.len);
	nf_sim_switch_name(m->agent, 1, &text);
	nf_sim_mib_add(m->mib, &name, NF_SIM_OCTETS, text.bytes, text.len);
	nf_sim_mib_add_text(m->mib, &descr, "Simulated switch");
}

struct nf_sim_mib *nf_sim_switch_own(const struct nf_sim_agent *agent)
{
	struct maker m = {nf_sim_mib_new(), agent};
	const struct nf_sim_options *o = &agent->options;

	for (uint32_t port = 1; port <= o->ports; port++) {
		for (uint32_t host = 0; host < o->hosts; host++)
			add_station(&m, (port - 1) * o->hosts + host, port);
	}
	for (uint32_t entry = 1; entry <= o->arp; entry++)
		add_arp(&m, entry);
	if (agent->key.addr.family == NF_IPV4)
		add_address(&m);
	if (agent->number != 1 && o->ports > 0)
		add_neighbour(&m);
	nf_sim_mib_finish(m.mib);
	return m.mib;
}
