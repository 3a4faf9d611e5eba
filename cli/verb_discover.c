// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rights.h"
#include "base/text.h"
#include "cli/discovered.h"
#include "cli/progress.h"
#include "collector/ping/pinger.h"

#define WINDOW 512 /* addresses asked at once; the pace of the network is kept by the pinger */
#define ECHOES 1

struct discovery {
	const struct nf_site *site;
	const struct nf_network *network;
	uv_loop_t loop;
	struct nf_pinger *pinger;
	struct nf_asker *asker;
	struct nf_identify_ways ways;
	struct nf_sweep sweep;
	uint64_t total, asked, answered;
	size_t under_way; /* pings and identifications */
	struct nf_burst
		unsent; /* the last that did not leave; .trouble NF_BURST_FINE: all did */
	struct nf_discovered found;
	struct nf_progress progress;
};

/* One address that is asked. */
struct target {
	struct discovery *discovery;
	struct nf_addr address;
};

static void ask_more(struct discovery *d);

static void finish_one(struct discovery *d)
{
	char text[64];
	d->under_way--;
	snprintf(text, sizeof text, "%llu of %llu addresses, %llu answer",
		(unsigned long long)d->asked, (unsigned long long)d->total,
		(unsigned long long)d->answered);
	nf_progress_show(&d->progress, text);
	ask_more(d);
	if (d->under_way == 0)
		uv_stop(&d->loop);
}

static void on_identity(const struct nf_identified *identity, void *arg)
{
	struct discovery *d = arg;
	nf_progress_clear(&d->progress);
	nf_discovered_new(&d->found, identity);
	finish_one(d);
}

static void on_burst(const struct nf_burst *burst, void *arg)
{
	struct target *target = arg;
	struct discovery *d = target->discovery;
	struct nf_addr address = target->address;
	free(target);
	if (burst->sent == 0 && burst->unsent > 0)
		d->unsent = *burst;
	if (burst->received == 0) {
		finish_one(d);
		return;
	}
	d->answered++;
	const struct nf_device *device = nf_site_device_at(d->site, d->network, &address);
	if (device == NULL) {
		nf_identify(d->asker, &d->loop, &d->ways, d->network, &address, on_identity, d);
		return;
	}
	nf_progress_clear(&d->progress);
	nf_discovered_known(&d->found, device, &address);
	finish_one(d);
}

static void ask_more(struct discovery *d)
{
	struct nf_addr address;
	while (d->under_way < WINDOW && nf_sweep_next(&d->sweep, &address)) {
		struct target *target = nf_xcalloc(1, sizeof *target);
		*target = (struct target){d, address};
		d->under_way++;
		d->asked++;
		nf_pinger_burst(d->pinger,
			&(struct nf_ping_ask){
				.network = d->network->index,
				.address = address,
				.echoes = ECHOES,
				.timeout_us = d->site->polling.ping_timeout_us,
			},
			on_burst, target);
	}
}

static enum nf_err open_all(struct discovery *d, struct nf_error *err)
{
	enum nf_err code = nf_pinger_open(&d->pinger, err);
	if (code == NF_OK)
		code = nf_asker_new(&d->loop, d->site, &d->asker, err);
	if (code == NF_OK)
		code = nf_rights_shed(err);
	if (code == NF_OK)
		code = nf_rights_become_owner(d->site->state_dir, err);
	if (code == NF_OK)
		code = nf_pinger_start(
			d->pinger, &d->loop, d->site->networks.items, d->site->networks.len);
	return code;
}

/* Who was not asked has not failed to answer. */
static int tell_unsent(const struct discovery *d)
{
	char why[NF_ERROR_TEXT_MAX];
	fprintf(stderr,
		"netfold discover: not every address could be asked, so that nobody knows who is "
		"missing: network %s: %s\n",
		d->network->id,
		nf_burst_trouble_text(
			&d->unsent, d->network->source.interface, why, sizeof why));
	return NF_EXIT_FAILED;
}

