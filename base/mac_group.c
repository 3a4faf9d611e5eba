// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mac_group.h"

#include <stdio.h>

static const struct group {
	const char *name;
	uint64_t first, mask; /* the lowest of its MACs, and the bits in which they differ */
	unsigned shift;	      /* to the group's number */
} groups[] = {
	{"VRRP",		 0x00005e000100, 0xff,    0},
	{"VRRP (IPv6)",	0x00005e000200, 0xff,    0},
	{"HSRP",		 0x00000c07ac00, 0xff,    0},
	{"HSRP 2",	   0x00000c9ff000, 0xfff,	  0},
	{"HSRP 2 (IPv6)", 0x000573a00000, 0xfff,	 0},
	{"GLBP",		 0x0007b4000000, 0x3ffff, 8},
};

static const struct group *group_of(const struct nf_mac *mac)
{
	if (mac->bytes[0])
		return NULL; /* all of them begin with it, and most MACs do not */
	uint64_t number = nf_mac_number(mac);

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if ((number & ~groups[i].mask) == groups[i].first)
			return &groups[i];
	return NULL;
}

const char *nf_mac_group_text(const struct nf_mac *mac, char *buf, size_t size)
{
	const struct group *group = group_of(mac);

	if (!group)
		return NULL;
	snprintf(buf, size, "%s group %llu", group->name,
		(unsigned long long)(nf_mac_number(mac) - group->first) >> group->shift);
	return buf;
}

bool nf_mac_is_group(const struct nf_mac *mac)
{
	return (mac->bytes[0] & 1) || nf_mac_number(mac) == 0 || group_of(mac);
}
