// SPDX-License-Identifier: GPL-3.0-or-later
/* load: a site file, its devices.csv and its secrets' files, into one checked site.
 * Errors:  NF_EINVAL: mistakes, all of them in diags; NF_ENOENT and other codes of base/file.h where the
 *          file itself cannot be read (in diags, too). Warnings alone are no failure.
 * Memory:  gives *site; the caller frees it with nf_site_free.
 */
#pragma once

#include "base/err.h"
#include "conf/diag.h"
#include "conf/site.h"

enum nf_err nf_site_load(const char *file, struct nf_diags *diags, struct nf_site **site);
/* For programs whose mistakes go to the log, at their start: NF_EINVAL after mistakes. */
enum nf_err nf_site_load_logged(const char *file, struct nf_site **site, struct nf_error *err);
/* The same at a reload, when the site that is there stays: NULL after mistakes, and said so. */
struct nf_site *nf_site_reload_logged(const char *file);

/* The same of a text in memory; `file` is what messages call it, and its folder is where relative names
 * begin. */
enum nf_err nf_site_parse(const char *file, const char *text, size_t len,
	struct nf_diags *diags, struct nf_site **site);

/* What a reload changes, in words for the log: "polling, networks ~1, devices +3 -1 ~2",
 * or "nothing". Caller frees. */
char *nf_site_compare(const struct nf_site *before, const struct nf_site *after);
