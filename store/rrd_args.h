// SPDX-License-Identifier: GPL-3.0-or-later
/* rrd_args: the words that librrd's functions take, as rrdtool's command line would.
 * Role:    the rrd_*.c files only.
 * Source:  rrdcreate(1).
 */
#pragma once

#include "store/journal_format.h"

#include <stddef.h>

struct nf_rrd_args {
	const char **items; /* NULL behind the last */
	size_t len, cap;
};

void nf_rrd_args_add(struct nf_rrd_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* "DS:…" of the shape and "RRA:…" of all archives. */
void nf_rrd_args_shape(struct nf_rrd_args *args, const struct nf_shape *shape);
void nf_rrd_args_free(struct nf_rrd_args *args);

/* A bound as rrdtool writes it, "U" for none; returns buf. */
#define NF_RRD_BOUND_MAX 32
char *nf_rrd_bound(double bound, char buf[NF_RRD_BOUND_MAX]);
