// SPDX-License-Identifier: GPL-3.0-or-later
/* speak: texts for people in a language of the build's catalogues. */
#pragma once

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "tests/test.h"

static inline void speak(const char *language)
{
	char *folder = nf_xasprintf("%s/po", getenv("NF_BUILD"));
	setenv("NETFOLD_LOCALE", folder, 1);
	assert_true(nf_i18n_open(language));
	free(folder);
}
