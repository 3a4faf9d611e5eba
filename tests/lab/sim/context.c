// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/context.h"

#include <string.h>

/* "10,20", or "all". */
static bool is_listed(const char *list, const struct nf_cursor *vlan)
{
	size_t len = nf_cursor_left(vlan);

	if (!list)
		return false;
	if (strcmp(list, "all") == 0)
		return true;
	for (const char *at = list; *at; at += strspn(at, ",")) {
		size_t item = strcspn(at, ",");

		if (item == len && memcmp(at, vlan->at, len) == 0)
			return true;
		at += item;
	}
	return false;
}

enum nf_sim_context nf_sim_context_of(
	struct nf_sim_agent *agent, const struct nf_sim_request *request)
{
	const struct nf_sim_options *o = &agent->options;

	if (!o->contexts || nf_cursor_left(&request->vlan) == 0)
		return NF_SIM_AS_USUAL;
	if (is_listed(o->die_in, &request->vlan))
		agent->options.silent = true;
	if (o->silent || is_listed(o->silent_in, &request->vlan))
		return NF_SIM_UNANSWERED;
	if (is_listed(o->refuse_in, &request->vlan))
		return NF_SIM_REFUSED;
	return NF_SIM_IN_CONTEXT;
}

struct nf_cursor nf_sim_context_vlan(const struct nf_cursor *name, const char *prefix)
{
	size_t len = strlen(prefix), whole = nf_cursor_left(name);

	if (whole <= len || memcmp(name->at, prefix, len) != 0)
		return (struct nf_cursor){0};
	return nf_cursor_of(name->at + len, whole - len);
}
