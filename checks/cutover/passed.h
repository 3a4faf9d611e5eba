// SPDX-License-Identifier: GPL-3.0-or-later
/* passed: MACs and addresses that belong together only because a router passed the packets on.
 * Shape:   the wire takes a MAC for the address's own where no router has lowered a packet's hop count; firewalls
 *          that do not lower it are taken for everybody behind them. A MAC that was seen with an address by such
 *          packets alone (not by ARP, neighbour discovery or DHCP) has passed them on where it has more than four
 *          of these in the network, or is that of a router or firewall of the inventory that has another address.
 * Memory:  borrows the site.
 */
#pragma once

#include "checks/cutover/seen.h"
#include "conf/site.h"

struct nf_passed;

struct nf_passed *nf_passed_new(const struct nf_site *site);
void nf_passed_free(struct nf_passed *passed); /* takes; NULL is fine */
/* The book's chains are there. */
bool nf_passed_is(
	const struct nf_passed *passed, const struct nf_book *book, const struct nf_seen *row);
