// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "conf/check.h"

static const struct nf_prefix *overlap(
	const struct nf_network *a, const struct nf_network *b, const struct nf_prefix **other)
{
	NF_EACH(struct nf_prefix, p, a->prefixes)
	{
		NF_EACH(struct nf_prefix, q, b->prefixes)
		{
			if (p->addr.family != NF_FAMILY_NONE &&
				q->addr.family != NF_FAMILY_NONE && nf_prefix_overlap(p, q)) {
				*other = q;
				return p;
			}
		}
	}
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Both need a source, and they must differ: a socket without one goes wherever the kernel's routes
 * say, which may be the other network. */
static bool kept_apart(const struct nf_source *a, const struct nf_source *b, uint8_t family)
{
	const struct nf_addr *from_a = family == NF_IPV6 ? &a->address6 : &a->address4;
	const struct nf_addr *from_b = family == NF_IPV6 ? &b->address6 : &b->address4;
	bool a_bound = a->interface || from_a->family != NF_FAMILY_NONE;
	bool b_bound = b->interface || from_b->family != NF_FAMILY_NONE;

	return a_bound && b_bound &&
	       !(same_text(a->interface, b->interface) && nf_addr_equal(from_a, from_b));
}

static bool lab_inside_common(const struct nf_network *a, const struct nf_network *b)
{
	return (a->role == NF_ROLE_LAB && b->role == NF_ROLE_COMMON) ||
	       (a->role == NF_ROLE_COMMON && b->role == NF_ROLE_LAB);
}

static void check_pair(
	struct nf_bind *b, const struct nf_network *first, const struct nf_network *second)
{
	const struct nf_prefix *other = NULL, *prefix = overlap(second, first, &other);
	char text[NF_ADDR_TEXT_MAX];

	if (!prefix || lab_inside_common(first, second) ||
		kept_apart(&first->source, &second->source, prefix->addr.family))
		return;
	nf_bind_error(b, nf_bind_place(b, prefix),
		"%s/%u overlaps network %s: give each a source (interface or address) of its own",
		nf_addr_format(&prefix->addr, text), prefix->bits, nf_bind_quote(b, first->id));
}

static void check_wires(
	struct nf_bind *b, const struct nf_network *first, const struct nf_network *second)
{
	for (size_t i = 0; i < first->wire.len; i++) {
		for (size_t k = 0; k < second->wire.len; k++) {
			if (same_text(first->wire.items[i], second->wire.items[k]) &&
				first->wire.items[i])
				nf_bind_warn(b, nf_bind_place(b, &second->wire.items[k]),
					"wire: network %s listens on %s, too; what is heard there cannot be told apart",
					nf_bind_quote(b, first->id), second->wire.items[k]);
		}
	}
}

void nf_check_networks(struct nf_bind *b)
{
	struct nf_site *site = b->site;

	NF_EACH(struct nf_network, second, site->networks)
	{
		for (struct nf_network *first = site->networks.items; first < second; first++) {
			if (!first->id || !second->id || nf_bind_wrong(b, &first->role) ||
				nf_bind_wrong(b, &second->role))
				continue;
			check_pair(b, first, second);
			check_wires(b, first, second);
		}
	}
}
