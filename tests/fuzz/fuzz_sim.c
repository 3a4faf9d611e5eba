// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/lab/sim/answer.h"
#include "tests/lab/sim/fleet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nf_addr addr = {
		.family = NF_IPV4, .bytes = {10, 0, 0, 1}
	 };
	struct nf_sim_fleet *fleet = nf_sim_fleet_new();
	struct nf_sim_answerer *answerer = nf_sim_answerer_new();
	uint8_t *reply = nf_xmalloc(NF_SIM_MESSAGE_MAX);
	nf_sim_fleet_add_line(fleet, "10.0.0.1 synthetic:switch ports=1 arp=1 user=u", NULL);
	struct nf_sim_agent *agent = nf_sim_fleet_agent(fleet, &addr, 161, 0);
	if (nf_sim_answer(answerer, agent, data, size, false, reply) >
		agent->options.max_size + 600)
		abort();
	free(reply);
	nf_sim_answerer_free(answerer);
	nf_sim_fleet_free(fleet);
	return 0;
}
