// SPDX-License-Identifier: GPL-3.0-or-later
/* metrics: what the pages show as figures for Prometheus, the file `metrics` in www_dir.
 * Shape:   OpenMetrics text, closed by "# EOF"; a label's value may be any text. What is unknown has no sample:
 *          a device that nobody could look at is neither up nor down. Round trip times and loss are the newest
 *          of the last five ping intervals and 300 s in the series, which follow the journal.
 * Units:   seconds, ratios, states as in netfold-serve(8).
 * Source:  OpenMetrics 1.0.0.
 */
#pragma once

#include "base/strbuf.h"
#include "web/model.h"

void nf_metrics(const struct nf_model *m, struct nf_strbuf *out);

/* Appends text as a label's value, quotes included. Broken UTF-8 becomes \xHH. */
void nf_metrics_label(struct nf_strbuf *out, const char *text);
