// SPDX-License-Identifier: GPL-3.0-or-later
/* gather_own: what the files of a gathering share; nobody else includes it.
 * Shape:   gather.c goes from device to device, gather_facts.c turns one device's facts into sightings.
 */
#pragma once

#include <jansson.h>

#include "checks/cutover/gather.h"
#include "store/sightings.h"

enum nf_fact_kind {
	NF_FACT_FDB,
	NF_FACT_ARP,
	NF_FACT_NEIGHBOURS,
	NF_FACT_LLDP_PORTS,
	NF_FACT_CDP,
	NF_FACT_ENTITIES,
	NF_FACT_SYSTEM,
	NF_FACT_INTERFACES,
	NF_FACT_LEG,
	NF_FACT_PING,
	NF_FACT_KINDS,
};

/* One device's facts. fresh: not taken yet. */
struct nf_device_facts {
	const struct nf_site *site;
	const struct nf_device *device;
	const struct nf_network *network; /* where it was asked */
	const char *address;
	json_t *facts[NF_FACT_KINDS];
	int64_t at_us[NF_FACT_KINDS];
	bool fresh[NF_FACT_KINDS];
	bool (*is_switch_mac)(const char *mac, void *arg);
	bool (*is_switch_name)(const char *name, void *arg);
	void *arg;
};

/* count 0: it was so once, nobody knows when; it is to be noted only where it is not known yet. */
typedef enum nf_err nf_sighting_sink_fn(const struct nf_sighting *sighting, void *arg);

/* The old network that the switch may still carry beside the one it was asked in; NULL: none. Its management may move
 * long before what is plugged into it. */
const struct nf_network *nf_facts_mixed_with(const struct nf_device_facts *facts);

/* Hands every sighting to the sink until one is refused. */
enum nf_err nf_facts_to_sightings(
	const struct nf_device_facts *facts, nf_sighting_sink_fn *sink, void *arg);

/* A sighting of one instant: day and hours filled in. */
struct nf_sighting nf_sighting_at(int64_t at_us);
