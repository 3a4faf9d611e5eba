// SPDX-License-Identifier: GPL-3.0-or-later
/* unpack: does a packed stream unpack to its end with every checksum right?
 * Shape:   pure and incremental: feed bytes in order, then end. gzip (several members), xz (several
 *          streams, padding), zstd (several frames), bzip2 (several streams); told by the first bytes.
 *          One feed unpacks at most NF_UNPACK_STEP bytes of text and says how much input it used, so a
 *          bomb costs time, never memory.
 * Memory:  the decoder's window, at most 128 MiB (xz, zstd), and the last NF_REMOTE_TAIL_MAX bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_UNPACK_STEP (1u << 20)
#define NF_UNPACK_TAIL 4096u

struct nf_unpack;

/* head: the file's first bytes, at least 6 where the file has them. NULL: a format we do not unpack. */
struct nf_unpack *nf_unpack_new(const uint8_t *head, size_t len);
void nf_unpack_free(struct nf_unpack *u);
/* All text goes to fn, too, piece by piece. */
void nf_unpack_tee(
	struct nf_unpack *u, void (*fn)(void *arg, const uint8_t *text, size_t len), void *arg);

/* False: broken, nf_unpack_why tells. *used bytes were taken; feed the rest again. */
bool nf_unpack_feed(struct nf_unpack *u, const uint8_t *bytes, size_t len, size_t *used);
/* After the last byte: whether the stream is complete. */
bool nf_unpack_end(struct nf_unpack *u);

const char *nf_unpack_why(const struct nf_unpack *u); /* "the checksum of … is wrong" */
const char *nf_unpack_format(const struct nf_unpack *u);
uint64_t nf_unpack_size(const struct nf_unpack *u); /* of the text so far */
/* The text's last bytes, at most NF_UNPACK_TAIL; borrowed until the next feed. */
const uint8_t *nf_unpack_tail(struct nf_unpack *u, size_t *len);
