// SPDX-License-Identifier: GPL-3.0-or-later
/* rrd_undo: makes an update of an RRD all or nothing for a process that may be killed. librrd changes a
 * file's header in place, step by step; killed in between, a file stays readable but its rows are shifted.
 * Shape:   <state_dir>/rrd/.undo, mapped: the header of the one file that is being updated, as it was
 *          before. At the next start it is put back, and the samples come again from the journal; rows
 *          written in between are written once more.
 * Crash:   against the death of the process only: nothing is synced to the disk, as librrd itself does not.
 * Role:    netfold-series; single thread.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

struct nf_rrd_undo;

/* Puts back what a killed predecessor left. Never fails: what cannot be opened now is tried again by
 * nf_rrd_undo_begin. */
struct nf_rrd_undo *nf_rrd_undo_open(const char *state_dir) __attribute__((returns_nonnull));
void nf_rrd_undo_close(struct nf_rrd_undo *undo); /* NULL is fine */

/* Before an update of path, whose header has header_bytes. NF_EFULL, NF_ESYS, NF_EPERM; NF_ENOENT: the
 * file is gone; NF_ERANGE: the header is larger than any of ours. */
enum nf_err nf_rrd_undo_begin(
	struct nf_rrd_undo *undo, const char *path, size_t header_bytes, struct nf_error *err);
/* The update is done, or did nothing. */
void nf_rrd_undo_end(struct nf_rrd_undo *undo);
