// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_files.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define DIGITS 16

char *nf_journal_dir(const char *state_dir, const char *program)
{
	struct nf_strbuf dir = {0};
	nf_strbuf_printf(&dir, "%s/journal/", state_dir);
	nf_safename(&dir, program, strlen(program));
	return nf_strbuf_take(&dir);
}

char *nf_journal_file(const char *dir, uint64_t number)
{
	return nf_xasprintf("%s/%016" PRIx64 ".nfj", dir, number);
}

bool nf_journal_file_number(const char *name, uint64_t *number)
{
	if (strspn(name, "0123456789abcdef") != DIGITS || strcmp(name + DIGITS, ".nfj") != 0)
		return false;
	*number = strtoull(name, NULL, 16);
	return true;
}

enum nf_err nf_journal_last_file(const char *dir, uint64_t *number, struct nf_error *err)
{
	DIR *d = opendir(dir);
	if (d == NULL)
		return nf_error_errno(err, "%s", dir);
	uint64_t last = 0, n;
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (nf_journal_file_number(e->d_name, &n) && n > last)
			last = n;
	}
	closedir(d);
	*number = last;
	return NF_OK;
}
