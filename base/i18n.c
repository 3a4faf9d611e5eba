// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"

#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define DOMAIN "netfold"

static bool has_catalogue(const char *folder, const char *language)
{
	char *path = nf_xasprintf("%s/%s/LC_MESSAGES/" DOMAIN ".mo", folder, language);
	bool there = access(path, R_OK) == 0;
	free(path);
	return there;
}

/* In a build tree the program lies in web/ or alert/, the catalogues in po/. */
static char *beside_ourselves(void)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	self[len > 0 ? len : 0] = '\0';
	return nf_xasprintf("%s/../po", dirname(self));
}

bool nf_i18n_open(const char *language)
{
	const char *set = getenv("NETFOLD_LOCALE");
	char *folder = set != NULL ? nf_xstrdup(set) : beside_ourselves();
	if (!has_catalogue(folder, language)) {
		free(folder);
		folder = nf_xstrdup(NF_LOCALE_DIR);
	}
	bool there = has_catalogue(folder, language);
	/* The C locale is never translated; C.UTF-8 is, by LANGUAGE. */
	setlocale(LC_MESSAGES, "C.UTF-8");
	setenv("LANGUAGE", language, 1);
	bindtextdomain(DOMAIN, folder);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
	bind_textdomain_codeset("libc",
		"UTF-8"); /* strerror, whose texts the C locale would ask for in ASCII */
	free(folder);
	return there;
}
