// SPDX-License-Identifier: GPL-3.0-or-later
/* vacated: ports of switches that are expected to be down: what stood there has moved, or its wave's window is open.
 *          A night's moves would else leave as many warnings behind as they took cables out.
 * Shape:   {"SWITCH":{"PORT":"files has moved away"}}; a port is in it when a device that is leaving was last seen
 *          there (FDB, access port), and no device of the inventory that stays, or that was seen at that port since,
 *          on the new side. Kept in state.db by the pass, and
 *          written only when it is another one; netfold-snmp asks it before a port's silence is a warning.
 * Errors, memory: as in store/store.h; what read gives is the caller's (json_decref).
 */
#pragma once

#include "base/strbuf.h"
#include "checks/cutover/identity.h"
#include "checks/cutover/stage.h"
#include "store/store.h"

#include <jansson.h>

#define NF_VACATED_KEPT "cutover.vacated"

struct nf_vacating {
	const struct nf_site *site;
	const struct nf_book *book;
	const struct nf_identities *ids;
	const enum nf_stage *stages; /* by device->index */
	int64_t now_us;
};

void nf_vacated_encode(const struct nf_vacating *in, struct nf_strbuf *out);
enum nf_err nf_vacated_keep(struct nf_store *store, const struct nf_vacating *in);
/* An empty object where none was ever kept, or what is kept is damaged. */
enum nf_err nf_vacated_read(struct nf_store *store, json_t **switches);
/* Why the port of this switch may be down, in English, as checks say it; NULL: nothing says so. switches NULL is
 * fine. */
const char *nf_vacated_why(const json_t *switches, const char *device, const char *port);
