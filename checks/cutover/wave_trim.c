// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_trim.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/cutover.h"

/* Of what there are snapshots and results. */
struct kept {
	struct nf_arena *arena;
	struct of {
		const char *wave, *device;
	} * items;
	size_t len, cap;
};

static void take(const char *wave, const char *device, void *arg)
{
	struct kept *k = arg;

	k->items = nf_grow(k->items, k->len, &k->cap, sizeof *k->items);
	k->items[k->len++] =
		(struct of){nf_arena_strdup(k->arena, wave), nf_arena_strdup(k->arena, device)};
}

static const struct nf_wave *wave_of(const struct nf_site *site, const char *id)
{
	NF_EACH(const struct nf_wave, w, site->waves)
	{
		if (strcmp(w->id, id) == 0)
			return w;
	}
	return NULL;
}

static enum nf_err trim(struct nf_store *store, const struct nf_site *site, const struct of *of,
	int64_t before_us)
{
	const struct nf_wave *wave = wave_of(site, of->wave);
	const struct nf_device *device = nf_site_device(site, of->device);
	bool is_member = wave && device && device->wave == wave;

	if (!*of->device)
		return nf_wave_results_trim(store, of->wave, before_us, wave != NULL);
	return nf_snapshots_trim(
		store, of->wave, of->device, before_us, is_member ? wave->from_wall_us : 0);
}

enum nf_err nf_wave_trim(
	struct nf_store *store, const struct nf_site *site, int64_t before_wall_us)
{
	struct kept k = {.arena = nf_arena_new()};
	enum nf_err e = nf_waves(store, take, &k);

	if (e == NF_OK)
		e = nf_store_begin(store);
	if (e == NF_OK) {
		for (size_t i = 0; i < k.len && e == NF_OK; i++)
			e = trim(store, site, &k.items[i], before_wall_us);
		if (e == NF_OK)
			e = nf_store_commit(store);
		if (e != NF_OK)
			nf_store_rollback(store);
	}
	free(k.items);
	nf_arena_free(k.arena);
	return e;
}
