// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <fnmatch.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/put.h"
#include "base/text.h"
#include "cli/at.h"
#include "cli/choose.h"
#include "cli/since.h"
#include "cli/table.h"
#include "store/series.h"
#include "store/series_fetch.h"

#define SINCE	   "1h"
#define FINEST_S   1
#define VALUE_SIZE 32

struct request {
	const struct nf_cli *cli;
	const struct nf_site *site;
	const struct nf_device *device; /* NULL: all */
	const char *pattern;		/* of series' names; NULL: list them */
	int64_t from_s, to_s;
	bool json;
	size_t found, failed;
	struct nf_table *table; /* of the listing */
};

struct series {
	const char *network, *device, *name, *path;
};

static char *value_text(double value, char buf[VALUE_SIZE])
{
	if (isnan(value))
		snprintf(buf, VALUE_SIZE, "unknown");
	else
		snprintf(buf, VALUE_SIZE, "%.6g", value);
	return buf;
}

static void json_head(struct nf_json *j, const struct series *s, int64_t last_s)
{
	nf_json_object(j);
	nf_put_text(j, "network", s->network);
	nf_put_text(j, "device", s->device);
	nf_put_text(j, "series", s->name);
	nf_put_text(j, "file", s->path);
	nf_put_time(j, "last_at", last_s > 0 ? last_s * NF_US_PER_S : 0);
}

static void json_row(struct nf_json *j, const struct nf_series_data *data, size_t row)
{
	int64_t end_s = data->start_s + (int64_t)(row + 1) * data->step_s;
	nf_json_object(j);
	nf_put_time(j, "at", end_s * NF_US_PER_S);
	for (size_t c = 0; c < data->columns; c++) {
		nf_json_key(j, data->names[c]);
		nf_json_double(j, data->values[row * data->columns + c]);
	}
	nf_json_end(j);
}

static void print_json(
	const struct series *s, int64_t last_s, const struct nf_series_data *data)
{
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);
	json_head(&j, s, last_s);
	if (data != NULL) {
		nf_put_i64(&j, "step", data->step_s);
		nf_json_key(&j, "columns");
		nf_json_array(&j);
		for (size_t c = 0; c < data->columns; c++)
			nf_json_puts(&j, data->names[c]);
		nf_json_end(&j);
		nf_json_key(&j, "rows");
		nf_json_array(&j);
		for (size_t row = 0; row < data->rows; row++)
			json_row(&j, data, row);
		nf_json_end(&j);
	}
	nf_json_end(&j);
	puts(out.data);
	nf_strbuf_free(&out);
}

static void print_values(const struct series *s, const struct nf_series_data *data)
{
	char shown[200], at[NF_AT_MAX], value[VALUE_SIZE];
	printf("%s ", nf_text_escape_buf(shown, sizeof shown, s->device));
	printf("%s, every %u s\n", nf_text_escape_buf(shown, sizeof shown, s->name),
		data->step_s);
	const char **headings = nf_xcalloc(data->columns + 1, sizeof *headings);
	headings[0] = "UNTIL";
	for (size_t c = 0; c < data->columns; c++)
		headings[c + 1] = data->names[c];
	struct nf_table *t = nf_table_new(headings, data->columns + 1);
	for (size_t row = 0; row < data->rows; row++) {
		int64_t end_s = data->start_s + (int64_t)(row + 1) * data->step_s;
		nf_table_cell(t, nf_at_second(end_s * NF_US_PER_S, at));
		for (size_t c = 0; c < data->columns; c++)
			nf_table_cell(
				t, value_text(data->values[row * data->columns + c], value));
	}
	nf_table_print(t, stdout, false);
	nf_table_free(t);
	free(headings);
	putchar('\n');
}

static void show_values(struct request *r, const struct series *s, int64_t last_s)
{
	struct nf_series_data data;
	struct nf_error err = {0};
	enum nf_err code =
		nf_series_fetch(s->path, NF_AVERAGE, r->from_s, r->to_s, FINEST_S, &data, &err);
	if (code != NF_OK) {
		fprintf(stderr, "netfold series: %s\n", err.text);
		r->failed++;
		return;
	}
	if (r->json)
		print_json(s, last_s, &data);
	else
		print_values(s, &data);
	nf_series_data_free(&data);
}

