// SPDX-License-Identifier: GPL-3.0-or-later
/* identity: by what a device is known wherever it turns up: MACs, serial number, SNMP engine, SSH host key,
 * names; learned from the inventory and from what was seen at its first address, for as long as it shows them at any
 * of its addresses.
 * Holders: an address belongs to one machine at a time. The device is the first that was seen to hold its
 *          address; who holds it later, inherits nothing. The inventory's MAC decides, where it has one. A router
 *          that passed packets on holds nothing thereby (passed.h).
 * Weak:    what does not prove that it is this device: a name; a locally administered MAC that the
 *          inventory does not name; what two devices have at the same time (cloned images); an address
 *          that two machines held at the same time. Group MACs (VRRP, HSRP, GLBP, CARP) are nobody's.
 * Shape:   pure. Learned for all devices at once, because what two have is weak for both.
 * Memory:  owns; borrows book and site.
 */
#pragma once

#include "checks/cutover/reason.h"
#include "checks/cutover/seen.h"
#include "conf/site.h"

struct nf_identity {
	const char *kind, *value;
	bool strong;
	bool firm;		   /* of the inventory, or told by the device itself */
	int64_t first_us, last_us; /* seen with the device; 0: the inventory says so */
	enum nf_doubt doubt;	   /* why it is weak */
	const char *whose;	   /* as in nf_reason */
};

struct nf_identity_list {
	struct nf_identity *items;
	size_t len, cap;
	const char *usurper; /* the MAC that holds its address now, and is not its own; NULL */
	int64_t usurped_us;  /* since when */
};

/* Two devices with one identity at the same time. */
struct nf_duplicate {
	const char *kind, *value;
	const struct nf_device *a, *b;
};

struct nf_identities;

/* "SSH host key" of "hostkey", a text of the catalogue (base/i18n.h). */
const char *nf_identity_noun(const char *kind);
struct nf_identities *nf_identities_learn(
	const struct nf_site *site, const struct nf_book *book);
void nf_identities_free(struct nf_identities *ids); /* takes; NULL is fine */
const struct nf_identity_list *nf_identities_of(
	const struct nf_identities *ids, const struct nf_device *device);
const struct nf_duplicate *nf_identities_duplicates(
	const struct nf_identities *ids, size_t *len);
/* Whose this is; of several devices that have it the first of that network, else the first. NULL: nobody's. */
const struct nf_device *nf_identities_owner(const struct nf_identities *ids, const char *kind,
	const char *value, const struct nf_network *network);

/* The old network a device leaves: that of its first leg, or, where the inventory has its new address
 * already, that of its wave. NULL: it does not move. */
const struct nf_network *nf_move_from(const struct nf_device *device);
/* Its address there; NULL: not known (any more). */
const struct nf_leg *nf_move_old_leg(const struct nf_device *device);
const struct nf_leg *nf_move_new_leg(const struct nf_device *device); /* NULL: not known yet */

/* Whether it was seen in the common network by a switch that may still carry this old one, and does not tell who is in
 * which: its management moves long before what is plugged into it. Who is seen so is taken to be in the old one, unless
 * it was proved on the new side at most NF_MOVE_PROVED_US before: who speaks rarely is proved rarely. */
#define NF_MOVE_PROVED_US NF_DAY_US
bool nf_move_is_mixed(const struct nf_site *site, const struct nf_network *old,
	const char *source, const char *by);