static void closed(void *arg)
{
	(void)arg;
}

static int discover(struct discovery *d)
{
	struct nf_error err = {0};
	int status = NF_EXIT_GOOD;
	uv_loop_init(&d->loop);
	d->found.site = d->site;
	d->found.network = d->network;
	d->found.sweep = &d->sweep;
	if (open_all(d, &err) == NF_OK) {
		nf_discovered_begin(&d->found);
		nf_progress_begin(&d->progress, "discover");
		ask_more(d);
		if (d->under_way > 0)
			uv_run(&d->loop, UV_RUN_DEFAULT);
		nf_progress_end(&d->progress);
		nf_discovered_heard(&d->found);
		if (d->unsent.trouble == NF_BURST_FINE)
			nf_discovered_silent(&d->found);
		else
			status = tell_unsent(d);
	} else {
		status = nf_cli_failed(&nf_verb_discover, &err);
	}
	nf_pinger_close(d->pinger);
	if (d->asker != NULL)
		nf_asker_close(d->asker, closed, NULL);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	uv_loop_close(&d->loop);
	nf_discovered_end(&d->found);
	return status;
}

/* Only the prefixes that can be swept; says which cannot. */
static size_t choose_prefixes(const struct nf_network *network, struct nf_prefix *prefixes)
{
	size_t len = 0;
	for (size_t i = 0; i < network->prefixes.len; i++) {
		const struct nf_prefix *p = &network->prefixes.items[i];
		char text[NF_ADDR_TEXT_MAX];
		if (nf_sweep_count(p, 1) <= NF_SWEEP_MAX)
			prefixes[len++] = *p;
		else
			fprintf(stderr,
				"netfold discover: %s/%u has too many addresses, and is left out: "
				"narrow it with --prefix\n",
				nf_addr_format(&p->addr, text), p->bits);
	}
	return len;
}

static bool is_inside(const struct nf_network *network, const struct nf_prefix *prefix)
{
	for (size_t i = 0; i < network->prefixes.len; i++)
		if (network->prefixes.items[i].bits <= prefix->bits &&
			nf_prefix_contains(&network->prefixes.items[i], &prefix->addr))
			return true;
	return false;
}

static int prepare(struct discovery *d, const char *prefix_text)
{
	struct nf_prefix one, *prefixes = nf_xcalloc(d->network->prefixes.len + 1, sizeof one);
	size_t len = 1;
	int status = NF_EXIT_USAGE;
	if (prefix_text == NULL)
		len = choose_prefixes(d->network, prefixes);
	else if (nf_prefix_parse(prefix_text, &prefixes[0]) != NF_OK)
		len = 0;
	d->sweep = (struct nf_sweep){.prefixes = prefixes, .len = len};
	d->total = nf_sweep_count(prefixes, len);
	if (prefix_text != NULL && len == 0)
		nf_cli_usage(&nf_verb_discover, "--prefix \"%s\" is no prefix", prefix_text);
	else if (prefix_text != NULL && !is_inside(d->network, &prefixes[0]))
		nf_cli_usage(&nf_verb_discover, "--prefix \"%s\" is not in network \"%s\"",
			prefix_text, d->network->id);
	else if (d->total == 0 || d->total > NF_SWEEP_MAX)
		nf_cli_usage(&nf_verb_discover,
			"%s addresses to ask in network \"%s\"; choose with --prefix",
			d->total == 0 ? "no" : "too many", d->network->id);
	else
		status = discover(d);
	free(prefixes);
	return status;
}

/* "did you mean", where there is a nearest. */
static void refuse_name(const char *what, const char *id, const char **ids, size_t len)
{
	const char *nearest = nf_nearest(id, ids, len);
	nf_cli_usage(&nf_verb_discover, "no %s \"%s\"%s%s%s", what, id,
		nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "\"?" : "");
}

