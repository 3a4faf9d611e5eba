// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/ether.h"

#include <net/ethernet.h>
#include <string.h>

enum { TYPE_QINQ = 0x88a8, TYPE_QINQ_OLD = 0x9100, LENGTH_MOST = 0x5dc, TAGS_MOST = 4 };
enum { VLAN_ID = 0xfff, LLC_SNAP = 0xaa, LLC_UNNUMBERED = 0x03 };

static bool is_tag(uint16_t type)
{
	return type == ETHERTYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

bool nf_ether_is_link(const void *bytes, size_t len)
{
	static const struct {
		uint64_t to, mask; /* the lowest, and the bits in which they differ */
	} links[] = {
		{0x0180c2000000, 0xf}, /* spanning tree, LACP, 802.1X, LLDP */
		{0x01000ccccccc, 0x1}, /* Cisco's CDP, VTP, DTP, UDLD; PVST+ */
		{0x01e052cccccc, 0x0}, /* Foundry's FDP */
		{0x00e02b000000, 0xf}, /* Extreme's EDP, EAPS */
	};
	struct nf_mac ends[2]; /* to, from */

	if (len < sizeof ends)
		return false;
	memcpy(ends, bytes, sizeof ends);
	if (memcmp(&ends[0], &ends[1], sizeof ends[0]) == 0)
		return true; /* a keepalive, which a port sends to itself */
	uint64_t number = nf_mac_number(&ends[0]);

	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if ((number & ~links[i].mask) == links[i].to)
			return true;
	return false;
}

/* No interface sends from a group address or from none: such a frame was made up. */
static bool can_send(const struct nf_mac *mac)
{
	static const struct nf_mac none;

	return !(mac->bytes[0] & 1) && memcmp(mac, &none, sizeof none) != 0;
}

/* Behind a length: LLC, and SNAP where it says so. A frame may be padded, never shorter than it says. */
static void read_llc(struct nf_cursor *c, uint16_t length, struct nf_ether *e)
{
	struct nf_cursor llc = *c;

	if (nf_cursor_left(c) > length)
		llc = nf_cursor_sub(c, length);
	uint8_t to = nf_cursor_u8(&llc);
	uint8_t from = nf_cursor_u8(&llc);
	uint8_t control = nf_cursor_u8(&llc);

	e->type = 0;
	if (to == LLC_SNAP && from == LLC_SNAP && control == LLC_UNNUMBERED) {
		e->oui = (uint32_t)nf_cursor_u8(&llc) << 16;
		e->oui |= nf_cursor_be16(&llc);
		e->type = nf_cursor_be16(&llc);
	}
	*c = llc;
}

enum nf_err nf_ether_decode(const void *bytes, size_t len, struct nf_ether *out)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	const uint8_t *to = nf_cursor_bytes(&c, sizeof(struct nf_mac));
	const uint8_t *from = nf_cursor_bytes(&c, sizeof(struct nf_mac));
	struct nf_ether e = {0};

	if (!to || !from)
		return NF_EFORMAT;
	memcpy(&e.to, to, sizeof e.to);
	memcpy(&e.from, from, sizeof e.from);
	e.type = nf_cursor_be16(&c);
	while (is_tag(e.type) && e.tags < TAGS_MOST && !c.failed) {
		uint16_t vlan = nf_cursor_be16(&c) & VLAN_ID;

		if (e.tags < NF_ETHER_TAGS)
			e.vlans[e.tags] = vlan;
		e.tags++;
		e.type = nf_cursor_be16(&c);
	}
	if (e.type <= LENGTH_MOST)
		read_llc(&c, e.type, &e);
	if (c.failed || is_tag(e.type) || !can_send(&e.from))
		return NF_EFORMAT;
	e.payload = c;
	*out = e;
	return NF_OK;
}
