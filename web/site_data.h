// SPDX-License-Identifier: GPL-3.0-or-later
/* site_data: the files beside the pages, for programs and for app.js.
 * Shape:   status.json is the contract's. What app.js needs is a script that calls netfold.take(…) with the
 *          same JSON, because a page opened from a folder may not read files any other way.
 */
#pragma once

#include "base/strbuf.h"
#include "web/charts.h"
#include "web/model.h"

void nf_site_data_status(const struct nf_model *m, struct nf_strbuf *out);
void nf_site_data_index(const struct nf_model *m, struct nf_strbuf *out);
void nf_site_data_index_script(const struct nf_model *m, struct nf_strbuf *out);
/* The words that app.js says, in the site's language. */
void nf_site_data_words(const struct nf_model *m, struct nf_strbuf *out);
void nf_site_data_charts(const struct nf_charts *charts, struct nf_strbuf *out);
/* failure NULL: the last cycle was good. */
void nf_site_data_fresh(int64_t at_wall_us, int64_t valid_until_wall_us, const char *failure,
	struct nf_strbuf *out);
