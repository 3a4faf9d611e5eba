// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/place.h"

#include <libgen.h>
#include <limits.h>
#include <unistd.h>

#include "base/mem.h"

char *nf_place_of_self(void)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	if (len <= 0)
		return NULL;
	self[len] = '\0';
	return nf_xstrdup(dirname(self));
}
