// SPDX-License-Identifier: GPL-3.0-or-later
/* moved: a small site that moves, its store, and what the cutover's pages and files make of them.
 * Shape:   network "a" with devices old (10.1.0.5, to 10.100.0.5), still (10.1.0.6, no new address) and gone, of
 *          which the inventory has the new address alone (10.100.0.7); wave "w1" has old and gone.
 * Memory:  moved_new gives, moved_free takes; what is returned as text the caller frees.
 */
#pragma once

#include "tests/conf/fixture.h"
#include "web/page.h"

#define MOVED_NOW  INT64_C(1805112000000000) /* 2027-03-15 12:00 UTC, 13:00 in Stockholm */
#define MOVED_WAVE INT64_C(1805216400000000) /* 2027-03-16 18:00: w1 begins */

struct moved {
	struct fixture *f;
	struct nf_store *store;
	struct nf_moves moves;
	struct nf_model m;
};

struct moved *moved_new(void);
void moved_free(struct moved *m);
/* Reads the store again: after something was put there. */
void moved_read(struct moved *m);
void moved_stage(struct moved *m, const char *device, enum nf_stage stage);
/* The blockers of network "a"; unused texts may be NULL. */
void moved_blockers(struct moved *m, const struct nf_blocker *items, size_t len);

typedef void moved_csv_fn(
	const struct nf_model *m, const struct nf_moves_network *n, struct nf_strbuf *out);
char *moved_csv(const struct moved *m, moved_csv_fn *fn);
/* The pages' bytes: the sheet of "a", the cutover's page, the page of "w1". */
char *moved_sheet(const struct moved *m);
char *moved_cutover(const struct moved *m);
char *moved_wave(const struct moved *m);
/* Of a device's page the part that is about its move. */
char *moved_device(const struct moved *m, const char *device);