static void list_row(struct request *r, const struct series *s, int64_t last_s)
{
	char at[NF_AT_MAX];
	nf_table_cell(r->table, s->network);
	nf_table_cell(r->table, s->device);
	nf_table_cell(r->table, s->name);
	nf_table_cell(r->table, nf_at_second(last_s > 0 ? last_s * NF_US_PER_S : 0, at));
	nf_table_cell(r->table, s->path);
}

static void take_series(
	const char *network, const char *device, const char *name, const char *path, void *arg)
{
	struct request *r = arg;
	const struct series s = {network, device, name, path};
	if (r->pattern != NULL && strcmp(r->pattern, name) != 0 &&
		fnmatch(r->pattern, name, 0) != 0)
		return;
	r->found++;
	int64_t last_s = 0;
	struct nf_error err = {0};
	if (nf_series_last(path, &last_s, &err) != NF_OK) {
		fprintf(stderr, "netfold series: %s\n", err.text);
		r->failed++;
		return;
	}
	if (r->pattern != NULL)
		show_values(r, &s, last_s);
	else if (r->json)
		print_json(&s, last_s, NULL);
	else
		list_row(r, &s, last_s);
}

static int answer(struct request *r)
{
	static const char *const headings[] = {
		"NETWORK", "DEVICE", "SERIES", "LAST VALUE", "FILE"};
	struct nf_error err = {0};
	r->table = nf_table_new(headings, 5);
	/* By device and not by network: a device may have series in each network that it has a leg in. */
	enum nf_err code = NF_OK;
	if (r->device == NULL)
		code = nf_series_list(r->site->state_dir, NULL, NULL, take_series, r);
	for (size_t leg = 0; r->device != NULL && leg < r->device->legs_len; leg++) {
		code = nf_series_list(r->site->state_dir, r->device->legs[leg].network->id,
			r->device->name, take_series, r);
		if (code != NF_OK && code != NF_ENOENT)
			break;
	}
	nf_table_print(r->table, stdout, r->cli->colour);
	nf_table_free(r->table);
	if (code != NF_OK && code != NF_ENOENT) {
		nf_error_set(&err, code, "%s/rrd cannot be read", r->site->state_dir);
		return nf_cli_failed(&nf_verb_series, &err);
	}
	if (r->found == 0)
		fprintf(stderr, "netfold series: none%s\n",
			r->device == NULL && r->pattern == NULL ? " yet" : " of that name");
	if (r->failed > 0)
		return NF_EXIT_FAILED;
	return r->found > 0 ? NF_EXIT_GOOD : NF_EXIT_PROBLEMS;
}

/* Of DEVICE and SERIES. */
static bool take_names(struct request *r, int len, char **names)
{
	if (len > 2) {
		nf_cli_usage(&nf_verb_series, "\"%s\" is one argument too many", names[2]);
		return false;
	}
	if (len == 0)
		return true;
	r->device = nf_choose_device(&nf_verb_series, r->site, names[0]);
	r->pattern = len > 1 ? names[1] : NULL;
	return r->device != NULL;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json",	 no_argument,	      NULL, 'j'},
		{"since", required_argument, NULL, 's'},
		{NULL,    0,		  NULL, 0	 },
	};
	struct request r = {.cli = cli};
	const char *since = SINCE;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_series, argv);
		r.json |= c == 'j';
		since = c == 's' ? optarg : since;
	}
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	r.site = site;
	int status = NF_EXIT_USAGE;
	int64_t now = nf_clock_now().wall_us, from;
	if (nf_since_parse(since, now, &from) != NF_OK) {
		nf_cli_usage(&nf_verb_series, "--since \"%s\" is not " NF_SINCE_WANTED, since);
	} else if (take_names(&r, argc - optind, argv + optind)) {
		r.from_s = from / NF_US_PER_S;
		r.to_s = now / NF_US_PER_S;
		status = answer(&r);
	}
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_series = {
	.name = "series",
	.arguments = "[--json] [--since TIME] [DEVICE [SERIES]]",
	.summary = "list the series that are kept, or print the values of one (" SINCE
		   " unless --since says else)",
	.run = run,
};
