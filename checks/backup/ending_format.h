// SPDX-License-Identifier: GPL-3.0-or-later
/* ending_format: what a format's file (ending_<format>.c) sees of an ending, and the table of them.
 * Shape:   a format is {name, recognise, step}. recognise looks at the head (up to 1 KiB); step is
 *          called with the piece that was wanted last (first: the head itself) and calls exactly one of
 *          want, complete, broken, no_proof.
 * Memory:  nf_ending_state gives a format its own zeroed struct, the same at every call.
 */
#pragma once

#include "base/cursor.h"
#include "checks/backup/ending.h"

#define NF_ENDING_HEAD 1024

struct nf_ending_format {
	const char *name;
	bool (*recognise)(const uint8_t *head, size_t len);
	void (*step)(struct nf_ending *e, const uint8_t *bytes, size_t len);
};

uint64_t nf_ending_size(const struct nf_ending *e);
/* Where the piece now at hand lies in the file. */
uint64_t nf_ending_offset(const struct nf_ending *e);
/* How many pieces came before this one: 0 for the head. */
unsigned nf_ending_turn(const struct nf_ending *e);
void *nf_ending_state(struct nf_ending *e, size_t size) __attribute__((returns_nonnull));
const char *nf_ending_name(const struct nf_ending *e);

void nf_ending_want(struct nf_ending *e, uint64_t offset, size_t len);
/* The last len bytes of the file, or all of it. */
void nf_ending_want_tail(struct nf_ending *e, size_t len);
void nf_ending_complete(struct nf_ending *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void nf_ending_broken(struct nf_ending *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void nf_ending_no_proof(struct nf_ending *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

extern const struct nf_ending_format nf_ending_gzip, nf_ending_xz, nf_ending_zstd,
	nf_ending_bzip2, nf_ending_zip, nf_ending_tar, nf_ending_7z, nf_ending_sql,
	nf_ending_pgdump, nf_ending_sqlite, nf_ending_qcow2, nf_ending_vhd, nf_ending_vmdk;
