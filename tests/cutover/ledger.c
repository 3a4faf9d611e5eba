// SPDX-License-Identifier: GPL-3.0-or-later
/* ledger FOLDER DEVICES DAYS: a site of a legacy and the common network, FOLDER/site.yaml, and its ledger: ten
 * sightings a device and day until today, half of the devices moved in the middle of it (10000 100 is ten
 * million). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"
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

int main(int argc, char **argv)
{
	struct nf_store *store = NULL;
	struct nf_error err = {0};
	uint64_t devices, days;

	if (argc != 4 || nf_parse_u64(argv[2], 1, 60000, &devices) ||
		nf_parse_u64(argv[3], 1, 1000, &days)) {
		fprintf(stderr, "usage: ledger FOLDER DEVICES DAYS\n");
		return 2;
	}
	char *file = nf_xasprintf("%s/site.yaml", argv[1]);
	char *state = nf_xasprintf("%s/state", argv[1]);
	int64_t today = nf_clock_now().wall_us / NF_DAY_US;

	write_site(file, argv[1], (unsigned)devices);
	if (nf_store_open(state, NF_STORE_WRITE, 5000, &store, &err) != NF_OK) {
		fprintf(stderr, "ledger: %s\n", err.text);
		return 3;
	}
	fill(store, (unsigned)devices, today - (int64_t)days, (int64_t)days);
	nf_store_close(store);
	free(state);
	free(file);
	return 0;
}
