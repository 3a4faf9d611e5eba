// SPDX-License-Identifier: GPL-3.0-or-later
/* follow_series: the series that netfold-series knows, and the writing of one.
 * Role:    store/follow.c only.
 */
#pragma once

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "store/follow.h"
#include "store/journal_reader.h"
#include "store/pending.h"
#include "store/rrd_file.h"
#include "store/rrd_undo.h"
#include "store/shapes.h"

struct nf_followed {
	struct nf_queue queue;
	const struct nf_shape *wanted; /* the newest definition */
	const struct nf_shape *fitted; /* the one the file was last fitted to; NULL: none yet */
	const struct nf_shape *file;   /* what the file holds, in its order */
	int64_t last_s;		       /* its last update */
	size_t header_bytes;	       /* of the file */
	int64_t retry_mono_us;	       /* not before */
	int64_t failing_since_mono_us; /* 0: it does not */
	const char *network, *device, *name; /* into key */
	UT_hash_handle hh;
	char key[]; /* the three names, each with its NUL */
};

struct nf_series_table {
	struct nf_followed *by_key; /* hash */
	struct nf_followed **items; /* in the order they came */
	size_t len, cap;
	struct nf_pending pending;
	struct nf_shapes *shapes;
	struct nf_journal_reader *reader; /* borrowed */
	struct nf_rrd_maker *maker;
	struct nf_rrd_undo *undo;
	char *state_dir;
	nf_finding_fn *finding;
	void *finding_arg;
	struct nf_strbuf text; /* of the update being put together */
	struct nf_follow_stats stats;
	uint64_t updates; /* calls of librrd */
	int64_t oldest_s; /* sample written in this slice */
	int64_t lag_s;
	bool no_room; /* a file could not be made: the disk is full */
};

void nf_series_table_init(struct nf_series_table *table, const char *state_dir,
	nf_finding_fn *finding, void *arg);
void nf_series_table_free(struct nf_series_table *table);

/* Finds or makes it, and gives it this shape. */
struct nf_followed *nf_series_table_define(struct nf_series_table *table, const char *network,
	const char *device, const char *series, const struct nf_shape *shape);
/* The history of the old name goes on under the new one, unless that has a file already; what the old
 * one owes goes along. */
void nf_series_table_rename(struct nf_series_table *table, const char *network,
	const char *device, const char *old_series, const char *new_series);

/* One pass over some series. */
struct nf_write_round {
	struct nf_now now;
	int64_t newest_s; /* samples dated later are kept (hold) or dropped */
	bool hold;
	bool impatient;	     /* also those that wait before they are tried again */
	uint32_t makes_left; /* new files still allowed */
};
/* Writes what a series owes, as far as it can be written now. */
void nf_series_write(struct nf_series_table *table, struct nf_followed *series,
	struct nf_write_round *round);
