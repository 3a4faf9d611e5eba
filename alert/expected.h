// SPDX-License-Identifier: GPL-3.0-or-later
/* expected: what a check should have said, in the site's language, for whoever reads that it did not.
 * Memory:  from the arena, or constant; "" where there is nothing to say.
 */
#pragma once

#include "base/mem.h"
#include "conf/site.h"

const char *nf_expected(struct nf_arena *arena, const struct nf_site *site, const char *check);
