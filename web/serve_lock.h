// SPDX-License-Identifier: GPL-3.0-or-later
/* serve_lock: nothing but the pages and the site's files can be opened any more, by Landlock (Linux 5.13).
 * Shape:   what is allowed is the folders themselves, not their names: www_dir made anew is another folder, and
 *          nf_serve_lock_lost says so, because only a new start can open it.
 * Errors:  a kernel without Landlock is no failure: *locked stays false, openat2 still keeps every path within
 *          www_dir (web/serve_file.c).
 * Source:  landlock(7).
 */
#pragma once

#include "base/err.h"
#include "conf/site.h"

#include <stdbool.h>
#include <sys/types.h>

struct nf_serve_lock {
	bool locked;
	dev_t dev; /* of www_dir; 0, 0: it was not there */
	ino_t ino;
};

/* For good, for this process. config_file: as it was given, so that a reload can read it. */
enum nf_err nf_serve_lock_up(const struct nf_site *site, const char *config_file,
	struct nf_serve_lock *lock, struct nf_error *err);
/* www_dir is there, and is not what was allowed. */
bool nf_serve_lock_lost(const struct nf_serve_lock *lock, const char *www_dir);
