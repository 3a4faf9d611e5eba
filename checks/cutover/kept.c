// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/kept.h"

#include <stdlib.h>
#include <string.h>

enum nf_err nf_kept_put(struct nf_store *store, const char *name, const char *json)
{
	char *before = NULL;
	enum nf_err e = nf_store_value_get(store, name, &before);

	if (e == NF_ENOENT || (e == NF_OK && strcmp(before, json) != 0))
		e = nf_store_value_put(store, name, json);
	free(before);
	return e;
}

enum nf_err nf_kept_read(
	struct nf_store *store, const char *name, json_type type, json_t **value)
{
	char *text = NULL;
	enum nf_err e = nf_store_value_get(store, name, &text);

	*value = e == NF_OK ? json_loads(text, 0, NULL) : NULL;
	free(text);
	if (!*value || json_typeof(*value) != type) {
		json_decref(*value);
		*value = type == JSON_ARRAY ? json_array() : json_object();
	}
	return e == NF_ENOENT ? NF_OK : e;
}
