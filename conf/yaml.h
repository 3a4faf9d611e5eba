// SPDX-License-Identifier: GPL-3.0-or-later
/* yaml: the site file as libyaml's nodes, after everything odd has been refused.
 * Refused: not UTF-8, a byte order mark, no or a second document, aliases, tags, scalars over 64 KiB,
 *          files over 8 MiB, nesting over 20 levels; whatever libyaml refuses.
 * Errors:  NF_EINVAL, or the code of base/file.h; in either case diags say what is wrong and where.
 *          Messages hold nothing of the file's text.
 * Memory:  gives *doc on NF_OK; the caller ends it with yaml_document_delete.
 */
#pragma once

#include <yaml.h>

#include "base/err.h"
#include "conf/diag.h"

enum nf_err nf_yaml_load(const char *file, struct nf_diags *diags, yaml_document_t *doc);
/* The same of text in memory; `file` is what messages call it. */
enum nf_err nf_yaml_parse(const char *file, const char *text, size_t len,
	struct nf_diags *diags, yaml_document_t *doc);
