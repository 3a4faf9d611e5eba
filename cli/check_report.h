// SPDX-License-Identifier: GPL-3.0-or-later
/* check_report: what a checked site means: what would be asked, who is on call, when windows come.
 * Shape:   one JSON object, which `netfold check --json` prints as it is and without --json as text:
 *          {"ok","at","site","mistakes":[{"file","line","column","severity","message"}],
 *           "networks":[{"id","name","role","devices","addresses","snmp","without_snmp":[NAME],
 *                        "packets_per_second","max_packets_per_second"}],
 *           "on_call":[{"rota","contact","name","mail","until","services":[ID]}],
 *           "windows":[{"kind","id","what","times":[{"from","to"?,"who"?}]}]}
 *          of a site with mistakes only "ok" and "mistakes".
 * Units:   times ISO 8601 with offset in the site's zone (a service's in its own), rates per second.
 * Memory:  gives the object; the caller json_decrefs it.
 */
#pragma once

#include <jansson.h>

#include "conf/load.h"

json_t *nf_check_report(
	const struct nf_site *site, struct nf_diags *diags, int64_t now_wall_us);
/* The same for a reader; `colour` as struct nf_cli. */
void nf_check_print(const json_t *report, bool colour);
