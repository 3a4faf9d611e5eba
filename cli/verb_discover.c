// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/identify.h"
#include "cli/progress.h"
#include "cli/sweep.h"
#include "collector/ping/pinger.h"
#include "collector/ping/rights.h"

#define WINDOW 512 /* addresses asked at once; the pace of the network is kept by the pinger */
#define ECHOES 1

struct discovery {
	const struct nf_site *site;
	const struct nf_network *network;
	bool only_new;
	uv_loop_t loop;
	struct nf_pinger *pinger;
	struct nf_asker *asker;
	struct nf_sweep sweep;
	uint64_t total, asked, answered;
	size_t under_way; /* pings and identifications */
	bool *seen;	  /* devices that answered, by index */
	struct nf_progress progress;
};

/* One address that is asked. */
struct target {
	struct discovery *discovery;
	struct nf_addr address;
};

static void ask_more(struct discovery *d);

/* RFC 4180: quoted where it must be, quotes doubled. */
static void print_field(const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void print_row(const char *name, enum nf_kind kind, const struct discovery *d,
	const struct nf_addr *address, const struct nf_snmp *snmp, bool is_new)
{
	char text[NF_ADDR_TEXT_MAX];
	print_field(name);
	printf(",%s,%s,%s,%s,%s\n", nf_kind_text(kind), d->network->id,
		nf_addr_format(address, text), snmp != NULL ? snmp->id : "",
		is_new ? "new" : "known");
	fflush(stdout);
}

/* A name that no other device has: what it calls itself, or else its network and address. */
static void name_of(
	const struct discovery *d, const struct nf_identity *identity, char *name, size_t size)
{
	char text[NF_ADDR_TEXT_MAX];
	if (identity->name[0] != '\0' && nf_site_device(d->site, identity->name) == NULL) {
		snprintf(name, size, "%s", identity->name);
		return;
	}
	nf_addr_format(&identity->address, text);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '.' || *c == ':')
			*c = '-';
	snprintf(name, size, "%s-%s", d->network->id, text);
}

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

static void on_identity(const struct nf_identity *identity, void *arg)
{
	struct discovery *d = arg;
	char name[128];
	name_of(d, identity, name, sizeof name);
	nf_progress_end(&d->progress);
	print_row(name, identity->kind, d, &identity->address, identity->snmp, true);
	finish_one(d);
}

static void on_burst(const struct nf_burst *burst, void *arg)
{
	struct target *target = arg;
	struct discovery *d = target->discovery;
	struct nf_addr address = target->address;
	free(target);
	if (burst->received == 0) {
		finish_one(d);
		return;
	}
	d->answered++;
	const struct nf_device *device = nf_site_device_at(d->site, d->network, &address);
	if (device == NULL) {
		nf_identify(d->asker, &d->loop, d->site, d->network, &address, on_identity, d);
		return;
	}
	d->seen[device->index] = true;
	nf_progress_end(&d->progress);
	if (!d->only_new)
		print_row(device->name, device->kind, d, &address, device->snmp, false);
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

static void closed(void *arg)
{
	(void)arg;
}

/* Those of the inventory that should have answered, in what was swept. */
static void print_silent(const struct discovery *d)
{
	NF_EACH(struct nf_device, device, d->site->devices)
	{
		const struct nf_leg *leg = &device->legs[0];
		bool swept = false;
		for (size_t i = 0; i < d->sweep.len; i++)
			swept |= nf_prefix_contains(&d->sweep.prefixes[i], &leg->address);
		if (leg->network == d->network && swept && !d->seen[device->index])
			fprintf(stderr,
				"netfold discover: %s is in the inventory and does not answer\n",
				device->name);
	}
}

static int discover(struct discovery *d)
{
	struct nf_error err = {0};
	int status = NF_EXIT_GOOD;
	uv_loop_init(&d->loop);
	d->seen = nf_xcalloc(d->site->devices.len + 1, sizeof *d->seen);
	if (open_all(d, &err) == NF_OK) {
		puts("name,kind,network,address,snmp,inventory");
		nf_progress_begin(&d->progress, "discover");
		ask_more(d);
		if (d->under_way > 0)
			uv_run(&d->loop, UV_RUN_DEFAULT);
		nf_progress_end(&d->progress);
		print_silent(d);
	} else {
		status = nf_cli_failed(&nf_verb_discover, &err);
	}
	nf_pinger_close(d->pinger);
	if (d->asker != NULL)
		nf_asker_close(d->asker, closed, NULL);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	uv_loop_close(&d->loop);
	free(d->seen);
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
	const char *nearest = nf_nearest(id, ids, site->networks.len);
	free(ids);
	nf_cli_usage(&nf_verb_discover, "no network \"%s\"%s%s%s", id,
		nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "\"?" : "");
	return NULL;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"network", required_argument, NULL, 'n'},
		{"new",	no_argument,	     NULL, 'o'},
		{"prefix",  required_argument, NULL, 'p'},
		{NULL,      0,		  NULL, 0	 },
	};
	const char *network = NULL, *prefix = NULL;
	struct discovery d = {0};
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_discover, argv);
		network = c == 'n' ? optarg : network;
		prefix = c == 'p' ? optarg : prefix;
		d.only_new |= c == 'o';
	}
	if (optind < argc)
		return nf_cli_usage(
			&nf_verb_discover, "\"%s\" is one argument too many", argv[optind]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	d.site = site;
	d.network = choose_network(site, network);
	int status = d.network != NULL ? prepare(&d, prefix) : NF_EXIT_USAGE;
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_discover = {
	.name = "discover",
	.arguments = "--network ID [--prefix PREFIX] [--new]",
	.summary = "ask every address of a network, and print rows of devices.csv",
	.run = run,
};
