// SPDX-License-Identifier: GPL-3.0-or-later
/* listeners: how much of an old network each of its sensors could see in the last day, and why not more: for people
 *            who wonder why a quiet clock does not run.
 * Shape:   {"NETWORK":[{"sensor","minutes","listened_s","frames","drops","canaries_sent","canaries_seen","last"}]},
 *          the sensors of the site file in their order ("wire:span10", "snmp:sw-1"), those that never told anything,
 *          too. Kept in state.db by the pass. Pure but for keep and read.
 * Units:   minutes (of 1,440) and seconds of the last 24 whole hours and the one that runs; last: wall microseconds,
 *          the end of the last minute that counts, 0 never.
 * Errors, memory: as in store/store.h; what read gives is the caller's (json_decref); sensors' names are borrowed.
 */
#pragma once

#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "store/sightings.h"

#include <jansson.h>

struct nf_listener {
	const char *sensor;
	uint64_t minutes, listened_s, frames, drops, canaries_sent, canaries_seen;
	int64_t last_wall_us;
};

/* Of one sensor of the list; of another one it is passed over. Each hour once. */
void nf_listeners_add(struct nf_listener *list, size_t len, const struct nf_coverage *coverage,
	int64_t now_us);
/* A member of the object that is open: the network and its list. */
void nf_listeners_put(
	struct nf_json *json, const char *network, const struct nf_listener *list, size_t len);
/* The whole object, as put has it. */
enum nf_err nf_listeners_keep(struct nf_store *store, const char *json);
/* An empty object where none was ever kept, or what is kept is damaged. */
enum nf_err nf_listeners_read(struct nf_store *store, json_t **networks);

/* One of a kept list. False: it is damaged. The name is borrowed from it. */
bool nf_listener_read(const json_t *item, struct nf_listener *out);
/* Why it did not see (nearly) all of the day, one line in the language of base/i18n.h; "" it did. */
void nf_listener_why(const struct nf_listener *listener, struct nf_strbuf *out);
