// SPDX-License-Identifier: GPL-3.0-or-later
/* publish: keeps www_dir as the store says.
 * Shape:   a device's page is written when what it shows changed, or when it would grow too old
 *          (cadence.device_us); the others at every full look. What nothing changed costs a look only.
 * Failure: the last good pages stay; fresh.js says so to whoever reads them with a script, "valid until" to
 *          the others.
 * Memory:  borrows the site and the store; nf_publisher_free ends it.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"
#include "web/model.h"

struct nf_publisher;

struct nf_publish_stats {
	uint64_t cycles, failures;
	size_t pages, bytes; /* of the last cycle */
	size_t owed;	     /* device pages that the last cycle left for the next one */
	int64_t took_us;     /* the last cycle */
};

/* assets: the folder of style.css and app.js; dygraphs: of dygraph.min.js; either may be NULL: charts and
 * style are then missing, and the log says so. */
enum nf_err nf_publisher_new(const struct nf_site *site, const char *assets,
	const char *dygraphs, struct nf_publisher **publisher, struct nf_error *err);
void nf_publisher_free(struct nf_publisher *publisher);

/* One full look. slice_us: stop starting device pages after so long (0: never) and count them as owed. */
enum nf_err nf_publisher_cycle(struct nf_publisher *publisher, struct nf_store *store,
	struct nf_now now, int64_t slice_us, struct nf_error *err);
struct nf_publish_stats nf_publisher_stats(const struct nf_publisher *publisher);
