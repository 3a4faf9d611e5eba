// SPDX-License-Identifier: GPL-3.0-or-later
/* metrics: what the pages show as figures for Prometheus, the file `metrics` in www_dir.
 * Shape:   OpenMetrics text, closed by "# EOF"; a label's value may be any text. What is unknown has no sample:
 *          a device that nobody could look at is neither up nor down. Round trip times and loss are the newest
 *          of the last five ping intervals and 300 s in the series, which follow the journal; in large sites they
 *          were read up to NF_PINGS_US ago.
 * Units:   seconds, ratios, states as in netfold-serve(8).
 * Source:  OpenMetrics 1.0.0.
 */
#pragma once

#include "base/strbuf.h"
#include "web/model.h"

/* The newest known answers, by device index; kept by the publisher, because reading ten thousand series costs more
 * than all else: a look reads at least NF_PINGS_A_LOOK of them, and each is read once in NF_PINGS_US. */
struct nf_pings {
	struct nf_ping {
		double rtt_s, loss; /* NaN: not known */
	} * items;
	size_t next;
	int64_t read_mono_us; /* 0: never */
};
#define NF_PINGS_A_LOOK 1000
#define NF_PINGS_US	(300 * NF_US_PER_S)

struct nf_pings *nf_pings_new(const struct nf_site *site);
void nf_pings_free(struct nf_pings *pings); /* takes; NULL is fine */
/* The next ones; all of them at the first time. */
void nf_pings_read(struct nf_pings *pings, const struct nf_model *m);

void nf_metrics(const struct nf_model *m, const struct nf_pings *pings, struct nf_strbuf *out);

/* Appends text as a label's value, quotes included. Broken UTF-8 becomes \xHH. */
void nf_metrics_label(struct nf_strbuf *out, const char *text);
