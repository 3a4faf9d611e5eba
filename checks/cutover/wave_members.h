// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_members: the devices of a wave, each with the snapshot that counts.
 * Counts:  of each device the newest from before the wave began; where there is none, the oldest from after. Who
 *          compares and who shows when it was looked at before both go by this.
 * Memory:  members own their snapshots; looks are borrowed; nf_wave_members_free ends it.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

#include <jansson.h>

struct nf_wave_member {
	const struct nf_device *device;
	json_t *before; /* the snapshot that counts; NULL or {}: none */
	int64_t snapshot_wall_us;
	const json_t *new_side, *old_side; /* NULL: no address */
};

struct nf_wave_members {
	struct nf_wave_member *items;
	size_t len;
};

/* Without snapshots. */
void nf_wave_members_of(
	const struct nf_site *site, const struct nf_wave *wave, struct nf_wave_members *out);
void nf_wave_members_free(struct nf_wave_members *members);
struct nf_wave_member *nf_wave_member(struct nf_wave_members *members, const char *device);

/* Takes the snapshots of all members. */
enum nf_err nf_wave_members_read(
	struct nf_store *store, const struct nf_wave *wave, struct nf_wave_members *members);
/* When it was looked at before: the oldest snapshot that counts; 0: there is none. Of members that were read, or of
 * a wave that is only shown. */
int64_t nf_wave_members_snapshot(const struct nf_wave_members *members);
enum nf_err nf_wave_snapshot(const struct nf_site *site, struct nf_store *store,
	const struct nf_wave *wave, int64_t *wall_us);
