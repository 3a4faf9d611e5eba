// SPDX-License-Identifier: GPL-3.0-or-later
/* around: what else counts for a device's stage besides where it was seen: its checks, its backups, who calls
 * its old address, leases, exemptions, and whether it answers at all.
 * Shape:   read from the store in one go for all devices.
 * Own:     what netfold itself asks for on an old network is no caller: its addresses and MACs are left out.
 * Memory:  owns copies of texts; borrows site and book.
 */
#pragma once

#include "checks/cutover/identity.h"
#include "store/cutover.h"

struct nf_around_device {
	bool is_asked;	       /* it has a check that was asked lately */
	const char *bad_check; /* one that is critical, unknown or unreachable; NULL: none */
	int64_t silent_us;     /* as nf_evidence's */
	bool is_exempt;
	const char *exempt_reason; /* also of an exemption that ran out */
	int64_t exempt_until_us;
	bool needs_backup;
	int64_t backup_us; /* of the job whose proof is oldest */
	bool is_aimed;
	const char *aimed_job;
	int64_t called_us;
	const char *caller; /* "10.1.0.9 (tcp:445)" */
	int64_t lease_us;
};

/* A sum of the ledger's callers. */
struct nf_around_call {
	const char *network, *from_mac, *from_address, *to_address, *how;
	int64_t first_us, last_us;
	bool is_own;
};

struct nf_around;

struct nf_around *nf_around_load(struct nf_store *store, const struct nf_site *site,
	const struct nf_book *book, const struct nf_identities *ids, int64_t now_us,
	enum nf_err *err);
void nf_around_free(struct nf_around *around); /* takes; NULL is fine */
const struct nf_around_device *nf_around_of(
	const struct nf_around *around, const struct nf_device *device);
const struct nf_around_call *nf_around_calls(const struct nf_around *around, size_t *len);
/* Whether this is netfold's own machine, in that network: networks have the same addresses. */
bool nf_around_is_own(const struct nf_around *around, const struct nf_network *network,
	const char *mac, const char *address);
