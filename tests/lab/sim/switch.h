// SPDX-License-Identifier: GPL-3.0-or-later
/* switch: the synthetic switch. Everything about it can be foretold from its number, its options and the
 * time, so that a test can check what was read.
 * Counters of port p (from 1), t seconds after boot, with option rate r (0 for ports without link):
 *          ifHCInOctets start + p*r*t, ifHCOutOctets start + 2*p*r*t, unicast packets octets/500,
 *          broadcast and multicast packets unicast/100; ifInErrors errors*t; the 32-bit ones are the lower
 *          halves. sysUpTime t.
 * Names:   sysName NAME00017 (NAME where the line has one address), ifDescr and ifName port7, ifAlias "NAME00017 port 7".
 * MACs:    switch 00:1b:21 and number*256 in 24 bits, port p that plus p; station h (from 0) behind port p
 *          00:16:3e and ((number-1)*ports + p-1)*hosts + h.
 * ARP:     entry e (from 1) is 10.(number/256).(number%256).e with the MAC of station e-1.
 * FDB:     every station on its port, VLAN 10*(1 + p mod vlans).
 * LLDP:    the last port's neighbour is switch number 1's last port (switch 1 has none).
 */
#pragma once

#include "tests/lab/sim/agent.h"

enum nf_sim_field {
	NF_SIM_SYS_OBJECT_ID,
	NF_SIM_SYS_UPTIME,
	NF_SIM_SYS_NAME,
	NF_SIM_SYS_DESCR,
	NF_SIM_BRIDGE_MAC,
	NF_SIM_SERIAL,
	NF_SIM_LOAD,
	NF_SIM_MEMORY_USED,
	NF_SIM_PORT_MAC,
	NF_SIM_PORT_NAME,
	NF_SIM_PORT_ALIAS,
	NF_SIM_PORT_SPEED,
	NF_SIM_PORT_HIGH_SPEED,
	NF_SIM_PORT_OPER,
	NF_SIM_PORT_IN_OCTETS,
	NF_SIM_PORT_OUT_OCTETS,
	NF_SIM_PORT_IN_PACKETS,
	NF_SIM_PORT_OUT_PACKETS,
	NF_SIM_PORT_IN_CASTS,
	NF_SIM_PORT_OUT_CASTS,
	NF_SIM_PORT_HC_IN_OCTETS,
	NF_SIM_PORT_HC_OUT_OCTETS,
	NF_SIM_PORT_HC_IN_PACKETS,
	NF_SIM_PORT_HC_OUT_PACKETS,
	NF_SIM_PORT_HC_IN_CASTS,
	NF_SIM_PORT_HC_OUT_CASTS,
	NF_SIM_PORT_IN_ERRORS,
};

/* What all switches with these ports, first-index and vlans share. Gives a finished table. */
struct nf_sim_mib *nf_sim_switch_shape(const struct nf_sim_options *options);

/* What is this switch's alone: tables indexed by addresses and MACs. Gives a finished table. */
struct nf_sim_mib *nf_sim_switch_own(const struct nf_sim_agent *agent);

/* The value of a computed entry at agent->now_us. */
void nf_sim_switch_value(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	struct nf_sim_value *out);

/* What the switch of that number on the agent's line is called. */
void nf_sim_switch_name(
	const struct nf_sim_agent *agent, uint32_t number, struct nf_sim_value *out);

void nf_sim_switch_mac(uint32_t number, uint32_t port, uint8_t mac[6]); /* port 0: the bridge */
