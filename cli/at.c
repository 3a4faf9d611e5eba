// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/at.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

#define DAY_LEN	   10
#define MINUTE_LEN 16
#define SECOND_LEN 19

static char *cut(const char *iso, int len, char buf[NF_AT_MAX])
{
	snprintf(buf, NF_AT_MAX, "%.*s", len, iso);
	if (strlen(buf) > DAY_LEN)
		buf[DAY_LEN] = ' ';
	return buf;
}

static char *show(int64_t wall_us, int len, char buf[NF_AT_MAX])
{
	char iso[NF_ISO8601_MAX];
	if (wall_us != 0)
		return cut(nf_iso8601(wall_us, iso), len, buf);
	snprintf(buf, NF_AT_MAX, "%s", _("never"));
	return buf;
}

char *nf_at_minute(int64_t wall_us, char buf[NF_AT_MAX])
{
	return show(wall_us, MINUTE_LEN, buf);
}

char *nf_at_second(int64_t wall_us, char buf[NF_AT_MAX])
{
	return show(wall_us, SECOND_LEN, buf);
}

char *nf_at_of_iso8601(const char *iso, char buf[NF_AT_MAX])
{
	return cut(iso, SECOND_LEN, buf);
}
