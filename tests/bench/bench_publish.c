// SPDX-License-Identifier: GPL-3.0-or-later
/* bench_publish: CPU of one look of netfold-publish, in its own process: everything, nothing changed, and 1 % of
 * the devices changed.
 *   bench_publish SITE     (made by tests/web/history and netfold-series) */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "conf/load.h"
#include "web/publish.h"

static double cpu_ms(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* The next device that nobody lies behind. */
static const struct nf_device *leaf(const struct nf_site *site, size_t i)
{
	for (; i + 1 < site->devices.len; i++) {
		bool parent = false;
		for (size_t k = 0; k < site->devices.len && !parent; k++)
			parent = site->devices.items[k].parent == &site->devices.items[i];
		if (!parent)
			break;
	}
	return &site->devices.items[i];
}

static void change(const struct nf_site *site, struct nf_store *store, size_t every, int round)
{
	nf_store_begin(store);
	for (size_t i = 0; i < site->devices.len; i += every) {
		const struct nf_device *d = leaf(site, i);
		struct nf_check_row row = {.network = d->legs[0].network->id,
			.device = d->name,
			.check = "snmp",
			.program = "netfold-snmp",
			.state = round % 2 != 0 ? NF_STATE_WARNING : NF_STATE_OK,
			.since_wall_us = nf_clock_now().wall_us,
			.output = "changed by the bench",
			.cause = "",
			.interval_us = 3600 * NF_US_PER_S};
		nf_store_check_put(store, &row);
	}
	nf_store_commit(store);
}

/* As the gatherers do all the time: nothing grows stale while this measures. */
static void ask_all(const struct nf_site *site, struct nf_store *store)
{
	nf_store_begin(store);
	NF_EACH(struct nf_device, d, site->devices)
	{
		const char *network = d->legs[0].network->id;
		int64_t now_us = nf_clock_now().wall_us;
		nf_store_asked_put(store, "netfold-ping", network, d->name, now_us);
		if (d->snmp != NULL)
			nf_store_asked_put(store, "netfold-snmp", network, d->name, now_us);
	}
	nf_store_commit(store);
}

static void look(struct nf_publisher *publisher, struct nf_store *store, const char *what)
{
	struct nf_error err = {0};
	double before = cpu_ms();
	if (nf_publisher_cycle(publisher, store, nf_clock_now(), 0, &err) != NF_OK)
		printf("failed: %s\n", err.text);
	struct nf_publish_stats stats = nf_publisher_stats(publisher);
	printf("%-16s %8.1f ms CPU  %6zu files  %9zu bytes\n", what, cpu_ms() - before,
		stats.pages, stats.bytes);
}

int main(int argc, char **argv)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;
	struct nf_store *store = NULL;
	struct nf_publisher *publisher = NULL;
	struct nf_error err = {0};
	if (argc < 2 || nf_site_load(argv[1], diags, &site) != NF_OK ||
		nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &store, &err) != NF_OK ||
		nf_publisher_new(site, NULL, NULL, &publisher, &err) != NF_OK) {
		fprintf(stderr, "usage: bench_publish SITE %s\n", err.text);
		return 2;
	}
	ask_all(site, store);
	look(publisher, store, "everything");
	int idle = argc == 3 ? atoi(argv[2]) : 3;
	for (int round = 1; round <= idle; round++) {
		ask_all(site, store);
		look(publisher, store, "nothing changed");
	}
	for (int round = 1; round <= 3; round++) {
		ask_all(site, store);
		change(site, store, 100, round);
		look(publisher, store, "1 % changed");
	}
	nf_publisher_free(publisher);
	publisher = NULL;
	double before = cpu_ms();
	if (nf_publisher_new(site, NULL, NULL, &publisher, &err) == NF_OK)
		printf("%-16s %8.1f ms CPU\n", "a new start", cpu_ms() - before);
	look(publisher, store, "its first look");
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	printf("%zu devices, %ld KiB at most\n", site->devices.len, used.ru_maxrss);
	nf_publisher_free(publisher);
	nf_store_close(store);
	nf_site_free(site);
	nf_diags_free(diags);
	return 0;
}
