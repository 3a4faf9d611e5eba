// SPDX-License-Identifier: GPL-3.0-or-later
/* view: what an agent shows of its tables and in which order, and what it says the values are: here the
 * lies about OIDs and values happen (jump, hide, endless, as, bloat, hostile).
 * Memory:  entries stay valid until the cursor's next step; values until the next value.
 */
#pragma once

#include "tests/lab/sim/agent.h"

/* A place in the walk of one agent. */
struct nf_sim_cursor {
	struct nf_sim_agent *agent;
	size_t at[NF_SIM_PARTS];    /* the next candidate in each part */
	struct nf_sim_oid made_oid; /* a row of an endless table */
	struct nf_sim_entry made;
	uint8_t made_element[NF_SIM_BER_OID_MAX];
	uint8_t made_number[NF_SIM_BER_INTEGER_MAX];
	const uint32_t *ids; /* where it stands */
	size_t ids_len;
};

/* Stands on oid, which is borrowed until the first step; the next step gives what comes after it. */
void nf_sim_cursor_start(
	struct nf_sim_cursor *cursor, struct nf_sim_agent *agent, const struct nf_sim_oid *oid);
/* NULL: the end of the view, for good. */
const struct nf_sim_entry *nf_sim_cursor_next(struct nf_sim_cursor *cursor);
/* Exactly this one, or NULL. */
const struct nf_sim_entry *nf_sim_cursor_get(
	struct nf_sim_cursor *cursor, struct nf_sim_agent *agent, const struct nf_sim_oid *oid);

/* Whether the view has an object of which oid would be another instance (noSuchInstance). */
bool nf_sim_view_has_object(const struct nf_sim_agent *agent, const struct nf_sim_oid *oid);

/* The value as the agent tells it; forged: as somebody else in its name would. */
void nf_sim_view_value(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	bool forged, struct nf_sim_value *out);

/* The list's rule whose subtree ids stand in, or NULL. */
const struct nf_sim_rule *nf_sim_rule_of(
	const struct nf_sim_rules *rules, const uint32_t *ids, size_t len);
