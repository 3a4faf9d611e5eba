// SPDX-License-Identifier: GPL-3.0-or-later
/* ending: does a file carry its format's own proof that it was written to its end?
 * Shape:   pure and incremental: the caller reads the bytes that are wanted, from wherever they lie, and
 *          feeds them, until there is a verdict. A few KiB, at most some hundred, whatever the size:
 *              nf_ending_begin(&e, name, size);
 *              while (nf_ending_wants(e, &offset, &len))
 *                      nf_ending_feed(e, bytes, got);
 *              verdict = nf_ending_verdict(e, &detail);
 * Kinds:   told by the content's first bytes, never by the name: gzip, xz, zstd, bzip2, zip (64), tar, 7z,
 *          SQL dumps of MySQL, MariaDB, PostgreSQL and SQLite, pg_dump's custom format, SQLite
 *          databases, qcow2, VHD, VMDK. Inside gzip the end of an SQL dump is looked for as well.
 * Trust:   a proof of the end, not of the middle: `deep` streams the whole file.
 * Errors:  a short feed (got < len) means that the file shrank: broken.
 * Memory:  create gives, free takes; feeds are borrowed for the call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_ending_verdict {
	NF_ENDING_COMPLETE,
	NF_ENDING_BROKEN,   /* it is such a file, and its end is missing or wrong */
	NF_ENDING_NO_PROOF, /* a format without an end of its own, or none we know */
};

struct nf_ending;

/* name: the artefact's path, for the detail and for formats whose head tells nothing (raw SQL). */
struct nf_ending *nf_ending_new(const char *name, uint64_t size)
	__attribute__((returns_nonnull));
void nf_ending_free(struct nf_ending *ending); /* takes; NULL is fine */

/* What to read next; false once there is a verdict. len is at most NF_ENDING_READ_MAX, and the piece lies
 * inside the size given. */
#define NF_ENDING_READ_MAX 409600u
bool nf_ending_wants(const struct nf_ending *ending, uint64_t *offset, size_t *len);
void nf_ending_feed(struct nf_ending *ending, const uint8_t *bytes, size_t len);

/* detail: one line for people, borrowed: "gzip: trailer says 4.1 GiB, SQL dump's last line is there". */
enum nf_ending_verdict nf_ending_verdict(const struct nf_ending *ending, const char **detail);
