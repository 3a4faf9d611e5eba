// SPDX-License-Identifier: GPL-3.0-or-later
/* charts: the series of one device, read once, for its page and for the data file beside it.
 * Shape:   a chart is one unit and up to four columns over four ranges (day, week, month, year). Ranges
 *          without a single known value are empty.
 * Units:   wall seconds; values in the chart's unit, NaN where unknown.
 * Memory:  nf_charts_load gives; nf_charts_free ends it.
 */
#pragma once

#include "base/json.h"
#include "web/layout.h"

#define NF_RANGES	 4
#define NF_CHART_COLUMNS 4

struct nf_range {
	int64_t start_s;
	uint32_t step_s;
	size_t rows;
	double *values; /* rows × columns */
};

struct nf_chart {
	char *series;
	const char *what, *unit; /* translated */
	const char *labels[NF_CHART_COLUMNS];
	size_t columns;
	int decimals;
	size_t range; /* the one that is shown first, and as numbers */
	struct nf_range ranges[NF_RANGES];
};

struct nf_charts {
	struct nf_chart *items;
	size_t len, cap;
	size_t left_out; /* interfaces beyond the first NF_CHART_INTERFACES */
};
#define NF_CHART_INTERFACES 12

void nf_charts_load(
	const struct nf_model *model, const struct nf_device *device, struct nf_charts *charts);
/* Of this series alone, where there is one. */
void nf_charts_load_one(const struct nf_model *model, const struct nf_device *device,
	const char *series, struct nf_charts *charts);
void nf_charts_free(struct nf_charts *charts);

/* The figures, each with the numbers of the last day as a table. data: the file of nf_charts_json. */
void nf_part_charts(struct nf_page *p, const struct nf_charts *charts, const char *data);
void nf_charts_json(const struct nf_charts *charts, struct nf_json *j);
