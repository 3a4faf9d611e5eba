// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_members.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/cutover.h"

void nf_wave_members_of(
	const struct nf_site *site, const struct nf_wave *wave, struct nf_wave_members *out)
{
	*out = (struct nf_wave_members){
		.items = nf_xcalloc(site->devices.len + 1, sizeof *out->items)};
	NF_EACH(struct nf_device, d, site->devices)
	{
		if (d->wave == wave)
			out->items[out->len++].device = d;
	}
}

void nf_wave_members_free(struct nf_wave_members *members)
{
	for (size_t i = 0; i < members->len; i++)
		json_decref(members->items[i].before);
	free(members->items);
	*members = (struct nf_wave_members){0};
}

struct nf_wave_member *nf_wave_member(struct nf_wave_members *members, const char *device)
{
	for (size_t i = 0; i < members->len; i++)
		if (strcmp(members->items[i].device->name, device) == 0)
			return &members->items[i];
	return NULL;
}

struct reading {
	const struct nf_wave *wave;
	struct nf_wave_members *members;
};

/* Newest come first. A damaged one is none. */
static void take_snapshot(const struct nf_snapshot *row, void *arg)
{
	struct reading *r = arg;
	struct nf_wave_member *m = nf_wave_member(r->members, row->device);
	bool has_one = m != NULL && m->before != NULL;
	if (m == NULL || (has_one && m->snapshot_wall_us < r->wave->from_wall_us))
		return;
	json_t *look = json_loads(row->json, 0, NULL);
	if (look == NULL)
		return;
	json_decref(m->before);
	m->before = look;
	m->snapshot_wall_us = row->at_wall_us;
}

enum nf_err nf_wave_members_read(
	struct nf_store *store, const struct nf_wave *wave, struct nf_wave_members *members)
{
	struct reading r = {wave, members};
	return nf_snapshots(store, wave->id, take_snapshot, &r);
}

int64_t nf_wave_members_snapshot(const struct nf_wave_members *members)
{
	int64_t oldest_us = 0;
	for (size_t i = 0; i < members->len; i++) {
		int64_t at_us = members->items[i].snapshot_wall_us;
		if (at_us != 0 && (oldest_us == 0 || at_us < oldest_us))
			oldest_us = at_us;
	}
	return oldest_us;
}

enum nf_err nf_wave_snapshot(const struct nf_site *site, struct nf_store *store,
	const struct nf_wave *wave, int64_t *wall_us)
{
	struct nf_wave_members members;
	nf_wave_members_of(site, wave, &members);
	enum nf_err rc = nf_wave_members_read(store, wave, &members);
	if (rc == NF_OK)
		*wall_us = nf_wave_members_snapshot(&members);
	nf_wave_members_free(&members);
	return rc;
}
