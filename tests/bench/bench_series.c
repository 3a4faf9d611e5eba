// SPDX-License-Identifier: GPL-3.0-or-later
/* What a sample costs from the gatherer into its RRD: many series of 7 values, 15 samples each, beside
 * the same samples given to librrd one by one, in the same run on the same kind of files.
 * Usage:   bench_series FOLDER [SERIES]     (FOLDER on a disk, not a tmpfs, for the bytes dirtied)
 */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <rrd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "store/follow.h"
#include "store/journal.h"
#include "store/series.h"

#define SAMPLES 15
#define VALUES	7
#define START	1300000020
#define STEP	60

struct usage {
	double cpu_us;
	double dirtied_bytes;
};

static struct usage usage_now(void)
{
	struct rusage r;
	struct usage u = {0};
	char line[64];
	getrusage(RUSAGE_SELF, &r);
	u.cpu_us = (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 +
		   (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
	FILE *io = fopen("/proc/self/io", "r");
	while (io != NULL && fgets(line, sizeof line, io) != NULL) {
		if (strncmp(line, "write_bytes: ", 13) == 0)
			u.dirtied_bytes = strtod(line + 13, NULL);
	}
	if (io != NULL)
		fclose(io);
	return u;
}

/* Clean pages, so that what is dirtied next is counted. */
static void settle(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY);
	syncfs(fd);
	close(fd);
}

static void print(const char *what, struct usage from, double samples)
{
	struct usage to = usage_now();
	printf("%-44s %7.2f us/sample %9.0f bytes dirtied/sample\n", what,
		(to.cpu_us - from.cpu_us) / samples,
		(to.dirtied_bytes - from.dirtied_bytes) / samples);
	fflush(stdout);
}

static struct nf_series_def def_of(unsigned int n, char *device, size_t size)
{
	snprintf(device, size, "sw-%u", n / 50);
	struct nf_series_def def = {.network = "admin",
		.device = device,
		.step_s = STEP,
		.heartbeat_s = 180,
		.ds_len = VALUES};
	for (size_t i = 0; i < VALUES; i++) {
		def.ds[i].kind = NF_DS_DERIVE;
		def.ds[i].max = 1e9;
		snprintf(def.ds[i].name, sizeof def.ds[i].name, "value%zu", i);
	}
	return def;
}

static uint64_t counter(unsigned int n, int i, size_t v)
{
	return 123456789012ULL + n * 1000ULL + (uint64_t)i * 60 * (v + 1) * 12345;
}

static char *series_name(unsigned int n, const char *prefix)
{
	return nf_xasprintf("%s eth%u", prefix, n % 50);
}

static void journal_minute(
	struct nf_journal *journal, const uint32_t *handles, unsigned int series, int i)
{
	for (unsigned int n = 0; n < series; n++) {
		struct nf_value values[VALUES];
		for (size_t v = 0; v < VALUES; v++)
			values[v] =
				(struct nf_value){.known = true, .counter = counter(n, i, v)};
		nf_journal_sample(journal, handles[n], START + (int64_t)i * STEP, values);
	}
	nf_journal_flush(journal, NULL);
}

static void unheard(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg)
{
	(void)network;
	(void)device;
	(void)series;
	(void)good;
	(void)arg;
	fprintf(stderr, "%s\n", text);
}

static void write_all(struct nf_follow *follow)
{
	struct nf_now now = {(START + 100000) * NF_US_PER_S, 1000 * NF_US_PER_S};
	nf_follow_write_all(follow, now, 0);
}

static void bench_netfold(const char *folder, unsigned int series)
{
	struct nf_journal *journal = NULL;
	struct nf_error err;
	if (nf_journal_open(folder, "bench", &journal, &err) != NF_OK) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	uint32_t *handles = nf_xcalloc(series, sizeof *handles);
	for (unsigned int n = 0; n < series; n++) {
		char device[32], *name = series_name(n, "interface");
		struct nf_series_def def = def_of(n, device, sizeof device);
		def.series = name;
		handles[n] = nf_journal_series(journal, &def);
		free(name);
	}
	struct nf_follow *follow = nf_follow_new(folder, unheard, NULL);
	journal_minute(journal, handles, series, 0);
	nf_follow_read(follow);
	struct usage begun = usage_now();
	write_all(follow);
	print("netfold: a new file and its first sample", begun, series);
	settle(folder);
	const double samples = (double)series * SAMPLES;
	struct usage all = usage_now();
	for (int i = 1; i <= SAMPLES; i++)
		journal_minute(journal, handles, series, i);
	print("netfold: into the journal (in the gatherer)", all, samples);
	struct usage reading = usage_now();
	while (nf_follow_read(follow))
		;
	print("netfold: out of the journal", reading, samples);
	struct usage writing = usage_now();
	write_all(follow);
	print("netfold: into the RRDs, 15 to an update", writing, samples);
	print("netfold-series, per sample", reading, samples);
	print("netfold, all the way", all, samples);
	if (nf_follow_stats(follow).queue != 0)
		fprintf(stderr, "samples were left\n");
	nf_follow_free(follow);
	nf_journal_close(journal);
	free(handles);
}

/* The same files, already made; only the time goes on. */
static void bench_plain(const char *folder, unsigned int series)
{
	settle(folder);
	struct usage begun = usage_now();
	struct nf_strbuf text = {0};
	for (int i = 1; i <= SAMPLES; i++) {
		for (unsigned int n = 0; n < series; n++) {
			char device[32], *name = series_name(n, "interface");
			def_of(n, device, sizeof device);
			char *path = nf_series_path(folder, "admin", device, name);
			nf_strbuf_clear(&text);
			nf_strbuf_printf(&text, "%d", START + (SAMPLES + i) * STEP);
			for (size_t v = 0; v < VALUES; v++)
				nf_strbuf_printf(
					&text, ":%" PRIu64, counter(n, SAMPLES + i, v));
			const char *update = text.data;
			if (rrd_update_r(path, NULL, 1, &update) != 0) {
				fprintf(stderr, "%s\n", rrd_get_error());
				exit(1);
			}
			free(path);
			free(name);
		}
	}
	print("peer: rrd_update_r, one sample at a time", begun, (double)series * SAMPLES);
	nf_strbuf_free(&text);
}

int main(int argc, char **argv)
{
	int64_t series = 2000;
	if (argc < 2 || (argc > 2 && nf_parse_i64(argv[2], 1, 1000000, &series) != NF_OK)) {
		fprintf(stderr, "usage: bench_series FOLDER [SERIES]\n");
		return 2;
	}
	printf("%" PRId64 " series of %d values, %d samples each\n", series, VALUES, SAMPLES);
	bench_netfold(argv[1], (unsigned int)series);
	bench_plain(argv[1], (unsigned int)series);
	return 0;
}
