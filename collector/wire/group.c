// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/group.h"

#include <stdio.h>

static const struct {
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

const char *nf_group_text(const struct nf_mac *mac, char *buf, size_t size)
{
	uint64_t value = 0;

	if (mac->bytes[0])
		return NULL; /* all of them begin with it, and most frames' do not */
	for (size_t i = 0; i < sizeof mac->bytes; i++)
		value = value << 8 | mac->bytes[i];
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		if ((value & ~groups[i].mask) != groups[i].first)
			continue;
		snprintf(buf, size, "%s group %llu", groups[i].name,
			(unsigned long long)(value - groups[i].first) >> groups[i].shift);
		return buf;
	}
	return NULL;
}
