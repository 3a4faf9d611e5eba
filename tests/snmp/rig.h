// SPDX-License-Identifier: GPL-3.0-or-later
/* rig: what the SNMP tests stand on: a site filled by hand, a loop, private snmpd processes on loopback
 *      addresses of their own, and a question asked until its answer.
 * Shape:   everything lives below a scratch folder that rig_free removes; processes are ended by pid.
 */
#pragma once

#include "collector/snmp/agent.h"

#include <sys/types.h>

#define RIG_DEVICES 16
#define RIG_SNMPDS  16

struct rig {
	uv_loop_t loop;
	struct nf_arena *arena;
	char dir[64];
	struct nf_site site;
	struct nf_network networks[4];
	struct nf_device devices[RIG_DEVICES];
	struct nf_snmp profiles[RIG_DEVICES];
	struct nf_asker *asker;
	pid_t snmpds[RIG_SNMPDS];
	size_t snmpds_len;
	struct rig_sim *sim; /* NULL: none */
	uint16_t port;	     /* of its agents, which no other test has meanwhile; 0: none yet */
	int claim;
};

/* A test with a rig of its own in *state; what it started is ended however the test ends. */
#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)
int rig_set_up(void **state);
int rig_tear_down(void **state);

/* A device at this address of networks[0]; its profile is v2c "public", timeout 300 ms, one retry, and may
 * be changed before rig_start. */
struct nf_device *rig_device(
	struct rig *rig, const char *name, const char *address, uint16_t port);
struct nf_snmp *rig_snmp(struct nf_device *device);
/* Fills the device's profile; passphrases NULL where the level needs none. */
void rig_v3(struct rig *rig, struct nf_device *device, const char *user,
	enum nf_snmp_level level, enum nf_auth_protocol auth, const char *auth_pass,
	enum nf_priv_protocol priv, const char *priv_pass);
/* A file with a secret; gives its path. */
const char *rig_secret(struct rig *rig, const char *secret);
void rig_start(struct rig *rig);
void rig_stop(struct rig *rig); /* closes the asker with its agents */
struct nf_agent *rig_agent(struct rig *rig, const struct nf_device *device);

/* Simulated agents (tests/lab/sim) in this process and on this loop, on every loopback address at once:
 * `line` as in a simulator's configuration. */
void rig_simulate(struct rig *rig, uint16_t port, const char *line);
/* One agent behaves otherwise from now on; NULL: as at the start. */
void rig_lie(struct rig *rig, const char *address, const char *word);

/* Asks and runs the loop until the answer; the caller frees it. */
struct nf_result *rig_ask(
	struct rig *rig, struct nf_agent *agent, const struct nf_query *query);

/* Starts snmpd with these lines of configuration (and its own folder for state); waits until it listens.
 * `state` names that folder: the same name is the same engine again. */
pid_t rig_snmpd(struct rig *rig, const char *address, uint16_t port, const char *state,
	const char *configuration);
void rig_end_snmpd(struct rig *rig, pid_t pid);
/* Whether this machine has snmpd. */
bool rig_has_snmpd(void);

/* sysDescr … sysServices, and ifTable's ifIndex, ifDescr, ifInOctets. */
extern const struct nf_query rig_system, rig_interfaces;
