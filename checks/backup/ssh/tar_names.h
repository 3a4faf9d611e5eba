// SPDX-License-Identifier: GPL-3.0-or-later
/* tar_names: whether names are in a tar archive that passes through in pieces.
 * Shape:   pure and incremental: feed the archive's bytes in order, then end. ustar, GNU long names, pax
 *          paths. "./" and "/" before a name do not count; a wanted name that ends in / stands for anything
 *          below it.
 * Bounds:  names over 4 KiB are cut; at most NF_TAR_NAMES_MAX are wanted.
 * Memory:  borrows the wanted names until free.
 * Source:  POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar's manual,
 *          "Basic Tar Format".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_TAR_NAMES_MAX 16u

struct nf_tar_names;

struct nf_tar_names *nf_tar_names_new(const char *const *wanted) /* NULL-terminated */
	__attribute__((returns_nonnull));
void nf_tar_names_free(struct nf_tar_names *t); /* NULL is fine */

/* False: this is no tar archive, or a damaged one; nf_tar_names_why tells. */
bool nf_tar_names_feed(struct nf_tar_names *t, const uint8_t *bytes, size_t len);
/* After the last byte: whether the archive's end was there. */
bool nf_tar_names_end(struct nf_tar_names *t);

const char *nf_tar_names_why(const struct nf_tar_names *t);
uint64_t nf_tar_names_count(const struct nf_tar_names *t);
/* The first wanted name that is not in it; "" none. */
const char *nf_tar_names_missing(const struct nf_tar_names *t);
/* Whether anything in it was a tar header at all. */
bool nf_tar_names_is_tar(const struct nf_tar_names *t);
