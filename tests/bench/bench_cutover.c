// SPDX-License-Identifier: GPL-3.0-or-later
/* bench_cutover SITE DAYS: what a pass over a ledger of tests/cutover/ledger costs, that holds so many days. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/parse.h"
#include "checks/cutover/recompute.h"
#include "conf/load.h"
#include "store/sightings.h"

/* CPU of this process: what others do on the machine does not count. */
static double cpu_s(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void pass(struct nf_recompute *r, const struct nf_site *site, const char *what)
{
	struct nf_error err = {0};
	struct nf_now now = nf_clock_now();
	double began_s = cpu_s();

	if (nf_recompute_pass(r, site, now, &err) != NF_OK)
		printf("failed: %s\n", err.text);
	struct nf_recompute_stats stats = nf_recompute_stats(r);
	printf("%-12s %zu devices, %zu sums: %.2f s of CPU\n", what, stats.devices, stats.rows,
		cpu_s() - began_s);
}

static void count(const struct nf_sighting *s, void *arg)
{
	(void)s;
	++*(size_t *)arg;
}

static void look_up(struct nf_store *store)
{
	const struct nf_ledger_filter one = {.kind = "mac", .value = "00:1b:21:00:01:02"};
	double began_s = cpu_s();
	size_t days = 0;

	nf_sightings(store, &one, count, &days);
	printf("one MAC's %zu days: %.1f ms of CPU\n", days, (cpu_s() - began_s) * 1e3);
}

int main(int argc, char **argv)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;
	struct nf_store *store = NULL;
	struct nf_error err = {0};
	struct rusage used;
	uint64_t removed, days;

	if (argc != 3 || nf_parse_u64(argv[2], 1, 1000, &days))
		return 2;
	if (nf_site_load(argv[1], diags, &site) != NF_OK ||
		nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &store, &err) != NF_OK) {
		printf("failed: %s\n", err.text);
		return 1;
	}
	struct nf_recompute *r = nf_recompute_new(store);
	pass(r, site, "first pass");
	pass(r, site, "next pass");
	look_up(store);
	double began_s = cpu_s();
	nf_sightings_purge(store, nf_clock_now().wall_us / NF_DAY_US - (int64_t)days + 1, NULL,
		1, &removed);
	printf("one step of forgetting, %llu rows: %.1f ms of CPU\n",
		(unsigned long long)removed, (cpu_s() - began_s) * 1e3);
	getrusage(RUSAGE_SELF, &used);
	printf("memory at most %ld MiB\n", used.ru_maxrss / 1024);
	nf_recompute_free(r);
	nf_store_close(store);
	nf_site_free(site);
	nf_diags_free(diags);
	return 0;
}
