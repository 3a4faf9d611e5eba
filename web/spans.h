// SPDX-License-Identifier: GPL-3.0-or-later
/* spans: stretches of time, sorted and apart; when a service is promised, when trouble was planned.
 * Shape:   pure. nf_spans_join brings any order and overlap into shape; what is counted is counted once.
 * Units:   wall microseconds; [from, to).
 * Memory:  all zero is empty; nf_spans_free ends it.
 */
#pragma once

#include "conf/site.h"

struct nf_span {
	int64_t from, to;
};

struct nf_spans {
	struct nf_span *items;
	size_t len, cap;
};

void nf_spans_add(
	struct nf_spans *spans, int64_t from, int64_t to); /* nothing, where to <= from */
void nf_spans_join(struct nf_spans *spans);
void nf_spans_free(struct nf_spans *spans);
/* How much of [from, to) they cover; joined ones only. */
int64_t nf_spans_cover(const struct nf_spans *spans, int64_t from, int64_t to);

/* When the service (NULL: none, which is always) is promised between two instants; joined. */
void nf_spans_promised(
	const struct nf_service *service, int64_t from, int64_t to, struct nf_spans *spans);
/* When one of the site's windows (checks/maintenance.h) that cover the device is open; joined. */
void nf_spans_planned(const struct nf_site *site, const struct nf_device *device, int64_t from,
	int64_t to, struct nf_spans *spans);
