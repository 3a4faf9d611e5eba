// SPDX-License-Identifier: GPL-3.0-or-later
/* agent: one simulated agent: what it holds, what it was told to be, how far its clock and its luck are.
 * Units:   microseconds of the simulator's own time, which starts at 0 and can be advanced by hand.
 * Memory:  `parts` are borrowed or owned as named; the fleet frees agents.
 */
#pragma once

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "tests/lab/sim/mib.h"
#include "tests/lab/sim/options.h"

/* Where an object is looked for: what was laid over it, what is its own, what it shares. */
enum { NF_SIM_OVERLAY, NF_SIM_OWN, NF_SIM_SHARED, NF_SIM_PARTS };

struct nf_sim_usm;

struct nf_sim_counts {
	uint64_t requests, replies, values;
	uint64_t ignored; /* wrong community or version, not SNMP, lost, silent */
	uint64_t sets;	  /* SET: netfold must never send one */
};

struct nf_sim_key {
	struct nf_addr addr;
	uint32_t port; /* UDP */
};

struct nf_sim_agent {
	struct nf_sim_key key;
	struct nf_sim_options options;
	uint32_t number; /* from 1, within its line of the configuration */
	bool alone;	 /* on its line: its name has no number */
	bool rebooted; /* its uptime started from 0, not from what was configured or recorded */
	bool counters_reset; /* and its counters */
	bool lying;	     /* some value of it is not what the table says */
	const struct nf_sim_mib *parts[NF_SIM_PARTS]; /* NULL: none; the first two are owned */
	int64_t boot_us;			      /* when its sysUpTime was 0 */
	int64_t counters_us;			      /* when its counters were */
	int64_t now_us;				      /* of the request being answered */
	uint64_t luck;				      /* state of its random numbers */
	uint64_t lives_from;			      /* replies when die-after was set */
	uint64_t boots_from;			      /* replies when reboot-after was set */
	int32_t last_reqid;
	struct nf_sim_counts counts;
	struct nf_sim_usm *usm; /* NULL: no SNMPv3 */
	uint32_t reboots;
	UT_hash_handle hh;
};

/* The next random number of this agent: the same in every run. */
uint64_t nf_sim_agent_random(struct nf_sim_agent *agent);
