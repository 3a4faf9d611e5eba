// SPDX-License-Identifier: GPL-3.0-or-later
/* inventory: site->devices from the rows of devices.csv and the site file's own "devices".
 * Errors:  mistakes go to the binder's diags; a row with one is left out or half filled, and reading
 *          goes on.
 */
#pragma once

#include "conf/bind.h"

void nf_inventory_load(struct nf_bind *b, yaml_document_t *doc);
/* The rows of a file's text; `file` is what messages call it. */
void nf_inventory_parse(struct nf_bind *b, yaml_document_t *doc, const char *file,
	const char *text, size_t len);
