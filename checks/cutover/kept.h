// SPDX-License-Identifier: GPL-3.0-or-later
/* kept: what a pass leaves behind for its readers as one JSON value of state.db, by a name ("cutover.duplicates").
 * Errors, memory: as in store/store.h; what read gives is the caller's (json_decref).
 */
#pragma once

#include "store/store.h"

#include <jansson.h>

/* Written only when it is another text. */
enum nf_err nf_kept_put(struct nf_store *store, const char *name, const char *json);
/* An empty list (JSON_ARRAY) or object (JSON_OBJECT) where none was ever kept, or what is kept is damaged. */
enum nf_err nf_kept_read(
	struct nf_store *store, const char *name, json_type type, json_t **value);
