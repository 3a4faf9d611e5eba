// SPDX-License-Identifier: GPL-3.0-or-later
/* duplicates: identities that several devices have at the same time: cloned images, copied configurations, a MAC
 *             that the inventory names twice. They prove nothing of any of them, and somebody has to hear of it.
 * Shape:   [{"kind","value","devices":[…]}], kinds as in checks/cutover/identity.h, by kind and value, the devices
 *          by their names; at most NF_DUPLICATES_MAX. Kept in state.db by the pass, and written only when it is
 *          another list.
 * Errors, memory: as in store/store.h; what read gives is the caller's (json_decref).
 */
#pragma once

#include "base/strbuf.h"
#include "checks/cutover/identity.h"
#include "store/store.h"

#include <jansson.h>

#define NF_DUPLICATES_MAX 1000

void nf_duplicates_encode(const struct nf_identities *ids, struct nf_strbuf *out);
enum nf_err nf_duplicates_keep(struct nf_store *store, const struct nf_identities *ids);
/* An empty list where none was ever kept, or what is kept is damaged. */
enum nf_err nf_duplicates_read(struct nf_store *store, json_t **list);
/* How many from this one on are of the same kind and devices: copied machines share all of their MACs. */
size_t nf_duplicates_run(const json_t *list, size_t from);
/* Of one: "pc-1, pc-2". Names are the inventory's. */
void nf_duplicate_devices(const json_t *duplicate, struct nf_strbuf *out);
