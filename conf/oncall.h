// SPDX-License-Identifier: GPL-3.0-or-later
/* oncall: whose turn it is.
 * Shape:   pure; the first of the turns begins on the day the rota starts and each change passes on to
 *          the next. A change on that first day itself does not count. Before it, the first has it.
 */
#pragma once

#include "conf/site.h"

/* Never NULL for a rota of a loaded site. */
const struct nf_contact *nf_rota_turn(
	const struct nf_rota *rota, const char *zone, int64_t at_wall_us);
/* When the turn passes on, strictly after `after`; NF_ENOENT when it never does. */
enum nf_err nf_rota_change(const struct nf_rota *rota, const char *zone, int64_t after_wall_us,
	int64_t *change_wall_us);
