// SPDX-License-Identifier: GPL-3.0-or-later
/* Apart from what makes it: netfold-snmp links no more than this. */
#include "checks/cutover/kept.h"
#include "checks/cutover/vacated.h"

enum nf_err nf_vacated_read(struct nf_store *store, json_t **switches)
{
	return nf_kept_read(store, NF_VACATED_KEPT, JSON_OBJECT, switches);
}

const char *nf_vacated_why(const json_t *switches, const char *device, const char *port)
{
	return json_string_value(json_object_get(json_object_get(switches, device), port));
}
