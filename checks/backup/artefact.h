// SPDX-License-Identifier: GPL-3.0-or-later
/* artefact: the file that a backup leaves: which one it is, and whether it can be a good one.
 * Shape:   pure. nf_artefact_pick chooses among what a pattern matched; nf_artefact_judge says what it is
 *          worth: of the right run, not in the future, not growing, large enough, like its forerunners.
 * Units:   seconds on the server's clock in entries, bytes.
 * Memory:  borrows the entries.
 */
#pragma once

#include "checks/backup/job.h"
#include "checks/backup/ssh/remote.h"

struct nf_artefact_pick {
	const struct nf_remote_entry *newest; /* NULL: none */
	const struct nf_remote_entry
		*partial; /* the newest that is still being written by its name */
	const struct nf_remote_entry *dangling; /* a link to nothing */
	size_t files, directories, partials, danglings;
};

/* entries: newest first, as LIST gives them. */
void nf_artefact_pick(
	const struct nf_remote_entry *entries, size_t len, struct nf_artefact_pick *pick);
/* "x.tar.gz.part", ".x.tar.gz.a1B2c3" (rsync): a name that says that it is not finished. */
bool nf_artefact_is_partial(const char *name);

/* An artefact of an earlier run. */
struct nf_artefact_past {
	uint64_t size;
	int64_t mtime_s;
	char hash[160]; /* "" unknown */
	char path[600]; /* cut; "" unknown */
};

struct nf_artefact_seen {
	const char *pattern;
	const struct nf_remote_entry *entries;
	size_t len;
	bool truncated;			     /* not all entries are there */
	bool has_again;			     /* looked at twice */
	struct nf_remote_stat again;	     /* the newest one, a little later */
	const char *hash;		     /* of the newest, NULL unknown */
	const struct nf_artefact_past *past; /* proved runs, newest first */
	size_t past_len;
};

void nf_artefact_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_artefact_seen *seen, struct nf_proof_answer *answer);

/* The median of the sizes that the newest is compared with: of proved runs, else of the other files
 * there. 0: nothing to compare with. */
uint64_t nf_artefact_median(
	const struct nf_proof *proof, const struct nf_artefact_seen *seen, size_t *count);
