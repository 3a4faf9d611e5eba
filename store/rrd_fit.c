// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <rrd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/rrd_args.h"
#include "store/rrd_file.h"

/* How a file differs from what is wanted. */
struct difference {
	bool other_thing; /* no DS in common, or one of another kind */
	bool ds_missing, step;
	bool bounds;
};

static struct difference compare(const struct nf_shape *have, const struct nf_shape *want)
{
	struct difference d = {.other_thing = true, .step = have->step_s != want->step_s};
	bool kinds_differ = false;
	for (size_t i = 0; i < want->ds_len; i++) {
		const struct nf_ds *b = &want->ds[i];
		int place = nf_shape_find(have, b->name);
		if (place < 0) {
			d.ds_missing = true;
			continue;
		}
		const struct nf_ds *a = &have->ds[place];
		d.other_thing = false;
		kinds_differ |= a->kind != b->kind;
		d.bounds |= !(a->min == b->min || (isnan(a->min) && isnan(b->min))) ||
			    !(a->max == b->max || (isnan(a->max) && isnan(b->max)));
	}
	d.bounds |= have->heartbeat_s != want->heartbeat_s;
	d.other_thing |= kinds_differ;
	return d;
}

/* The file's DS, with the wanted ones' bounds, and those it lacks behind them. False: too many. */
static bool unite(
	const struct nf_shape *have, const struct nf_shape *want, struct nf_shape *out)
{
	*out = *have;
	out->step_s = want->step_s;
	out->heartbeat_s = want->heartbeat_s;
	for (size_t i = 0; i < want->ds_len; i++) {
		int place = nf_shape_find(out, want->ds[i].name);
		if (place < 0 && out->ds_len == NF_DS_MAX)
			return false;
		if (place < 0)
			place = (int)out->ds_len++;
		out->ds[place] = want->ds[i];
	}
	return true;
}

static enum nf_err tune(const char *path, const struct nf_shape *have,
	const struct nf_shape *want, struct nf_error *err)
{
	struct nf_rrd_args args = {0};
	char bound[NF_RRD_BOUND_MAX];
	nf_rrd_args_add(&args, "tune");
	nf_rrd_args_add(&args, "%s", path);
	for (size_t i = 0; i < want->ds_len; i++) {
		const struct nf_ds *ds = &want->ds[i];
		if (nf_shape_find(have, ds->name) < 0)
			continue;
		nf_rrd_args_add(&args, "--heartbeat");
		nf_rrd_args_add(&args, "%s:%u", ds->name, want->heartbeat_s);
		nf_rrd_args_add(&args, "--minimum");
		nf_rrd_args_add(&args, "%s:%s", ds->name, nf_rrd_bound(ds->min, bound));
		nf_rrd_args_add(&args, "--maximum");
		nf_rrd_args_add(&args, "%s:%s", ds->name, nf_rrd_bound(ds->max, bound));
	}
	rrd_clear_error();
	char **words = (char **)(uintptr_t)args.items;
	enum nf_err rc = NF_OK;
	/* rrd_tune reorders its words: the list is freed by what we kept of it. */
	char **kept = nf_xcalloc(args.len, sizeof(char *));
	memcpy(kept, words, args.len * sizeof(char *));
	if (rrd_tune((int)args.len, words) != 0)
		rc = nf_error_set(err, NF_ESYS, "cannot tune %s: %s", path, rrd_get_error());
	memcpy(words, kept, args.len * sizeof(char *));
	free(kept);
	nf_rrd_args_free(&args);
	return rc;
}

static enum nf_err set_aside(const char *path, struct nf_error *err)
{
	char stamp[32];
	time_t now = (time_t)(nf_clock_now().wall_us / NF_US_PER_S);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	char *name = nf_xasprintf("%s.damaged-%s", path, stamp);
	enum nf_err rc = NF_OK;
	if (rename(path, name) != 0)
		rc = nf_error_errno(err, "cannot move %s aside", path);
	free(name);
	return rc;
}

/* A file somebody copied with holes would kill us by SIGBUS on a full disk. */
static enum nf_err fill_holes(const char *path, struct nf_error *err)
{
	struct stat st;
	if (stat(path, &st) != 0 || (int64_t)st.st_blocks * 512 >= st.st_size)
		return NF_OK;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return nf_error_errno(err, "%s", path);
	int rc = posix_fallocate(fd, 0, st.st_size);
	close(fd);
	if (rc != ENOSPC && rc != EDQUOT)
		return NF_OK;
	errno = rc;
	return nf_error_errno(err, "%s has holes", path);
}

static enum nf_err make(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *want, int64_t first_s, enum nf_rrd_fate fate,
	struct nf_rrd_fit *fit, struct nf_error *err)
{
	fit->fate = fate;
	return nf_rrd_make(maker, path, want, first_s, &fit->info, err);
}

static enum nf_err replace(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *want, int64_t first_s, const char *reason,
	struct nf_rrd_fit *fit, struct nf_error *err)
{
	nf_text_escape_buf(fit->reason, sizeof fit->reason, reason);
	enum nf_err rc = set_aside(path, err);
	return rc == NF_OK ? make(maker, path, want, first_s, NF_RRD_REPLACED, fit, err) : rc;
}

static enum nf_err change(struct nf_rrd_maker *maker, const char *path,
	const struct nf_rrd_info *have, const struct nf_shape *want, const struct difference *d,
	const struct nf_shape *united, struct nf_rrd_fit *fit, struct nf_error *err)
{
	fit->fate = NF_RRD_KEPT;
	fit->info = *have;
	enum nf_err rc = fill_holes(path, err);
	if (rc != NF_OK)
		return rc;
	if (d->ds_missing || d->step) {
		fit->fate = NF_RRD_GROWN;
		rc = nf_rrd_grow(maker, path, have->last_s, united, err);
	} else if (d->bounds) {
		fit->fate = NF_RRD_TUNED;
		rc = tune(path, &have->shape, want, err);
	}
	return rc == NF_OK && fit->fate != NF_RRD_KEPT ? nf_rrd_look(path, &fit->info, err)
						       : rc;
}

enum nf_err nf_rrd_fit(struct nf_rrd_maker *maker, const char *path,
	const struct nf_shape *want, int64_t first_s, struct nf_rrd_fit *fit,
	struct nf_error *err)
{
	struct nf_rrd_info have;
	struct nf_error why;
	enum nf_err rc = nf_rrd_look(path, &have, &why);
	if (rc == NF_ENOENT)
		return make(maker, path, want, first_s, NF_RRD_MADE, fit, err);
	if (rc == NF_ECORRUPT)
		return replace(maker, path, want, first_s, why.text, fit, err);
	if (rc != NF_OK) {
		if (err != NULL)
			*err = why;
		return rc;
	}
	struct difference d = compare(&have.shape, want);
	struct nf_shape united;
	if (d.other_thing || !unite(&have.shape, want, &united))
		return replace(
			maker, path, want, first_s, "it holds other data sources", fit, err);
	return change(maker, path, &have, want, &d, &united, fit, err);
}
