// SPDX-License-Identifier: GPL-3.0-or-later
/* file: whole files, safely.
 * Errors:  NF_ENOENT, NF_EPERM, NF_EFULL, NF_ESYS with errno; NF_ERANGE over the cap; err->text names
 *          the path.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Gives the content, NUL-terminated behind *len bytes; the caller frees. Regular files only. */
enum nf_err nf_file_read(
	const char *path, size_t max_bytes, char **data, size_t *len, struct nf_error *err);

/* A secret: as nf_file_read (at most 64 KiB), refused with NF_EPERM when group or others may read it
 * or it belongs to neither us nor root; one trailing newline is cut. */
enum nf_err nf_file_read_secret(
	const char *path, char **data, size_t *len, struct nf_error *err);

/* Writes path.tmp-PID beside it, fsyncs, renames, fsyncs the folder: a reader sees the old or the new
 * content, whole; on any failure the old file stays and no litter remains. */
enum nf_err nf_file_write_atomic(
	const char *path, const void *data, size_t len, mode_t mode, struct nf_error *err);

/* mkdir -p; folders that exist are fine. New ones are shared as base/share.h says. */
enum nf_err nf_mkdirs(const char *path, mode_t mode, struct nf_error *err);

/* Free bytes for unprivileged users on path's file system, and its size; either may be NULL. */
enum nf_err nf_disk_free(
	const char *path, uint64_t *free_bytes, uint64_t *total_bytes, struct nf_error *err);

/* Takes an exclusive lock on path (created as base/share.h says, our pid written into it) for the process's life.
 * NF_EEXIST: another process holds it; err->text names its pid. Gives the descriptor: keep it open. */
enum nf_err nf_file_lock(const char *path, int *fd, struct nf_error *err);
