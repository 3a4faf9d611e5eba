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
void nf_site_data_index_script(const struct nf_strbuf *index, struct nf_strbuf *out);
/* The words that app.js says, in the site's language. */
void nf_site_data_words(const struct nf_model *m, struct nf_strbuf *out);
void nf_site_data_charts(const struct nf_charts *charts, struct nf_strbuf *out);

/* How the publisher is, in each cycle, also in one that fails: health.json, which netfold-serve and others look at,
 * and the same for app.js. */
struct nf_health {
	int64_t at_wall_us, valid_until_wall_us;
	const char *failure;				  /* NULL: the last cycle was good */
	int64_t failing_since_wall_us, last_good_wall_us; /* 0: not; never */
	size_t pages_failed, pages_owed; /* in the last cycle; left for the next one */
};
void nf_site_data_health(const struct nf_health *health, struct nf_strbuf *out);
void nf_site_data_fresh(const struct nf_strbuf *health, struct nf_strbuf *out);
