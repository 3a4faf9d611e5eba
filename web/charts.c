// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/charts.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/series.h"
#include "store/series_fetch.h"
#include "web/parts.h"

#define DAY_S 86400
#define MONTH 2 /* what happens once a day is shown over a month */

static const struct {
	int64_t length_s;
	uint32_t width_s;
} ranges[NF_RANGES] = {
	{DAY_S,	300  },
	{7 * DAY_S,   1800 },
	{31 * DAY_S,  7200 },
	{366 * DAY_S, 86400},
};

/* Which columns of which series make a chart. An empty column list takes the first four as they are. */
static const struct rule {
	const char *prefix, *what, *unit;
	double scale;
	int decimals;
	struct {
		const char *column, *label;
	} columns[NF_CHART_COLUMNS];
} rules[] = {
	{"ping",	 N_("Round-trip time"), "ms",     0.001,	     2,
		{{"rtt_min_us", N_("shortest")}, {"rtt_median_us", N_("median")},
			{"rtt_max_us", N_("longest")}}						      },
	{"ping",	 N_("Loss"),	     "%",	  1,		     1, {{"loss", N_("lost echoes")}}},
	{"interface ",  N_("Traffic"),	      "Mbit/s", 8e-6,	      3,
		{{"in_octets", N_("in")}, {"out_octets", N_("out")}}						    },
	{"processor ",  N_("Load"),		   "%",	1,		   0, {{"load", N_("load")}}	    },
	{"supply ",	    N_("Level"),		 "%",      1,		 0, {{"level", N_("level")}}	    },
	{"storage ",    N_("Storage"),	    "GiB",	   1.0 / 1073741824, 2,
		{{"used", N_("used")}, {"size", N_("size")}}							    },
	{"ups battery", N_("Battery"),	       "%, min", 1,		    0,
		{{"charge", N_("charge, %")}, {"minutes", N_("minutes left")}}				      },
	{"backup ",	    N_("Size"),		"GiB",    1.0 / 1073741824, 2, {{"size", N_("size")}}	  },
	{"",	     N_("Measured"),	     "",	 1,		    2, {{NULL, NULL}}		     },
};

#define RULES (sizeof rules / sizeof *rules)

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int column_of(const struct nf_series_data *data, const char *name)
{
	for (size_t i = 0; i < data->columns; i++)
		if (strcmp(data->names[i], name) == 0)
			return (int)i;
	return -1;
}

/* Which of the data's columns the rule wants; fills labels; returns how many there are. */
static size_t choose_columns(const struct rule *rule, const struct nf_series_data *data,
	int from[NF_CHART_COLUMNS], const char *labels[NF_CHART_COLUMNS])
{
	size_t len = 0;
	for (size_t i = 0; i < NF_CHART_COLUMNS && rule->columns[i].column != NULL; i++) {
		int at = column_of(data, rule->columns[i].column);
		if (at < 0)
			continue;
		labels[len] = _(rule->columns[i].label);
		from[len++] = at;
	}
	return len;
}

/* The mean of rows [from, to) of a column, of those that are known. */
static double mean_of(const double *column, size_t stride, size_t from, size_t to, size_t rows)
{
	double sum = 0;
	size_t known = 0;
	for (size_t r = from; r < to && r < rows; r++) {
		if (isnan(column[r * stride]))
			continue;
		sum += column[r * stride];
		known++;
	}
	return known > 0 ? sum / (double)known : (double)NAN;
}

/* The archive may be finer than a chart needs. */
static void fill_range(struct nf_range *range, const struct nf_series_data *data,
	const int from[NF_CHART_COLUMNS], size_t columns, double scale, uint32_t width_s)
{
	bool known = false;
	size_t merge = data->step_s < width_s ? width_s / data->step_s : 1;
	size_t rows = (data->rows + merge - 1) / merge;
	double *values = nf_xcalloc(rows * columns + 1, sizeof *values);
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < columns; c++) {
			double v = mean_of(data->values + from[c], data->columns, r * merge,
					   (r + 1) * merge, data->rows) *
				   scale;
			values[r * columns + c] = v;
			known = known || !isnan(v);
		}
	if (!known) {
		free(values);
		return;
	}
	*range = (struct nf_range){data->start_s, data->step_s * (uint32_t)merge, rows, values};
}

