// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/store/samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/series.h"
#include "store/series_fetch.h"

struct nf_series_def samples_def(unsigned int n)
{
	static const char *const names[] = {"interface eth0", "interface eth1",
		"interface eth2", "interface eth3", "interface eth4", "interface eth5",
		"interface eth6", "ping"};
	return (struct nf_series_def){
		.network = n % 2 ? "admin" : "jakgym",
		.device = n / 8 % 2 ? "sw-1" : "sw/2",
		.series = names[n % 8],
		.step_s = STEP,
		.heartbeat_s = 3 * STEP,
		.ds = {{"level", NF_DS_GAUGE, NAN, NAN}, {"octets", NF_DS_DERIVE, 0, 1e12}},
		.ds_len = 2,
	};
}

struct nf_journal *samples_open(const char *folder)
{
	struct nf_journal *journal = NULL;
	struct nf_error err;
	if (nf_journal_open(folder, "netfold-test", &journal, &err) != NF_OK) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return journal;
}

void samples_write(struct nf_journal *journal, unsigned int series, int from, int to)
{
	for (int i = from; i < to; i++) {
		for (unsigned int n = 0; n < series; n++) {
			struct nf_series_def def = samples_def(n);
			struct nf_value values[] = {
				{.known = true, .gauge = n * 1000.0 + i		       },
				{.known = true, .counter = (uint64_t)(i + 1) * STEP * (n + 1)},
			};
			nf_journal_sample(journal, nf_journal_series(journal, &def),
				START + (int64_t)i * STEP, values);
		}
		nf_journal_flush(journal, NULL);
	}
}

static bool differs(double got, double want)
{
	return isnan(want) ? !isnan(got) : !(fabs(got - want) < 1e-6);
}

static char *row_wrong(
	const struct nf_series_data *d, size_t row, unsigned int n, int from, int to)
{
	int64_t at = d->start_s + (int64_t)(row + 1) * d->step_s;
	int i = (int)((at - START) / STEP);
	bool there = i >= from && i < to;
	double level = there ? n * 1000.0 + i : NAN;
	double octets =
		there && i > from ? n + 1.0 : NAN; /* a counter's first is only a beginning */
	const double *got = d->values + row * d->columns;
	if (!differs(got[0], level) && !differs(got[1], octets))
		return NULL;
	return nf_xasprintf(
		"series %u sample %d: %g %g, not %g %g", n, i, got[0], got[1], level, octets);
}

char *samples_wrong(const char *folder, unsigned int n, int from, int to)
{
	struct nf_series_def def = samples_def(n);
	char *path = nf_series_path(folder, def.network, def.device, def.series), *wrong = NULL;
	struct nf_series_data data;
	struct nf_error err;
	int64_t begin = START + (int64_t)(from - 5) * STEP,
		end = START + (int64_t)(to + 4) * STEP;
	if (nf_series_fetch(path, NF_AVERAGE, begin, end, STEP, &data, &err) != NF_OK) {
		wrong = nf_xstrdup(err.text);
	} else {
		if (data.step_s != STEP || data.columns != 2)
			wrong = nf_xasprintf("step %u, %zu columns", data.step_s, data.columns);
		for (size_t row = 0; row < data.rows && wrong == NULL; row++)
			wrong = row_wrong(&data, row, n, from, to);
		nf_series_data_free(&data);
	}
	free(path);
	return wrong;
}
