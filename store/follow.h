// SPDX-License-Identifier: GPL-3.0-or-later
/* follow: from the journals into the RRDs: what netfold-series does.
 * Shape:   nf_follow_read takes new records and notes where each series' samples lie; nf_follow_write
 *          goes round the series, a slice at each call, and writes what each owes in one update. A round
 *          takes 10 s with few series and up to 15 min with many, so that writing costs about 1 % of a
 *          core and many samples share an update. nf_follow_trim deletes journal files that are done.
 * Crash:   nothing is remembered outside the journals and the RRDs: after a kill the journals are read
 *          again from their beginning, and what an RRD has already is skipped.
 * Full:    with little room on the disk nothing is written and nothing deleted; the journals keep it.
 * Role:    netfold-series; single thread.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_follow;

/* Something a person should know of: a damaged file, a full disk. check: "series sw-1/interface eth0".
 * good: it is over. */
typedef void nf_finding_fn(const char *network, const char *device, const char *check,
	bool good, const char *text, void *arg);

struct nf_follow *nf_follow_new(const char *state_dir, nf_finding_fn *finding, void *arg);
void nf_follow_free(struct nf_follow *follow);

/* True: there is more to read now. */
bool nf_follow_read(struct nf_follow *follow);

/* One slice; call it about once a second. */
void nf_follow_write(struct nf_follow *follow, struct nf_now now);
/* Writes whatever is owed, for about budget_us at most (0: any). True: nothing is left that could be
 * written now. */
bool nf_follow_write_all(struct nf_follow *follow, struct nf_now now, int64_t budget_us);
void nf_follow_trim(struct nf_follow *follow);

struct nf_follow_stats {
	uint64_t samples; /* taken from the journals */
	uint64_t written;
	uint64_t
		past; /* not newer than their file: replayed after a restart, or the clock was set back */
	uint64_t future; /* dated over a minute ahead: dropped */
	uint64_t
		refused; /* librrd would not have them, or the disk gave them back broken: dropped */
	uint64_t damaged_records; /* in journals */
	uint64_t made, replaced;  /* RRD files */
	size_t series;
	size_t queue;	  /* samples owed */
	size_t files;	  /* journal files */
	int64_t lag_s;	  /* age of the oldest sample written in the last round's slice */
	int64_t period_s; /* of a round */
	uint64_t rounds;
	bool disk_full, clock_held;
};
struct nf_follow_stats nf_follow_stats(const struct nf_follow *follow);