static void add_chart(struct nf_charts *charts, const char *series, const struct rule *rule,
	const struct nf_series_data data[NF_RANGES])
{
	int from[NF_CHART_COLUMNS] = {0};
	struct nf_chart chart = {.what = _(rule->what),
		.unit = _(rule->unit),
		.decimals = rule->decimals,
		.range = starts_with(series, "backup ") ? MONTH : 0};
	for (size_t i = 0; i < NF_RANGES; i++) {
		if (data[i].columns == 0)
			continue;
		chart.columns = choose_columns(rule, &data[i], from, chart.labels);
		if (chart.columns > 0)
			fill_range(&chart.ranges[i], &data[i], from, chart.columns, rule->scale,
				ranges[i].width_s);
	}
	if (chart.columns == 0)
		return;
	chart.series = nf_xstrdup(series);
	charts->items =
		nf_grow(charts->items, charts->len, &charts->cap, sizeof *charts->items);
	charts->items[charts->len++] = chart;
}

static void load_series(
	struct nf_charts *charts, int64_t now_s, const char *series, const char *path)
{
	struct nf_series_data data[NF_RANGES] = {0};
	for (size_t i = 0; i < NF_RANGES; i++)
		nf_series_fetch(path, NF_AVERAGE, now_s - ranges[i].length_s, now_s,
			ranges[i].width_s, &data[i], NULL);
	for (size_t i = 0; i < RULES; i++)
		if (*rules[i].prefix != '\0' && starts_with(series, rules[i].prefix))
			add_chart(charts, series, &rules[i], data);
	for (size_t i = 0; i < NF_RANGES; i++)
		if (data[i].columns > 0)
			nf_series_data_free(&data[i]);
}

static int not_hidden(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".rrd") == 0;
}

/* Ping first; what belongs together stays together. */
static bool wanted_in_pass(const char *series, int pass)
{
	bool ping = starts_with(series, "ping"), interface = starts_with(series, "interface ");
	return pass == 0 ? ping : pass == 1 ? !ping && !interface : interface;
}

static void load_entry(const struct nf_model *m, struct nf_charts *charts, const char *folder,
	const char *entry, int pass, size_t *interfaces)
{
	struct nf_strbuf name = {0};
	char *stem = nf_xstrndup(entry, strlen(entry) - strlen(".rrd"));
	if (!nf_safename_decode(&name, stem)) {
		nf_strbuf_clear(&name);
		nf_strbuf_puts(&name, stem);
	}
	free(stem);
	bool mine = name.data != NULL && wanted_in_pass(name.data, pass);
	if (mine && pass == 2 && ++*interfaces > NF_CHART_INTERFACES) {
		charts->left_out++;
		mine = false;
	}
	if (mine) {
		char *path = nf_xasprintf("%s/%s", folder, entry);
		load_series(charts, m->now.wall_us / NF_US_PER_S, name.data, path);
		free(path);
	}
	nf_strbuf_free(&name);
}

/* nf_series_list walks the folders of all devices; a page needs only its own. */
void nf_charts_load(
	const struct nf_model *m, const struct nf_device *device, struct nf_charts *charts)
{
	*charts = (struct nf_charts){0};
	for (size_t leg = 0; leg < device->legs_len; leg++) {
		struct dirent **entries = NULL;
		size_t interfaces = 0;
		char *folder = nf_series_path(
			m->site->state_dir, device->legs[leg].network->id, device->name, "x");
		*strrchr(folder, '/') = '\0';
		int len = scandir(folder, &entries, not_hidden, versionsort);
		for (int pass = 0; pass < 3; pass++)
			for (int i = 0; i < len; i++)
				load_entry(m, charts, folder, entries[i]->d_name, pass,
					&interfaces);
		for (int i = 0; i < len; i++)
			free(entries[i]);
		free(entries);
		free(folder);
	}
}

void nf_charts_load_one(const struct nf_model *m, const struct nf_device *device,
	const char *series, struct nf_charts *charts)
{
	*charts = (struct nf_charts){0};
	for (size_t leg = 0; leg < device->legs_len; leg++) {
		char *path = nf_series_path(m->site->state_dir, device->legs[leg].network->id,
			device->name, series);
		load_series(charts, m->now.wall_us / NF_US_PER_S, series, path);
		free(path);
	}
}

void nf_charts_free(struct nf_charts *charts)
{
	for (size_t i = 0; i < charts->len; i++) {
		for (size_t r = 0; r < NF_RANGES; r++)
			free(charts->items[i].ranges[r].values);
		free(charts->items[i].series);
	}
	free(charts->items);
}

