// SPDX-License-Identifier: GPL-3.0-or-later
/* bench_cutover: a ledger of many days of sightings, and what a pass over 10,000 devices costs.
 *   bench_cutover FOLDER DEVICES DAYS     (20 sightings a device and two days; 10000 100 is ten million) */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/cutover/recompute.h"
#include "conf/load.h"
#include "store/sightings.h"

#define PER_DAY 10 /* things a device and day */

/* CPU of this process: what others do on the machine does not count. */
static double cpu_s(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void write_site(const char *file, const char *folder, unsigned devices)
{
	FILE *out = fopen(file, "w");

	if (!out)
		exit(1);
	fprintf(out,
		"site: {name: bench, timezone: UTC, state_dir: %s/state}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.0.0.0/12], source: {address: 127.0.0.1}}\n"
		"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
		"devices:\n",
		folder);
	for (unsigned i = 0; i < devices; i++)
		fprintf(out,
			"  - {name: pc-%u, kind: workstation, network: a, address: 10.1.%u.%u, "
			"common_address: 10.100.%u.%u, mac: \"00:1b:21:00:%02x:%02x\"}\n",
			i, i / 250, i % 250 + 1, i / 250, i % 250 + 1, i >> 8, i & 255);
	fclose(out);
}

static void put_day(struct nf_store *store, unsigned device, int64_t day, bool moved)
{
	char mac[32], address[48], place[32];
	struct nf_sighting s = {
		.kind = "mac", .value = mac, .place = place, .detail = "", .day = day};

	snprintf(mac, sizeof mac, "00:1b:21:00:%02x:%02x", device >> 8, device & 255);
	for (unsigned i = 0; i < PER_DAY; i++) {
		s.network = moved ? "c" : "a";
		s.source = i == 0 ? "fdb" : "wire";
		s.by = i == 0 ? "sw-1" : "wire:span";
		snprintf(address, sizeof address, "10.%u.%u.%u", moved ? 100U : 1U,
			device / 250, device % 250 + 1);
		snprintf(place, sizeof place, "sw-1 Gi0/%u", i);
		s.address = i == 0 ? "" : address;
		s.hours = 0xffffff;
		s.first_wall_us = day * NF_DAY_US;
		s.last_wall_us = (day + 1) * NF_DAY_US - 1;
		s.count = 100;
		nf_sighting_put(store, &s);
	}
}

static void fill(struct nf_store *store, unsigned devices, int64_t from, int64_t days)
{
	double began_s = cpu_s();

	for (int64_t day = 0; day < days; day++) {
		nf_store_begin(store);
		for (unsigned i = 0; i < devices; i++)
			put_day(store, i, from + day, i % 2 == 0 && day >= days / 2);
		nf_store_commit(store);
	}
	double took = (cpu_s() - began_s);
	double rows = (double)devices * (double)days * PER_DAY;
	printf("%.1f million sightings written in %.1f s of CPU, %.0f a second\n", rows / 1e6,
		took, rows / took);
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
	uint64_t removed;

	if (argc != 4)
		return 2;
	unsigned devices = (unsigned)strtoul(argv[2], NULL, 10);
	int64_t days = strtoll(argv[3], NULL, 10), today = nf_clock_now().wall_us / NF_DAY_US;
	char *file = nf_xasprintf("%s/site.yaml", argv[1]);
	write_site(file, argv[1], devices);
	if (nf_site_load(file, diags, &site) != NF_OK ||
		nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &store, &err) != NF_OK) {
		printf("failed: %s\n", err.text);
		return 1;
	}
	fill(store, devices, today - days, days);
	struct nf_recompute *r = nf_recompute_new(store);
	pass(r, site, "first pass");
	pass(r, site, "next pass");
	look_up(store);
	double began_s = cpu_s();
	nf_sightings_purge(store, today - days + 1, NULL, 1, &removed);
	printf("one step of forgetting, %llu rows: %.1f ms of CPU\n",
		(unsigned long long)removed, (cpu_s() - began_s) * 1e3);
	getrusage(RUSAGE_SELF, &used);
	printf("memory at most %ld MiB\n", used.ru_maxrss / 1024);
	nf_recompute_free(r);
	nf_store_close(store);
	nf_site_free(site);
	nf_diags_free(diags);
	free(file);
	return 0;
}
