// SPDX-License-Identifier: GPL-3.0-or-later
/* recompute_own: what the files of a pass share; nobody else includes it.
 * Shape:   recompute.c goes the whole way, recompute_quiets.c reads what could be seen, recompute_devices.c
 *          computes and writes stages, recompute_networks.c networks and progress.
 */
#pragma once

#include "checks/cutover/around.h"
#include "checks/cutover/evidence.h"
#include "checks/cutover/recompute.h"

struct nf_kept_stage; /* a row as it stands in the store */

/* One pass. */
struct nf_pass {
	struct nf_store *store;
	const struct nf_site *site;
	int64_t now_us;
	struct nf_book *book;
	struct nf_identities *ids;
	struct nf_around *around;
	struct nf_quiet **quiets; /* by network->index; NULL for those nobody leaves */
	struct nf_arena *arena;	  /* of the sensors' names */
	enum nf_stage *stages;	  /* by device->index */
	int64_t *since_us;	  /* of the stage */
	size_t devices;		  /* that move */
	uint64_t changes;
};

/* Reads coverage into quiets, settles what is old of it, and keeps how much each sensor saw of the last day. */
enum nf_err nf_pass_quiets(struct nf_pass *pass);
/* Computes all stages into stages and since_us, writes rows and events, drops rows of devices that are gone. */
enum nf_err nf_pass_devices(struct nf_pass *pass);
/* Writes rows of networks and of the day's progress. */
enum nf_err nf_pass_networks(struct nf_pass *pass);
