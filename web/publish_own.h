// SPDX-License-Identifier: GPL-3.0-or-later
/* publish_own: the publisher's inside, shared by its files: pages begun, ended and remembered.
 * Only for web/publish*.c.
 */
#pragma once

#include "web/availability.h"
#include "web/banner.h"
#include "web/jobs.h"
#include "web/metrics.h"
#include "web/moving.h"
#include "web/output.h"
#include "web/page.h"
#include "web/publish.h"
#include "web/shown.h"

#define NF_PUBLISH_CYCLE_US (60 * NF_US_PER_S)

/* What is known of a page that lies in www_dir. */
struct nf_page_shown {
	uint64_t hash;
	int64_t due_mono_us; /* written anew at the latest; 0: never written */
	int64_t written_wall_us;
};

struct nf_publisher {
	const struct nf_site *site;
	struct nf_output out;
	struct nf_cadence cadence;
	struct nf_publish_stats stats;
	struct nf_page_shown *devices, *networks, *backups, site_shown, moves_shown;
	struct nf_jobs *jobs;
	struct nf_moving *moving;
	struct nf_availability *availability; /* made anew each hour */
	int64_t availability_mono_us;
	struct nf_pings *pings;
	uint64_t basis;		 /* of what is kept over a restart */
	struct nf_error failure; /* the first of this cycle */
	size_t failed,
		remembered; /* files that could not be written; pages, since they were kept */
	int64_t failing_since_wall_us, last_good_wall_us;
	bool swept;
	struct nf_banner banner;
};

/* A page in the site's language, valid for valid_us. */
struct nf_page nf_publish_begin(
	const struct nf_model *m, const char *root, const char *nav, int64_t valid_us);
/* Writes it, and frees it. A file that cannot be written keeps no other from being written: its old one
 * stays, and the first failure of a cycle is told on all pages. */
bool nf_publish_end(struct nf_publisher *pub, struct nf_page *page, const char *path);
bool nf_publish_put(struct nf_publisher *pub, const char *path, const void *data, size_t len);
void nf_publish_text(
	struct nf_publisher *pub, const char *path, struct nf_strbuf *text); /* frees text */
/* "device/x.html"; caller frees. */
char *nf_publish_path(const char *folder, const char *name, const char *suffix);

/* Nothing more can be written in this cycle. */
bool nf_publish_is_hopeless(const struct nf_publisher *pub);
/* What was shown is still right, and not too old. */
bool nf_publish_is_right(
	const struct nf_page_shown *shown, const struct nf_model *m, uint64_t hash);
void nf_publish_take(struct nf_publisher *pub, const struct nf_model *m,
	struct nf_page_shown *shown, uint64_t hash, int64_t rest_us);
/* Pages written in one go come due spread over half the time, so that they never bunch again. */
int64_t nf_publish_due_after(const struct nf_publisher *pub, size_t index);

/* publish_kept.c: over a restart. */
void nf_publish_recall(struct nf_publisher *pub);
void nf_publish_keep(struct nf_publisher *pub);
/* publish_moves.c: the cutover's pages, when something of them changed or grew too old. */
void nf_publish_moves(struct nf_publisher *pub, const struct nf_model *m);
