// SPDX-License-Identifier: GPL-3.0-or-later
/* at: instants as tables and sentences show them, in the process's time zone, which is the site's.
 * Shape:   "2011-02-05 18:04", with its seconds "2011-02-05 18:04:05"; 0: "never", in the language of base/i18n.h.
 *          They return buf.
 */
#pragma once

#include <stdint.h>

#define NF_AT_MAX   32
#define NF_AT_CLOCK 11 /* where "18:04" begins */

char *nf_at_minute(int64_t wall_us, char buf[NF_AT_MAX]);
char *nf_at_second(int64_t wall_us, char buf[NF_AT_MAX]);
/* To the second, from "2011-02-05T18:04:05+01:00"; of a text that is none, what there is. */
char *nf_at_of_iso8601(const char *iso, char buf[NF_AT_MAX]);
