// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_looks: looks at the members of a wave now, all at once within the networks' pace: ping, SNMP, TCP
 * ports, and what the ledger knows.
 * Rights:  as cli/probe.h: all are given up before anything from the network is read, so this is done once
 *          a process.
 * Memory:  nf_looks_free takes.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

#include <jansson.h>

/* One device at one of its addresses. */
struct nf_look_at {
	const struct nf_device *device;
	const char *side; /* "old", "new" */
	struct nf_leg leg;
	const json_t *
		before; /* knock only at the ports that answered then; NULL: at those of nf_knock_ports */
	int64_t since_us; /* older sightings do not count */
	json_t *look;	  /* the answer */
	bool unsent;	  /* no question left this machine: it says nothing of the device */
};

struct nf_looks {
	const struct nf_site *site;
	struct nf_look_at *items;
	size_t len, cap;
	char unsent[NF_ERROR_TEXT_MAX]; /* why, of the last */
};

void nf_looks_add(struct nf_looks *looks, struct nf_look_at at);
void nf_looks_free(struct nf_looks *looks);
/* Fills each look. What could not be asked is said on stderr. NF_ENOENT: a device could be asked at none of its
 * addresses, because this machine has no way out to them. */
enum nf_err nf_looks_run(struct nf_looks *looks, struct nf_error *err);
/* Adds what the store has. */
enum nf_err nf_looks_remember(struct nf_looks *looks, struct nf_store *store);
