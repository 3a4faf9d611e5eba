// SPDX-License-Identifier: GPL-3.0-or-later
/* banner: pages that stay because a run failed say so, without a script, too.
 * Shape:   every page has the words, hidden (web/layout.c), and loads fresh.css, which shows them or does
 *          not. Both sheets lie in assets/ before they are needed and fresh.css is another name of one of
 *          them, so that a full disk can be told as well.
 */
#pragma once

#include "web/output.h"

#include <stdbool.h>

struct nf_banner {	    /* all zero to begin with */
	bool there, failed; /* both sheets are there, and fresh.css is this one */
};

void nf_banner_show(struct nf_banner *banner, struct nf_output *out, bool failed);