static void put_numbers(struct nf_page *p, const struct nf_chart *chart)
{
	const struct nf_range *day = &chart->ranges[chart->range];
	uint32_t row_s = chart->range == MONTH ? DAY_S : 3600;
	size_t hour = day->step_s > 0 && day->step_s < row_s ? row_s / day->step_s : 1;
	char text[NF_TIME_MAX];
	nf_html_open(p->h, "table", NULL);
	nf_html_open(p->h, "caption", NULL);
	nf_html_textf(p->h,
		chart->range == MONTH ? _("%s, %s: mean of each day, in %s")
				      : _("%s, %s: mean of each hour, in %s"),
		chart->series, chart->what, chart->unit);
	nf_html_close(p->h);
	nf_html_open(p->h, "thead", NULL);
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", _("From"), "scope", "col", NULL);
	for (size_t c = 0; c < chart->columns; c++)
		nf_html_el(p->h, "th", chart->labels[c], "scope", "col", NULL);
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_open(p->h, "tbody", NULL);
	for (size_t r = 0; r < day->rows; r += hour) {
		int64_t at_s = day->start_s + (int64_t)r * day->step_s;
		nf_html_open(p->h, "tr", NULL);
		nf_html_el(p->h, "th", nf_when_text(at_s * NF_US_PER_S, text), "scope", "row",
			NULL);
		for (size_t c = 0; c < chart->columns; c++)
			nf_html_el(p->h, "td",
				nf_number_text(p->m,
					mean_of(day->values + c, chart->columns, r, r + hour,
						day->rows),
					chart->decimals, (char[32]){0}),
				"class", "n", NULL);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_figure(struct nf_page *p, const struct nf_chart *chart, size_t at)
{
	char index[32];
	snprintf(index, sizeof index, "%zu", at);
	nf_html_open(p->h, "figure", "class", "chart", "data-chart", index, NULL);
	nf_html_open(p->h, "figcaption", NULL);
	nf_html_el(p->h, "span", chart->series, "class", "series", NULL);
	nf_html_text(p->h, " ");
	nf_html_textf(p->h, "%s%s%s", chart->what, *chart->unit ? ", " : "", chart->unit);
	nf_html_close(p->h);
	nf_html_open(p->h, "details", NULL);
	nf_html_el(p->h, "summary",
		chart->range == MONTH ? _("The last month in numbers")
				      : _("The last day in numbers"),
		NULL);
	if (chart->ranges[chart->range].rows > 0)
		put_numbers(p, chart);
	else
		nf_part_unknown(p, _("Nothing was measured in this time."));
	nf_html_close(p->h);
	nf_html_close(p->h);
}

void nf_part_charts(struct nf_page *p, const struct nf_charts *charts, const char *data)
{
	if (charts->len == 0) {
		nf_part_unknown(p, _("No series yet: nothing was measured."));
		return;
	}
	nf_html_open(p->h, "div", "class", "charts", "data-series", data, "data-range",
		charts->items[0].range == MONTH ? "2" : "0", NULL);
	for (size_t i = 0; i < charts->len; i++)
		put_figure(p, &charts->items[i], i);
	nf_html_close(p->h);
	if (charts->left_out > 0) {
		nf_html_open(p->h, "p", "class", "note", NULL);
		nf_html_textf(p->h,
			_("%zu more interfaces have series, too: netfold series shows them."),
			charts->left_out);
		nf_html_close(p->h);
	}
}

static void put_range(
	struct nf_json *j, const struct nf_chart *chart, const struct nf_range *range)
{
	double precision = pow(10, chart->decimals + 1);
	nf_json_object(j);
	nf_json_key(j, "start");
	nf_json_i64(j, range->start_s);
	nf_json_key(j, "step");
	nf_json_i64(j, range->step_s);
	nf_json_key(j, "rows");
	nf_json_array(j);
	for (size_t i = 0; i < range->rows * chart->columns; i++)
		nf_json_double(j, round(range->values[i] * precision) / precision);
	nf_json_end(j);
	nf_json_end(j);
}

void nf_charts_json(const struct nf_charts *charts, struct nf_json *j)
{
	nf_json_array(j);
	for (size_t i = 0; i < charts->len; i++) {
		const struct nf_chart *chart = &charts->items[i];
		nf_json_object(j);
		nf_json_key(j, "series");
		nf_json_puts(j, chart->series);
		nf_json_key(j, "unit");
		nf_json_puts(j, chart->unit);
		nf_json_key(j, "labels");
		nf_json_array(j);
		for (size_t c = 0; c < chart->columns; c++)
			nf_json_puts(j, chart->labels[c]);
		nf_json_end(j);
		nf_json_key(j, "ranges");
		nf_json_array(j);
		for (size_t r = 0; r < NF_RANGES; r++)
			put_range(j, chart, &chart->ranges[r]);
		nf_json_end(j);
		nf_json_end(j);
	}
	nf_json_end(j);
}
