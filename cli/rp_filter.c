// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/rp_filter.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"

/* The value, or -1 where there is none. */
static int setting(const char *folder, const char *interface)
{
	char *path = nf_xasprintf("%s/%s/rp_filter", folder, interface), *text = NULL;
	size_t len = 0;
	int value = -1;

	if (nf_file_read(path, 64, &text, &len, NULL) == NF_OK && text[0] >= '0' &&
		text[0] <= '9')
		value = text[0] - '0';
	free(text);
	free(path);
	return value;
}

bool nf_rp_filter_is_strict(const char *folder, const char *interface)
{
	int all = setting(folder, "all"), own = setting(folder, interface);

	return own >= 0 && (own > all ? own : all) == 1;
}

static bool share_addresses(const struct nf_network *a, const struct nf_network *b)
{
	NF_EACH(struct nf_prefix, p, a->prefixes)
	{
		NF_EACH(struct nf_prefix, q, b->prefixes)
		{
			if (p->addr.family == NF_IPV4 && nf_prefix_overlap(p, q))
				return true;
		}
	}
	return false;
}

const struct nf_network *nf_rp_filter_twin(
	const struct nf_site *site, const struct nf_network *network)
{
	NF_EACH(struct nf_network, other, site->networks)
	{
		bool lab = other->role != NF_ROLE_LEGACY && network->role != NF_ROLE_LEGACY;

		if (other != network && !lab && share_addresses(network, other))
			return other;
	}
	return NULL;
}

void nf_rp_filter_warn(const char *folder, const struct nf_site *site, struct nf_diags *diags)
{
	NF_EACH(struct nf_network, network, site->networks)
	{
		const char *interface = network->source.interface;
		const struct nf_network *other =
			interface ? nf_rp_filter_twin(site, network) : NULL;

		if (other && nf_rp_filter_is_strict(folder, interface))
			nf_diags_add(diags, NF_DIAG_WARNING, site->file, 0, 0,
				"network \"%s\" has addresses of \"%s\", and %s filters strictly by reverse path: answers will be dropped; sysctl net.ipv4.conf.%s.rp_filter=2",
				network->id, other->id, interface, interface);
	}
}
