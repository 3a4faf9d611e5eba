// SPDX-License-Identifier: GPL-3.0-or-later
/* manifest: a file of checksums, as sha256sum, sha512sum and md5sum or the BSDs' tools write it.
 * Shape:   pure. Lines "HEX  name", "HEX *name", "\HEX  name" (name escaped), "SHA256 (name) = HEX";
 *          the algorithm of a GNU line is told by its length. Blank lines, "#" comments and lines of
 *          PGP armour are passed over, everything else is counted as not understood.
 * Memory:  nf_manifest_free ends what read made.
 */
#pragma once

#include "checks/backup/ssh/remote.h"

#include <stdbool.h>
#include <stddef.h>

#define NF_MANIFEST_BYTES_MAX (8u << 20)

struct nf_manifest_line {
	char *path; /* the manifest's folder put before a relative name */
	enum nf_remote_hash hash;
	char digest[129]; /* lower-case hex */
};

struct nf_manifest {
	struct nf_manifest_line *lines;
	size_t len, cap;
	size_t strange; /* lines not understood */
};

/* path: of the manifest itself. */
void nf_manifest_read(
	struct nf_manifest *manifest, const char *path, const char *text, size_t len);
void nf_manifest_free(struct nf_manifest *manifest);

/* The line about this path, or NULL. */
const struct nf_manifest_line *nf_manifest_find(
	const struct nf_manifest *manifest, const char *path);