static const struct nf_network *choose_network(const struct nf_site *site, const char *id)
{
	const struct nf_network *network = id != NULL ? nf_site_network(site, id) : NULL;
	if (network != NULL)
		return network;
	if (id == NULL) {
		nf_cli_usage(&nf_verb_discover, "which network? --network ID");
		return NULL;
	}
	const char **ids = nf_xcalloc(site->networks.len + 1, sizeof *ids);
	NF_EACH(struct nf_network, n, site->networks)
	ids[n->index] = n->id;
	refuse_name("network", id, ids, site->networks.len);
	free(ids);
	return NULL;
}

static const struct nf_snmp *find_way(const struct nf_site *site, const char *id)
{
	NF_EACH(struct nf_snmp, snmp, site->snmp)
	if (strcmp(snmp->id, id) == 0)
		return snmp;
	return NULL;
}

static void refuse_way(const struct nf_site *site, const char *id)
{
	const char **ids = nf_xcalloc(site->snmp.len + 1, sizeof *ids);
	size_t len = 0;
	NF_EACH(struct nf_snmp, snmp, site->snmp)
	ids[len++] = snmp->id;
	refuse_name("way to ask over SNMP", id, ids, len);
	free(ids);
}

/* The ways that were asked for, no others; without any, those that give nothing away. */
static bool choose_ways(struct discovery *d, const char *const *asked, size_t len)
{
	d->ways = nf_identify_ways(d->site, d->network);
	if (len == 0 && d->ways.len == 0 && d->site->snmp.len > 0)
		fprintf(stderr,
			"netfold discover: nothing is asked over SNMP: no device of network %s has a way "
			"to be asked, and those of other networks are told to nobody here; name one with "
			"--snmp\n",
			d->network->id);
	if (len == 0)
		return true;
	free(d->ways.items);
	d->ways = (struct nf_identify_ways){.items = nf_xcalloc(len, sizeof *d->ways.items)};
	for (size_t i = 0; i < len; i++) {
		const struct nf_snmp *snmp = find_way(d->site, asked[i]);
		if (snmp == NULL) {
			refuse_way(d->site, asked[i]);
			return false;
		}
		d->ways.items[d->ways.len++] = snmp;
	}
	return true;
}

struct wanted {
	const char *network, *prefix;
	const char **ways;
	size_t ways_len;
};

static int discover_as(struct discovery *d, const struct nf_cli *cli, const struct wanted *w)
{
	struct nf_site *site = nf_cli_site(cli);
	int status = NF_EXIT_USAGE;
	if (site == NULL)
		return status;
	d->site = site;
	d->network = choose_network(site, w->network);
	if (d->network != NULL && choose_ways(d, w->ways, w->ways_len))
		status = prepare(d, w->prefix);
	free(d->ways.items);
	nf_site_free(site);
	return status;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"network", required_argument, NULL, 'n'},
		{"new",	no_argument,	     NULL, 'o'},
		{"prefix",  required_argument, NULL, 'p'},
		{"snmp",	 required_argument, NULL, 's'},
		{NULL,      0,		  NULL, 0	 },
	};
	struct wanted wanted = {.ways = nf_xcalloc((size_t)argc, sizeof *wanted.ways)};
	struct discovery d = {0};
	int status = -1;
	for (int c; status < 0 && (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			status = nf_cli_bad_option(&nf_verb_discover, argv);
		wanted.network = c == 'n' ? optarg : wanted.network;
		wanted.prefix = c == 'p' ? optarg : wanted.prefix;
		d.found.only_new |= c == 'o';
		if (c == 's')
			wanted.ways[wanted.ways_len++] = optarg;
	}
	if (status < 0 && optind < argc)
		status = nf_cli_usage(
			&nf_verb_discover, "\"%s\" is one argument too many", argv[optind]);
	if (status < 0)
		status = discover_as(&d, cli, &wanted);
	free(wanted.ways);
	return status;
}

const struct nf_verb nf_verb_discover = {
	.name = "discover",
	.arguments = "--network ID [--prefix PREFIX] [--new] [--snmp ID…]",
	.summary = "ask every address of a network, and print rows of devices.csv",
	.run = run,
};
