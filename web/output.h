// SPDX-License-Identifier: GPL-3.0-or-later
/* output: files below www_dir, each whole: written to a temporary name and renamed.
 * Crash:   no fsync: pages are made anew at the next start, and renaming keeps a reader from half a page.
 * Errors:  as base/file.h; the old file stays.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct nf_output {
	int dir; /* of www_dir */
	size_t written, bytes;
	int64_t written_wall_us; /* the mtime of what was written last */
};

enum nf_err nf_output_open(const char *www_dir, struct nf_output *out, struct nf_error *err);
void nf_output_close(struct nf_output *out);
/* path: "device/x.html", below www_dir; its folder must exist (nf_output_open makes them). */
enum nf_err nf_output_put(struct nf_output *out, const char *path, const void *data, size_t len,
	struct nf_error *err);
/* The mtime of a file below www_dir; 0: it is not there. */
int64_t nf_output_written_us(const struct nf_output *out, const char *path);
/* Puts a file that is there already under another name as well, without a byte written: works on a full disk. */
enum nf_err nf_output_link(
	struct nf_output *out, const char *from, const char *path, struct nf_error *err);
/* Removes what lies in `folder` and `keep` refuses. */
typedef int nf_output_keep_fn(const char *file, void *arg);
void nf_output_sweep(
	struct nf_output *out, const char *folder, nf_output_keep_fn *keep, void *arg);
