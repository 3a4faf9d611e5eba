// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/switch.h"

#include <stdio.h>

#define US_PER_S INT64_C(1000000)

void nf_sim_switch_mac(uint32_t number, uint32_t port, uint8_t mac[6])
{
	uint32_t low = number * 256 + port;

	mac[0] = 0x00;
	mac[1] = 0x1b;
	mac[2] = 0x21;
	mac[3] = (uint8_t)(low >> 16);
	mac[4] = (uint8_t)(low >> 8);
	mac[5] = (uint8_t)low;
}

void nf_sim_switch_name(
	const struct nf_sim_agent *agent, uint32_t number, struct nf_sim_value *out)
{
	if (agent->alone)
		nf_sim_value_text(out, "%.60s", agent->options.name);
	else
		nf_sim_value_text(out, "%.60s%05u", agent->options.name, number);
}

static bool has_link(const struct nf_sim_agent *agent, uint32_t port)
{
	return port + agent->options.down <= agent->options.ports;
}

static uint64_t grown(const struct nf_sim_agent *agent, uint64_t per_second)
{
	uint64_t us = (uint64_t)(agent->now_us - agent->counters_us);

	return us / US_PER_S * per_second + us % US_PER_S * per_second / US_PER_S;
}

static uint64_t octets(const struct nf_sim_agent *agent, uint32_t port, unsigned factor)
{
	if (!has_link(agent, port))
		return 0;
	return (agent->counters_reset ? 0 : agent->options.start) +
	       grown(agent, agent->options.rate * port * factor);
}

static uint64_t packets(const struct nf_sim_agent *agent, uint32_t port, unsigned factor)
{
	return octets(agent, port, factor) / 500;
}

static void port_counter(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	struct nf_sim_value *out)
{
	bool wide = entry->field >= NF_SIM_PORT_HC_IN_OCTETS &&
		    entry->field != NF_SIM_PORT_IN_ERRORS;
	uint64_t number = 0;

	switch (entry->field) {
	case NF_SIM_PORT_IN_OCTETS:
	case NF_SIM_PORT_HC_IN_OCTETS:
	case NF_SIM_PORT_OUT_OCTETS:
	case NF_SIM_PORT_HC_OUT_OCTETS:
		number = octets(agent, entry->row,
			entry->field == NF_SIM_PORT_IN_OCTETS ||
					entry->field == NF_SIM_PORT_HC_IN_OCTETS
				? 1
				: 2);
		break;
	case NF_SIM_PORT_IN_PACKETS:
	case NF_SIM_PORT_HC_IN_PACKETS:
		number = packets(agent, entry->row, 1);
		break;
	case NF_SIM_PORT_OUT_PACKETS:
	case NF_SIM_PORT_HC_OUT_PACKETS:
		number = packets(agent, entry->row, 2);
		break;
	case NF_SIM_PORT_IN_CASTS:
	case NF_SIM_PORT_HC_IN_CASTS:
		number = packets(agent, entry->row, 1) / 100;
		break;
	case NF_SIM_PORT_OUT_CASTS:
	case NF_SIM_PORT_HC_OUT_CASTS:
		number = packets(agent, entry->row, 2) / 100;
		break;
	default:
		number = has_link(agent, entry->row) ? grown(agent, agent->options.errors) : 0;
	}
	if (wide)
		nf_sim_value_number(out, NF_SIM_COUNTER64, number);
	else
		nf_sim_value_number(out, NF_SIM_COUNTER32, (uint32_t)number);
}

static void port_value(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	struct nf_sim_value *out)
{
	const struct nf_sim_options *o = &agent->options;
	uint8_t mac[6];

	switch (entry->field) {
	case NF_SIM_PORT_MAC:
		nf_sim_switch_mac(agent->number, entry->row, mac);
		nf_sim_value_bytes(out, NF_SIM_OCTETS, mac, sizeof mac);
		break;
	case NF_SIM_PORT_NAME:
		nf_sim_value_text(out, "port%u", entry->row);
		break;
	case NF_SIM_PORT_ALIAS:
		nf_sim_switch_name(agent, agent->number, out);
		out->len += (uint32_t)snprintf((char *)out->room + out->len,
			sizeof out->room - out->len, " port %u", entry->row);
		break;
	case NF_SIM_PORT_SPEED:
		nf_sim_value_number(
			out, NF_SIM_GAUGE32, o->speed > 4294 ? UINT32_MAX : o->speed * 1000000);
		break;
	case NF_SIM_PORT_HIGH_SPEED:
		nf_sim_value_number(out, NF_SIM_GAUGE32, o->speed);
		break;
	case NF_SIM_PORT_OPER:
		nf_sim_value_number(out, NF_SIM_INTEGER, has_link(agent, entry->row) ? 1 : 2);
		break;
	default:
		port_counter(agent, entry, out);
	}
}

static void object_id(const struct nf_sim_agent *agent, struct nf_sim_value *out)
{
	static const uint32_t playpen[] = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 1};
	const struct nf_sim_rules *given = &agent->options.object_id;
	uint8_t content[NF_SIM_BER_OID_MAX];
	size_t len = given->len > 0 ? nf_sim_ber_oid(content, given->items[0].oid.ids,
					      given->items[0].oid.len)
				    : nf_sim_ber_oid(content, playpen,
					      sizeof playpen / sizeof *playpen);

	if (len > sizeof out->room)
		len = sizeof out->room;
	nf_sim_value_bytes(out, NF_SIM_OBJECT, content, len);
}

void nf_sim_switch_value(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	struct nf_sim_value *out)
{
	int64_t uptime_us = agent->now_us - agent->boot_us;
	uint8_t mac[6];

	switch (entry->field) {
	case NF_SIM_SYS_OBJECT_ID:
		object_id(agent, out);
		break;
	case NF_SIM_SYS_UPTIME:
		nf_sim_value_number(out, NF_SIM_TICKS, (uint32_t)(uptime_us / 10000));
		break;
	case NF_SIM_SYS_NAME:
		nf_sim_switch_name(agent, agent->number, out);
		break;
	case NF_SIM_SYS_DESCR:
		nf_sim_value_text(out, "Simulated switch, %u ports", agent->options.ports);
		break;
	case NF_SIM_BRIDGE_MAC:
		nf_sim_switch_mac(agent->number, 0, mac);
		nf_sim_value_bytes(out, NF_SIM_OCTETS, mac, sizeof mac);
		break;
	case NF_SIM_SERIAL:
		nf_sim_value_text(out, "SIM%08u", agent->number);
		break;
	case NF_SIM_LOAD:
		nf_sim_value_number(
			out, NF_SIM_INTEGER, (uint64_t)(5 + uptime_us / (60 * US_PER_S) % 50));
		break;
	case NF_SIM_MEMORY_USED:
		nf_sim_value_number(out, NF_SIM_INTEGER,
			(uint64_t)(40000 + uptime_us / (60 * US_PER_S) % 1000));
		break;
	default:
		port_value(agent, entry, out);
	}
}
