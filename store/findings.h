// SPDX-License-Identifier: GPL-3.0-or-later
/* findings: what netfold-series has to say to state.db: its row of figures, and events that wait until the
 * store takes them.
 * Memory:  texts are copied. At most 1,000 findings wait, the rest is only in the log.
 * Role:    netfold-series; single thread.
 */
#pragma once

#include "store/beat.h"
#include "store/follow.h"

struct nf_findings;

/* Opens state.db where that is possible, else tries again at each beat. NF_ENEWER: it never will be. Borrows
 * beat. */
enum nf_err nf_findings_new(const char *state_dir, const struct nf_beat *beat,
	struct nf_findings **findings, struct nf_error *err);
void nf_findings_free(struct nf_findings *findings); /* NULL is fine */

/* An nf_finding_fn; arg is the struct nf_findings. Logs, and queues an event. */
void nf_findings_add(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg);
/* Writes the program's row and what waits. cycle_wall_us: the last full round ended. */
void nf_findings_beat(struct nf_findings *findings, struct nf_now now,
	const struct nf_follow_stats *stats, int64_t cycle_wall_us);
