// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/mangle.h"

static size_t below(struct nf_sim_agent *agent, size_t limit)
{
	return limit > 0 ? (size_t)(nf_sim_agent_random(agent) % limit) : 0;
}

static void flip(struct nf_sim_agent *agent, uint8_t *bytes, size_t len)
{
	for (int i = 0; i < 4 && len > 0; i++)
		bytes[below(agent, len)] ^= (uint8_t)(1u << below(agent, 8));
}

/* Some byte that may be a length says far too much. */
static void lie_about_length(struct nf_sim_agent *agent, uint8_t *bytes, size_t len)
{
	static const uint8_t lies[] = {0x7f, 0x80, 0x82, 0x84, 0x88, 0xff};

	if (len > 1)
		bytes[1 + below(agent, len - 1)] = lies[below(agent, sizeof lies)];
}

size_t nf_sim_mangle(struct nf_sim_agent *agent, uint8_t *bytes, size_t len)
{
	switch (agent->options.mangle) {
	case NF_SIM_TRUNCATE:
		return below(agent, len);
	case NF_SIM_FLIP:
		flip(agent, bytes, len);
		return len;
	case NF_SIM_NOISE:
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)nf_sim_agent_random(agent);
		return len;
	case NF_SIM_LENGTHS:
		lie_about_length(agent, bytes, len);
		return len;
	case NF_SIM_NOTHING:
		return 0;
	default:
		return len;
	}
}
