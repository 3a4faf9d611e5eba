// SPDX-License-Identifier: GPL-3.0-or-later
/* journal: how a gatherer hands samples to netfold-series: append-only files, a folder of them a program.
 * Shape:   <state_dir>/journal/<program>/<16 hex digits>.nfj, numbered upwards. A file is a header and
 *          records {length, CRC-32C, type, body}: what a series is, a sample of it, its new name. The
 *          bytes stand in store/journal_format.h. A file that is 15 min old, or over 4 MiB and eight
 *          times its definitions, is ended and the next one begun; netfold-series deletes a file once
 *          all of it is in the RRDs and a later one exists.
 * Crash:   nf_journal_flush returns after write(2): a killed process loses nothing that was flushed. A
 *          record cut in the middle ends its file for the reader; the writer starts a new file at open.
 * Full:    a write that fails leaves whole records only (the rest is cut off again); the samples stay
 *          queued in memory, 64 MiB at most, the oldest dropped and counted, and go out with a later
 *          flush.
 * Units:   samples carry wall seconds; counters are 64-bit, gauges doubles.
 * Memory:  definitions are copied.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_ds_kind {
	NF_DS_GAUGE,
	NF_DS_DERIVE, /* of a counter: rate per second, min 0 */
};

#define NF_DS_NAME_MAX 19 /* bytes, rrdcreate(1) */
#define NF_DS_MAX      16

struct nf_ds {
	char name[NF_DS_NAME_MAX + 1]; /* [A-Za-z0-9_] */
	enum nf_ds_kind kind;
	double min, max; /* NaN: no bound; of the rate for DERIVE */
};

struct nf_series_def {
	const char *network, *device, *series; /* "admin", "sw-1", "interface eth0" */
	uint32_t step_s;
	uint32_t heartbeat_s;
	struct nf_ds ds[NF_DS_MAX];
	size_t ds_len;
};

/* One value: unknown, or by its DS's kind. */
struct nf_value {
	bool known;
	union {
		double gauge;
		uint64_t counter;
	};
};

struct nf_journal;

enum nf_err nf_journal_open(const char *state_dir, const char *program,
	struct nf_journal **journal, struct nf_error *err);
/* Flushes; takes. NULL is fine. */
void nf_journal_close(struct nf_journal *journal);

/* The handle of a series, the same for the same three names; a changed definition replaces the old. */
uint32_t nf_journal_series(struct nf_journal *journal, const struct nf_series_def *def);
/* Queues: the series of def->network and def->device named old_series is now called def->series (an
 * interface got another name): its history moves along, unless the new name has a history already. */
void nf_journal_rename(
	struct nf_journal *journal, const struct nf_series_def *def, const char *old_series);
/* Queues a sample of as many values as the definition has ds. Never fails, never writes. */
void nf_journal_sample(struct nf_journal *journal, uint32_t series, int64_t wall_s,
	const struct nf_value *values);
/* Writes what is queued: NF_OK, NF_EFULL or NF_ESYS (still queued). Call once a tick. */
enum nf_err nf_journal_flush(struct nf_journal *journal, struct nf_error *err);

struct nf_journal_stats {
	uint64_t samples; /* written */
	uint64_t dropped; /* lost to the memory cap */
	size_t queued_bytes;
};
struct nf_journal_stats nf_journal_stats(const struct nf_journal *journal);
