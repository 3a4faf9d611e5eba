// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_ledger: what the ledger and the store know of a device at an address, put into a look
 * (checks/cutover/wave.h).
 * Memory:  borrows all.
 */
#pragma once

#include "checks/cutover/around.h"
#include "checks/cutover/seen.h"
#include "conf/site.h"
#include "store/backups.h"

#include <jansson.h>

/* Host key, engine, MAC and switch port that were seen at the address at or after since_us, and whether a switch of the
 * network told its ports since then. */
void nf_wave_look_ledger(json_t *look, const struct nf_book *book, const char *network,
	const char *address, int64_t since_us);
/* Who called the address after since_us, and, where there is a look from before the move, after the device was
 * seen there last; netfold's own calls are left out. */
void nf_wave_look_callers(json_t *look, const struct nf_book *book,
	const struct nf_around *around, const char *network, const char *address,
	int64_t since_us, const json_t *before);
/* The last look at each of the device's backup jobs. */
enum nf_err nf_wave_look_backups(
	json_t *look, const struct nf_site *site, struct nf_store *store, const char *device);
