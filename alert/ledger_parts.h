// SPDX-License-Identifier: GPL-3.0-or-later
/* ledger_parts: what the files of the ledger share; nobody else includes it. */
#pragma once

#include "alert/ledger.h"

struct nf_incident *nf_ledger_add_incident(
	struct nf_ledger *ledger, int64_t number, const char *cause);
void nf_ledger_free_incident(struct nf_ledger *ledger, struct nf_incident *i);
struct nf_member *nf_ledger_new_member(
	const char *network, const char *device, const char *check);
void nf_ledger_free_member(struct nf_member *m);
/* Puts a member that has no name yet into the incident, or among those without one. */
void nf_ledger_join(
	struct nf_ledger *ledger, struct nf_member *m, struct nf_incident *incident);
void nf_ledger_free_owed(struct nf_ledger *ledger);
void nf_ledger_free_drops(struct nf_ledger *ledger);
