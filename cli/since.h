// SPDX-License-Identifier: GPL-3.0-or-later
/* since: the TIME of --since: how long ago ("2h", "3d"), or an instant ("2011-02-03",
 * "2011-02-03T04:05" or "2011-02-03 04:05:06", in the site's zone).
 */
#pragma once

#include "base/err.h"

#include <stdint.h>

#define NF_SINCE_WANTED "\"2h\", \"3d\", \"2011-02-03\" or \"2011-02-03T04:05\""

enum nf_err nf_since_parse(const char *text, int64_t now_wall_us, int64_t *wall_us);
/* "2011-02-03T04:05:06.789+01:00", for what is compared to the second and better. */
#define NF_MILLIS_MAX 48
char *nf_iso8601_millis(int64_t wall_us, char buf[NF_MILLIS_MAX]);
