// SPDX-License-Identifier: GPL-3.0-or-later
/* probe: looks at devices now, by ping and SNMP, all at once within the networks' pacing.
 * Shape:   one struct nf_probe a device; the callback comes in the order of the inventory, each as soon
 *          as it and those before it are done.
 * Rights:  takes the raw sockets and reads the secrets, then gives up every right for good, before
 *          anything from the network is read.
 */
#pragma once

#include "base/json.h"
#include "collector/ping/burst.h"
#include "collector/snmp/report.h"
#include "conf/profile.h"
#include "conf/site.h"

#include <stdio.h>

struct nf_probe {
	const struct nf_device *device;
	bool pinged; /* false: this program may not */
	struct nf_burst burst;
	bool asked;		  /* has an SNMP profile */
	struct nf_report *report; /* NULL: could not even be asked */
	const char *error;	  /* why not */
	bool ping_done, snmp_done;
	struct nf_probing *probing;
	struct nf_agent *agent;
	struct nf_polled *polled;
};

typedef void nf_probe_fn(const struct nf_probe *probe, void *arg);

/* Looks at every device whose flag (by index) is set. progress: on stderr when that is a terminal.
 * NF_OK also when none answers; *unpinged gets why nothing was pinged, "" when it was. */
enum nf_err nf_probe_run(const struct nf_site *site, const struct nf_profiles *profiles,
	const bool *chosen, nf_probe_fn *fn, void *arg, struct nf_error *unpinged,
	struct nf_error *err);

/* It answered what it was asked, completely. */
bool nf_probe_is_good(const struct nf_probe *probe);

/* The contract's object, one line without its newline. */
void nf_probe_json(const struct nf_probe *probe, struct nf_json *json);
/* For people. */
void nf_probe_print(const struct nf_probe *probe, bool colour, FILE *to);
