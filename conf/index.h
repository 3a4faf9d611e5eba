// SPDX-License-Identifier: GPL-3.0-or-later
/* index: names and addresses to things of one site, by hash.
 * Memory:  entries live in the site's arena; nf_site_free ends the tables.
 */
#pragma once

#include "conf/schema.h"
#include "conf/site.h"

void nf_index_init(struct nf_site *site);
/* NULL and the item is in; or the item that has this name already. */
const void *nf_index_add(
	struct nf_site *site, enum nf_table table, const char *name, const void *item);
const void *nf_index_find(const struct nf_site *site, enum nf_table table, const char *name);
/* NULL and the leg is in; or the device that has it already. */
const struct nf_device *nf_index_add_leg(struct nf_site *site, const struct nf_network *network,
	const struct nf_addr *address, const struct nf_device *device);
