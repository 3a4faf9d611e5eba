// SPDX-License-Identifier: GPL-3.0-or-later
/* schema_doc: copies a manual page's source from stdin to stdout; the line "@SCHEMA@" becomes the
 * schema's tables. Runs at build time only. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "conf/schema_text.h"

int main(void)
{
	char line[4096];
	bool found = false;

	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "@SCHEMA@\n") != 0) {
			fputs(line, stdout);
			continue;
		}
		nf_schema_print_manual(stdout);
		found = true;
	}
	return found && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
