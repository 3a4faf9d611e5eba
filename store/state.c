// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/state.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *text;
	int weight; /* in a summary */
} states[NF_STATES] = {
	[NF_STATE_OK] = {"ok",	       0},
	[NF_STATE_WARNING] = {"warning",	 1},
	[NF_STATE_CRITICAL] = {"critical",	   4},
	[NF_STATE_UNKNOWN] = {"unknown",	 2},
	[NF_STATE_UNREACHABLE] = {"unreachable", 3},
};

const char *nf_state_text(enum nf_state state)
{
	return (size_t)state < NF_STATES ? states[state].text : "unknown";
}

bool nf_state_parse(const char *text, enum nf_state *out)
{
	for (size_t i = 0; i < NF_STATES; i++) {
		if (strcmp(text, states[i].text) == 0) {
			*out = (enum nf_state)i;
			return true;
		}
	}
	return false;
}

enum nf_state nf_state_worse(enum nf_state a, enum nf_state b)
{
	return states[a].weight >= states[b].weight ? a : b;
}
