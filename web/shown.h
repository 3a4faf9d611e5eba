// SPDX-License-Identifier: GPL-3.0-or-later
/* shown: what is known of the pages that lie in www_dir, kept over a restart, so that it renders nothing anew.
 * Shape:   <state_dir>/publish.pages: a head (magic, basis, number of entries, their checksum) and the entries by key, as the
 *          machine keeps them. It is believed when all of it fits, and of a page only when the file is still
 *          the one that was written: its mtime says so. Whatever else costs one rendering more.
 * Basis:   what all pages depend on: the program itself, the site file and the inventory.
 * Units:   wall microseconds.
 * Memory:  nf_shown_load gives; nf_shown_free ends it.
 */
#pragma once

#include "conf/site.h"
#include "web/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_shown_entry {
	uint64_t key;  /* of the page's path */
	uint64_t hash; /* of what the page depends on */
	int64_t written_wall_us;
};

struct nf_shown_list {
	struct nf_shown_entry *items; /* by key */
	size_t len, cap;
};

uint64_t nf_shown_basis(const struct nf_site *site);
uint64_t nf_shown_key(const char *path);

/* Empty where there is no file that fits. */
void nf_shown_load(const char *state_dir, uint64_t basis, struct nf_shown_list *list);
/* NULL: not known, or www_dir has another file there. */
const struct nf_shown_entry *nf_shown_find(
	const struct nf_shown_list *list, const struct nf_output *out, const char *path);
void nf_shown_add(struct nf_shown_list *list, const struct nf_shown_entry *entry);
/* Sorts the list. What cannot be written is no failure: the next start renders. */
void nf_shown_save(const char *state_dir, uint64_t basis, struct nf_shown_list *list);
void nf_shown_free(struct nf_shown_list *list);
