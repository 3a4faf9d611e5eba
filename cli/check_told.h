// SPDX-License-Identifier: GPL-3.0-or-later
/* check_told: who is on call, and who would be mailed of trouble that begins now, covers taken into
 * account.
 * Shape:   "on_call": [{rota, contact, name, mail, why, services, escalate_to, escalate_after}] and
 *          "told": [{service ("" for what has none), critical, warning}], each of those two
 *          {contact, when: "at once"}, {when, at} or {when: "nobody"}.
 */
#pragma once

#include <jansson.h>

#include "conf/site.h"

void nf_check_told(const struct nf_site *site, int64_t now_wall_us, json_t *report);
