// SPDX-License-Identifier: GPL-3.0-or-later
/* series_fetch: reading a range of a series; a library of its own, because librrd brings fifty others.
 * Shape:   rows of equal width, from the archive that fits the width asked for best; row i covers
 *          (start_s + i × step_s, start_s + (i + 1) × step_s].
 * Units:   wall seconds; values as stored (DERIVE: per second), NaN where unknown.
 * Memory:  nf_series_fetch gives; nf_series_data_free ends it.
 * Source:  rrdfetch(1).
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum nf_consolidation { NF_AVERAGE, NF_MAXIMUM };

struct nf_series_data {
	int64_t start_s;
	uint32_t step_s;
	size_t rows, columns;
	char **names;	/* one a column */
	double *values; /* rows × columns, row after row */
};

/* path: from nf_series_path. width_s: the rows wanted; the archive may have others. NF_ENOENT: no such
 * series; NF_ECORRUPT: not an RRD; NF_EINVAL: an empty range, or one of over a million values. */
enum nf_err nf_series_fetch(const char *path, enum nf_consolidation how, int64_t from_s,
	int64_t to_s, uint32_t width_s, struct nf_series_data *data, struct nf_error *err);
void nf_series_data_free(struct nf_series_data *data);

/* When the series was last written; its newest values may still wait in the journal. */
enum nf_err nf_series_last(const char *path, int64_t *wall_s, struct nf_error *err);
