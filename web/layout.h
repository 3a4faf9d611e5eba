// SPDX-License-Identifier: GPL-3.0-or-later
/* layout: what every page has: head, navigation, how fresh it is, footer.
 * Role:    netfold-publish; the process's TZ is the site's.
 */
#pragma once

#include "web/html.h"
#include "web/model.h"

/* One page under construction. */
struct nf_page {
	struct nf_html *h;
	const struct nf_model *m;
	const char *root;	     /* "" or "../": the way to the top */
	const char *nav;	     /* its place in the navigation, a file name */
	int64_t valid_until_wall_us; /* written anew before then, or the publisher stands still */
};

/* Everything until inside <main>, with the heading; description may be NULL. */
void nf_layout_begin(struct nf_page *p, const char *title, const char *description);
void nf_layout_end(struct nf_page *p);
/* Head and body without navigation, for the wall. */
void nf_layout_begin_bare(struct nf_page *p, const char *title);
