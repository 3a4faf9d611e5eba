// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/publish_own.h"

#include <stdlib.h>

#include "base/clock.h"

/* Pages written in one go come due spread over half the time, so that they never bunch again. */
int64_t nf_publish_due_after(const struct nf_publisher *pub, size_t index)
{
	int64_t share = (int64_t)(index * UINT64_C(2654435761) % 1024);
	return pub->cadence.device_us / 2 + pub->cadence.device_us / 2 * share / 1024;
}

/* Every page of one device, network or job, by its path. */
typedef void page_fn(struct nf_publisher *pub, struct nf_page_shown *shown, size_t index,
	const char *path, void *arg);

static void each_page(struct nf_publisher *pub, page_fn *fn, void *arg)
{
	const struct nf_site *site = pub->site;
	for (size_t i = 0; i < site->devices.len; i++) {
		char *path = nf_publish_path("device", site->devices.items[i].name, ".html");
		fn(pub, &pub->devices[i], i, path, arg);
		free(path);
	}
	for (size_t i = 0; i < site->networks.len; i++) {
		char *path = nf_publish_path("network", site->networks.items[i].id, ".html");
		fn(pub, &pub->networks[i], i, path, arg);
		free(path);
	}
	for (size_t i = 0; i < site->backups.len; i++) {
		char *path = nf_publish_path("backup", site->backups.items[i].id, ".html");
		fn(pub, &pub->backups[i], i, path, arg);
		free(path);
	}
}

static void recall_page(struct nf_publisher *pub, struct nf_page_shown *shown, size_t index,
	const char *path, void *arg)
{
	const struct nf_shown_entry *found = nf_shown_find(arg, &pub->out, path);
	struct nf_now now = nf_clock_now();
	if (found == NULL)
		return;
	int64_t age_us = now.wall_us - found->written_wall_us;
	if (age_us < 0 || age_us > pub->cadence.device_us)
		return;
	*shown = (struct nf_page_shown){found->hash,
		now.mono_us + nf_publish_due_after(pub, index) - age_us,
		found->written_wall_us};
}

void nf_publish_recall(struct nf_publisher *pub)
{
	struct nf_shown_list list;
	pub->basis = nf_shown_basis(pub->site);
	nf_shown_load(pub->site->state_dir, pub->basis, &list);
	if (list.len > 0)
		each_page(pub, recall_page, &list);
	nf_shown_free(&list);
}

static void keep_page(struct nf_publisher *pub, struct nf_page_shown *shown, size_t index,
	const char *path, void *arg)
{
	(void)pub;
	(void)index;
	if (shown->written_wall_us != 0)
		nf_shown_add(arg, &(struct nf_shown_entry){nf_shown_key(path), shown->hash,
					  shown->written_wall_us});
}

void nf_publish_keep(struct nf_publisher *pub)
{
	struct nf_shown_list list = {0};
	if (pub->remembered == 0 || pub->stats.owed > 0)
		return;
	each_page(pub, keep_page, &list);
	nf_shown_save(pub->site->state_dir, pub->basis, &list);
	nf_shown_free(&list);
	pub->remembered = 0;
}
