// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

char **nf_program_env(void)
{
	static const char *const ours[] = {"NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=",
		"LISTEN_PID=", "LISTEN_FDS=", "LISTEN_FDNAMES=", "NETFOLD_SUPERVISOR="};
	size_t len = 0, kept = 0;

	while (environ[len])
		len++;
	char **env = nf_xcalloc(len + 2, sizeof *env);
	for (size_t i = 0; i < len; i++) {
		bool is_ours = false;
		for (size_t k = 0; k < sizeof ours / sizeof *ours; k++)
			is_ours |= strncmp(environ[i], ours[k], strlen(ours[k])) == 0;
		if (!is_ours)
			env[kept++] = nf_xstrdup(environ[i]);
	}
	env[kept] = nf_xasprintf("NETFOLD_SUPERVISOR=%d", (int)getpid());
	return env;
}

void nf_program_env_free(char **env)
{
	for (size_t i = 0; env && env[i]; i++)
		free(env[i]);
	free(env);
}
