// SPDX-License-Identifier: GPL-3.0-or-later
/* context: how an agent treats who asks in a VLAN's context, as Cisco's switches have them: community@VLAN, and
 * vlan-VLAN in SNMPv3. Without the option `contexts` it knows none; refuse-in, silent-in and die-in spoil single ones.
 * Shape:   the request's `vlan` says which.
 */
#pragma once

#include "tests/lab/sim/agent.h"
#include "tests/lab/sim/request.h"

enum nf_sim_context { NF_SIM_AS_USUAL, NF_SIM_IN_CONTEXT, NF_SIM_REFUSED, NF_SIM_UNANSWERED };

/* An agent that is to die of it is silent from now on. */
enum nf_sim_context nf_sim_context_of(
	struct nf_sim_agent *agent, const struct nf_sim_request *request);

/* What stands behind the prefix of this name, for the request's `vlan`; empty where it does not begin so. */
struct nf_cursor nf_sim_context_vlan(const struct nf_cursor *name, const char *prefix);
