// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/programs.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

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
		.name = "netfold-series",
		.job = "the sample journal into RRD files",
		.right = "writes the series, no network",
		.build_path = "store/netfold-series",
		.pass = 1,
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

static char *executable(char *path)
{
	if (path != NULL && access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static char *beside_ourselves(const struct nf_suite_program *program)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	if (len <= 0)
		return NULL;
	self[len] = '\0';
	const char *folder = dirname(self);
	const char *last = strrchr(folder, '/');
	/* In a build tree this command lies in cli/. */
	if (last != NULL && strcmp(last, "/cli") == 0) {
		char *path = executable(nf_xasprintf("%s/../%s", folder, program->build_path));
		if (path != NULL)
			return path;
	}
	return executable(nf_xasprintf("%s/%s", folder, program->name));
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
