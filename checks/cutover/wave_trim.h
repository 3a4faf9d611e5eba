// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_trim: snapshots and results of waves name machines, neighbours and callers: they are forgotten by age as what
 *            was seen is. While a wave stands in the site file its newest result stays, and of each device in it the
 *            newest snapshot, and the one that `cutover verify` compares with.
 * Errors:    as in store/store.h.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

enum nf_err nf_wave_trim(
	struct nf_store *store, const struct nf_site *site, int64_t before_wall_us);
