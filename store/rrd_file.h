// SPDX-License-Identifier: GPL-3.0-or-later
/* rrd_file: one RRD file: made, looked at, brought to its definition, updated.
 * Shape:   every DS of the shape; archives: the step × 1500, 10 min × 1008, 1 h × 750, 1 d × 400, all of
 *          AVERAGE and, but for the first, of MAX. 7 DS are 332 kB.
 * Full:    a file is written whole when it is made: it is never sparse, so an update needs no room on the
 *          disk (librrd maps files; a hole on a full disk would kill the process by SIGBUS).
 * Errors:  NF_EBUSY somebody holds the file's lock; NF_EFULL; NF_ESYS and NF_EPERM with a text.
 * Role:    netfold-series; single thread. The only files besides series_fetch that know librrd.
 * Source:  rrdcreate(1), rrdupdate(1), rrdtune(1).
 */
#pragma once

#include "base/err.h"
#include "store/shapes.h"

#include <stdbool.h>
#include <stdint.h>

/* New files of one shape and time are alike: the last one made is kept as bytes. */
struct nf_rrd_maker;

struct nf_rrd_maker *nf_rrd_maker_new(const char *state_dir) __attribute__((returns_nonnull));
void nf_rrd_maker_free(struct nf_rrd_maker *maker); /* NULL is fine */

struct nf_rrd_info {
	struct nf_shape shape; /* DS in the file's order; at most NF_DS_MAX */
	int64_t last_s;	       /* of the last update */
	size_t header_bytes;
};
/* NF_ENOENT: no file, or an empty one; NF_ECORRUPT: not an RRD, cut short, or DS of another kind. */
enum nf_err nf_rrd_look(const char *path, struct nf_rrd_info *info, struct nf_error *err);

/* Makes path and its folders for a first sample at first_s. info->last_s: the time the file begins at. */
enum nf_err nf_rrd_make(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *shape, int64_t first_s, struct nf_rrd_info *info,
	struct nf_error *err);

/* Adds DS to path, or changes its step, and keeps its history (rrdcreate(1), --source). */
enum nf_err nf_rrd_grow(struct nf_rrd_maker *maker, const char *path, int64_t last_s,
	const struct nf_shape *shape, struct nf_error *err);

/* What became of a file that nf_rrd_fit looked at. */
enum nf_rrd_fate {
	NF_RRD_KEPT,
	NF_RRD_MADE,
	NF_RRD_TUNED, /* bounds or heartbeat changed */
	NF_RRD_GROWN, /* DS were added, or the step changed; the history was kept */
	NF_RRD_REPLACED, /* damaged, or another thing's: moved to PATH.damaged-TIME and made anew */
};
struct nf_rrd_fit {
	enum nf_rrd_fate fate;
	struct nf_rrd_info info; /* as the file is now: may have DS that `want` has not */
	char reason[160];	 /* of NF_RRD_REPLACED */
};
/* Sees to it that path is there and can take samples of `want`. */
enum nf_err nf_rrd_fit(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *want, int64_t first_s, struct nf_rrd_fit *fit,
	struct nf_error *err);

/* Writes `count` updates ("time:value:…", in the file's order, rising); those not newer than the file
 * are skipped. NF_EBUSY: locked; NF_EINVAL: librrd refuses, see the text. */
enum nf_err nf_rrd_update(
	const char *path, int count, const char **updates, struct nf_error *err);
