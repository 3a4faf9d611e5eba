// SPDX-License-Identifier: GPL-3.0-or-later
/* hostkey: what becomes of the SSH host keys that looks meet.
 * Shape:   each is kept as the fact "ssh.hostkey" of the leg it was met at, {"key","known","state","address"},
 *          and as a sighting of the ledger (kind "hostkey", source "ssh"), so that the cutover can tell one
 *          machine from another. A changed or revoked key is the check "ssh host key" of the device; one
 *          that several devices show is "ssh host key shared": one machine under two names, or a copied one.
 * Units:   wall microseconds.
 * Errors:  a store that is busy: the next look keeps it.
 */
#pragma once

#include "checks/backup/look.h"
#include "checks/judge.h"
#include "store/store.h"

#define NF_HOSTKEY_FACT "ssh.hostkey"

void nf_hostkey_keep(
	struct nf_store *store, const struct nf_look_result *result, struct nf_now now);
void nf_hostkey_judge(struct nf_judge *judge, const struct nf_look_result *result,
	int64_t interval_us, struct nf_now now);
void nf_hostkey_judge_shared(struct nf_judge *judge, struct nf_store *store,
	const struct nf_site *site, int64_t interval_us, struct nf_now now);

/* The key of such a fact, "ssh-ed25519 SHA256:…", into buf; false: none, or a damaged row. */
bool nf_hostkey_of(const char *json, char *buf, size_t size);
