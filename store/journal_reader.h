// SPDX-License-Identifier: GPL-3.0-or-later
/* journal_reader: follows every journal under <state_dir>/journal, as netfold-series does.
 * Shape:   nf_journal_reader_read hands on each new record once; a sample as (series, file, offset), so
 *          that its values can be read again when they are written (nf_journal_reader_sample). Each
 *          sample handed on is owed: nf_journal_reader_done gives it back. A file that is read to its
 *          end, has a successor, and owes nothing is deleted by nf_journal_reader_trim.
 * Errors:  damaged records are skipped and counted; a file of a newer version is left alone.
 * Role:    netfold-series; single thread.
 */
#pragma once

#include "store/shapes.h"

#include <stdbool.h>

struct nf_journal_reader;

/* A series as a file defines it. */
struct nf_journal_series {
	void *series; /* what ops->define returned */
	const struct nf_shape *shape;
};

struct nf_journal_ops {
	/* A series that the file has not named before. Never NULL; texts are borrowed. */
	void *(*define)(const char *network, const char *device, const char *series,
		const struct nf_shape *shape, void *arg);
	void (*sample)(void *series, uint32_t file, uint32_t offset, void *arg);
	void (*rename)(const char *network, const char *device, const char *old_series,
		const char *new_series, void *arg);
};

struct nf_journal_reader *nf_journal_reader_new(const char *state_dir, struct nf_shapes *shapes,
	const struct nf_journal_ops *ops, void *arg);
void nf_journal_reader_free(struct nf_journal_reader *reader);

/* Hands on new records, about max_bytes of them. True: there is more to read now. */
bool nf_journal_reader_read(struct nf_journal_reader *reader, size_t max_bytes);

/* Reads a sample again. NF_ECORRUPT or NF_ESYS where the disk gives something else than before. */
enum nf_err nf_journal_reader_sample(struct nf_journal_reader *reader, uint32_t file,
	uint32_t offset, struct nf_journal_record *record, const struct nf_shape **shape);
void nf_journal_reader_done(struct nf_journal_reader *reader, uint32_t file);
void nf_journal_reader_trim(struct nf_journal_reader *reader);

struct nf_journal_reader_stats {
	uint64_t samples;
	uint64_t damaged; /* records skipped */
	size_t files;	  /* on disk */
};
struct nf_journal_reader_stats nf_journal_reader_stats(const struct nf_journal_reader *reader);
