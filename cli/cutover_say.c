// SPDX-License-Identifier: GPL-3.0-or-later
/* What people say about the move: exemptions, and what the ledger is to forget. */
#include "cli/cutover.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/choose.h"
#include "cli/fold.h"
#include "conf/zone.h"
#include "store/cutover.h"
#include "store/sightings.h"

/* The start of that day in the process's zone, or with `after` its end. */
static bool read_day(const char *text, bool after, int64_t *wall_us)
{
	const struct nf_daytime midnight = {0, 0};
	struct nf_date date;
	if (nf_date_parse(text, &date) != NF_OK || date.year == 0)
		return false;
	*wall_us = nf_zone_instant("", date, midnight);
	if (after)
		*wall_us = nf_daytime_next(midnight, "", *wall_us);
	return true;
}

static int write_exemption(const struct nf_site *site, struct nf_exemption *e, bool end)
{
	const struct nf_device *device = nf_choose_device(&nf_verb_cutover, site, e->device);
	if (device == NULL)
		return NF_EXIT_USAGE;
	struct nf_store *store = nf_cutover_open(site);
	if (store == NULL)
		return NF_EXIT_FAILED;
	char until[NF_ISO8601_MAX];
	struct nf_strbuf text = {0};
	enum nf_err rc = end ? nf_exemption_drop(store, e->device) : nf_exemption_put(store, e);
	if (rc != NF_OK)
		fprintf(stderr, "netfold cutover: %s\n", nf_store_error(store));
	else if (end)
		nf_strbuf_printf(&text, "%s moves again.\n", e->device);
	else
		nf_strbuf_printf(&text, "%s is exempt to the end of %.10s: %s (%s)\n",
			e->device, nf_iso8601(e->until_wall_us - 1, until), e->reason,
			e->owner);
	if (text.data != NULL)
		nf_fold_lines(stdout, text.data, nf_fold_terminal());
	nf_strbuf_free(&text);
	nf_store_close(store);
	return rc == NF_OK ? nf_cli_finish(NF_EXIT_GOOD) : NF_EXIT_FAILED;
}

/* What is missing or wrong; NULL: nothing. */
static const char *why_not(const struct nf_exemption *e, const char *until, int64_t now_us)
{
	if (e->reason == NULL || *e->reason == '\0')
		return "--reason says why it stays";
	if (e->owner == NULL || *e->owner == '\0')
		return "--owner says who answers for that";
	if (until == NULL)
		return "--until says how long: the last day, such as 2011-06-30";
	if (e->until_wall_us == 0)
		return "--until is a day, such as 2011-06-30";
	return e->until_wall_us <= now_us ? "--until has passed already" : NULL;
}

int nf_cutover_exempt(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"reason", required_argument, NULL, 'r'},
		{"owner",  required_argument, NULL, 'o'},
		{"until",  required_argument, NULL, 'u'},
		{"end",	no_argument,	     NULL, 'e'},
		{NULL,     0,		  NULL, 0	 },
	};
	struct nf_exemption e = {.at_wall_us = nf_clock_now().wall_us};
	const char *until = NULL;
	bool end = false;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_cutover, argv);
		e.reason = c == 'r' ? optarg : e.reason;
		e.owner = c == 'o' ? optarg : e.owner;
		until = c == 'u' ? optarg : until;
		end |= c == 'e';
	}
	if (optind + 1 != argc)
		return nf_cli_usage(&nf_verb_cutover, "exempt: which device? One name");
	e.device = argv[optind];
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	if (until != NULL)
		read_day(until, true, &e.until_wall_us);
	const char *why = end ? NULL : why_not(&e, until, e.at_wall_us);
	int status = why != NULL ? nf_cli_usage(&nf_verb_cutover, "exempt: %s", why)
				 : write_exemption(site, &e, end);
	nf_site_free(site);
	return status;
}

static int forget(const struct nf_site *site, int64_t before_day, const char *mac)
{
	uint64_t removed = 0;
	struct nf_store *store = nf_cutover_open(site);
	if (store == NULL)
		return NF_EXIT_FAILED;
	enum nf_err rc = nf_sightings_purge(store, before_day, mac, 0, &removed);
	if (rc != NF_OK)
		fprintf(stderr, "netfold cutover: %s\n", nf_store_error(store));
	printf("%" PRIu64 " days of sightings and callers forgotten%s\n", removed,
		rc == NF_OK ? "." : " before it failed.");
	nf_store_close(store);
	return rc == NF_OK ? nf_cli_finish(NF_EXIT_GOOD) : NF_EXIT_FAILED;
}

int nf_cutover_purge(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"before", required_argument, NULL, 'b'},
		{"mac",	required_argument, NULL, 'm'},
		{NULL,     0,		  NULL, 0	 },
	};
	const char *before = NULL, *mac = NULL;
	char canonical[NF_MAC_TEXT_MAX];
	struct nf_mac parsed;
	int64_t before_us = 0;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_cutover, argv);
		before = c == 'b' ? optarg : before;
		mac = c == 'm' ? optarg : mac;
	}
	if (optind != argc || (before == NULL && mac == NULL))
		return nf_cli_usage(&nf_verb_cutover,
			"purge: --before DAY, or --mac MAC, or both, says what to forget");
	if (mac != NULL && nf_mac_parse(mac, &parsed) != NF_OK)
		return nf_cli_usage(&nf_verb_cutover, "purge: \"%s\" is no MAC address", mac);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	int status;
	/* Days of the ledger are UTC's; a local day begins within half a day of that of its date. */
	if (before != NULL && !read_day(before, false, &before_us))
		status = nf_cli_usage(
			&nf_verb_cutover, "purge: --before is a day, such as 2011-06-30");
	else
		status = forget(site, (before_us + NF_DAY_US / 2) / NF_DAY_US,
			mac != NULL ? nf_mac_format(&parsed, canonical) : NULL);
	nf_site_free(site);
	return status;
}
