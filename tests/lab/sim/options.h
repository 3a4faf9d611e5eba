// SPDX-License-Identifier: GPL-3.0-or-later
/* options: what an agent is and how it lies, as key=value words; one table knows them all.
 * Shape:   "ports=50 delay=200ms silent jump=1.3.6.1.2.1.2.2.1.2.7>1.3.6.1.2.1.2.2.1.2.1". A flag needs no
 *          value ("silent" is silent=true). `nfsim --help` prints the table.
 * Memory:  texts and lists come from the arena given; the struct itself is copied by value.
 * Errors:  NF_EINVAL with the word; the options stay as they were.
 */
#pragma once

#include <stdio.h>

#include "base/addr.h"
#include "base/mem.h"
#include "tests/lab/sim/oid.h"

/* One OID of a list and what is said about it. */
struct nf_sim_rule {
	struct nf_sim_oid oid;
	struct nf_sim_oid to; /* jump */
	uint32_t columns;     /* endless */
	uint32_t number;      /* endless: rows; bloat: bytes; as: enum nf_sim_as */
};

struct nf_sim_rules {
	const struct nf_sim_rule *items;
	size_t len;
};

enum nf_sim_as { NF_SIM_AS_STRING, NF_SIM_AS_NEGATIVE, NF_SIM_AS_OPAQUE, NF_SIM_AS_NULL };
enum nf_sim_hostile {
	NF_SIM_TAME,
	NF_SIM_HTML,
	NF_SIM_ANSI,
	NF_SIM_CRLF,
	NF_SIM_BIDI,
	NF_SIM_NUL,
	NF_SIM_UTF8,
	NF_SIM_PATH,
	NF_SIM_LONG,
	NF_SIM_EMPTY,
};
enum nf_sim_reqid { NF_SIM_REQID_TRUE, NF_SIM_REQID_WRONG, NF_SIM_REQID_OLD };
enum nf_sim_mangle {
	NF_SIM_WHOLE,
	NF_SIM_TRUNCATE,
	NF_SIM_FLIP,
	NF_SIM_NOISE,
	NF_SIM_LENGTHS,
	NF_SIM_NOTHING,
};

struct nf_sim_options {
	/* the synthetic device */
	const char *community;
	const char *name;   /* sysName without its number */
	const char *values; /* snmprec lines laid over the device; NULL: none */
	struct nf_sim_rules object_id;
	uint32_t ports, down, hosts, arp, vlans, first_index;
	uint64_t rate, errors, start, speed; /* see nf_sim_switch_mib */
	int64_t uptime_us;		     /* sysUpTime when the simulator starts */
	bool live;			     /* a recording's sysUpTime and counters go on */
	/* the agent */
	uint32_t port; /* 0: every port the simulator has */
	bool v1_only;
	uint32_t max_size, bulk_max, toobig;
	bool toobig_empty;
	/* SNMPv3 */
	const char *user, *auth_key, *priv_key, *engine;
	uint32_t auth, priv; /* 0: none; see the table's names */
	uint32_t boots;
	bool forge_report;
	/* the network in front of it */
	int64_t delay_us, jitter_us;
	double loss;
	bool silent;
	uint32_t die_after, reboot_after, duplicates;
	/* the lies */
	bool contexts;
	const char *refuse_in, *silent_in, *die_in; /* VLANs; NULL: none */
	struct nf_sim_rules jump, hide, generr, as, endless, bloat;
	uint32_t hostile, reqid, mangle; /* the enums above */
	const char *reply_community;
	struct nf_addr source, forge;
	uint32_t source_port;
};

struct nf_sim_options nf_sim_options_default(void);

/* Takes one word "key=value" or "flag". */
enum nf_err nf_sim_options_set(struct nf_sim_options *options, const char *word,
	struct nf_arena *arena, struct nf_error *err);

/* The table for people. */
void nf_sim_options_print(FILE *out);
