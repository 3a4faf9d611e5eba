// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/programs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/place.h"

static bool has_wire(const struct nf_site *site)
{
	NF_EACH(struct nf_network, n, site->networks)
	if (n->wire.len > 0)
		return true;
	return false;
}

static const struct nf_suite_program suite[] = {
	{
		.name = "netfold-ping",
		.job = "ICMP echo, and who is reachable",
		.right = "CAP_NET_RAW until its sockets are open, then none, for good",
		.capability = "cap_net_raw",
		.build_path = "collector/ping/netfold-ping",
		.pass = 0,
	 },
	{
		.name = "netfold-snmp",
		.job = "SNMP",
		.right = "reads the SNMP secrets",
		.build_path = "collector/snmp/netfold-snmp",
		.pass = 0,
	 },
	{
		.name = "netfold-wire",
		.job = "sightings on the old wires",
		.right = "CAP_NET_RAW until its captures are open, then none, for good",
		.capability = "cap_net_raw",
		.needed = has_wire,
		.build_path = "collector/wire/netfold-wire",
		.pass = 0,
	 },
	{
		.name = "netfold-verify",
		.job = "backup proofs over SSH",
		.right = "the SSH key, in a process of its own",
		.build_path = "checks/backup/netfold-verify",
		.pass = 0,
	 },
	{
		.name = "netfold-series",
		.job = "the sample journal into RRD files",
		.right = "writes the series, no network",
		.build_path = "store/netfold-series",
		.pass = 1,
	 },
	{
		.name = "netfold-notify",
		.job = "events to incidents to mail",
		.right = "reads the mail password",
		.build_path = "alert/netfold-notify",
		.pass = 2,
	 },
	{
		.name = "netfold-publish",
		.job = "the dashboard as static pages",
		.right = "writes the pages, no network",
		.build_path = "web/netfold-publish",
		.pass = 3,
	 },
	{
		.name = "netfold-serve",
		.job = "the small web server of the dashboard",
		.right = "reads the pages and listens on the loopback, nothing else",
		.build_path = "web/netfold-serve",
		.pass = NF_SUITE_PASSES,
	 },
};

size_t nf_suite_len(void)
{
	return sizeof suite / sizeof *suite;
}

const struct nf_suite_program *nf_suite_at(size_t i)
{
	return &suite[i];
}

bool nf_suite_is_needed(const struct nf_suite_program *program, const struct nf_site *site)
{
	return program->needed == NULL || program->needed(site);
}

static char *executable(char *path)
{
	if (path != NULL && access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static char *beside_ourselves(const struct nf_suite_program *program)
{
	char *folder = nf_place_of_self(), *path = NULL;
	if (folder == NULL)
		return NULL;
	const char *last = strrchr(folder, '/');
	/* In a build tree this command lies in cli/. */
	if (last != NULL && strcmp(last, "/cli") == 0)
		path = executable(nf_xasprintf("%s/../%s", folder, program->build_path));
	if (path == NULL)
		path = executable(nf_xasprintf("%s/%s", folder, program->name));
	free(folder);
	return path;
}

char *nf_suite_path(const struct nf_suite_program *program)
{
	const char *set = getenv("NETFOLD_LIBEXEC");
	if (set != NULL && *set != '\0')
		return executable(nf_xasprintf("%s/%s", set, program->name));
	char *path = beside_ourselves(program);
	if (path != NULL)
		return path;
	return executable(nf_xasprintf("%s/%s", NF_LIBEXEC_DIR, program->name));
}
