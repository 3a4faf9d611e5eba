// SPDX-License-Identifier: GPL-3.0-or-later
/* place: on which port of a switch a MAC really is: a port behind which another switch stands shows every
 * MAC of that side, and says nothing of where they are.
 * Shape:   pure, on the facts as `probe --json` shows them. A port is an uplink when LLDP or CDP shows
 *          another switch there, when the MAC of another switch was learned there, or when it has more
 *          than NF_PLACE_MANY MACs.
 * Memory:  borrows the facts and the texts in them.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_PLACE_MANY 64

struct nf_place_facts {
	/* Lists; NULL: not known. */
	const json_t *fdb, *interfaces, *neighbours, *lldp_ports, *cdp_neighbours;
	/* Whether another switch, which says itself who is behind it, has this MAC, or this name. */
	bool (*is_switch_mac)(const char *mac, void *arg);
	bool (*is_switch_name)(const char *name, void *arg);
	void *arg;
};

struct nf_place;

struct nf_place *nf_place_make(const struct nf_place_facts *facts);
void nf_place_free(struct nf_place *place); /* takes; NULL is fine */

/* The port of a row of fdb: its name, or NULL when it is an uplink. why (may be NULL) says why it is one. */
const char *nf_place_of(const struct nf_place *place, const json_t *row, const char **why);
/* The interface of a row of neighbours or cdp_neighbours: its name, "" unknown. */
const char *nf_place_of_neighbour(const struct nf_place *place, const json_t *row);
