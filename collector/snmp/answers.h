// SPDX-License-Identifier: GPL-3.0-or-later
/* answers: a report's parts to answers for the judge: thresholds, states, rows that vanished.
 * Shape:   nf_answers_begin, nf_answers_part for each complete part, nf_answers_end. A check exists from
 *          its first answer; one whose rule says `none` is closed. After a look at everything, checks that
 *          no row answered any more are closed, or, by their `gone`, a problem for a day and then closed.
 * Memory:  borrows everything.
 */
#pragma once

#include "base/clock.h"
#include "checks/cutover/vacated.h"
#include "checks/judge.h"
#include "collector/snmp/report.h"
#include "conf/profile.h"

#include <stdbool.h>

struct nf_answers {
	struct nf_judge *judge;
	const struct nf_device *device;
	struct nf_now now;
	int64_t cycle_us, topology_us, settles_us;
	bool silent; /* the agent did not answer: what is said is of one check alone */
	bool whole;  /* a look at everything: nf_answers_end ends what was not answered */
	const json_t *vacated;	 /* checks/cutover/vacated.h; NULL: nothing is expected */
	enum nf_judge_next next; /* the most urgent so far */
	struct nf_answered_name *names;
};

/* A state for the check of this name, "snmp" for one. A port that is expected to be down is ok. */
void nf_answers_say(struct nf_answers *a, const char *check, enum nf_state state,
	const char *output, int64_t interval_us);
/* Judges every record of the part. Returns the most urgent of its own answers. */
enum nf_judge_next nf_answers_part(struct nf_answers *a, const struct nf_part *part);
/* Ends what no row answers any more, when `complete` (every one of these groups that has checks was) and
 * `whole`. Checks whose names begin with "snmp" are not the profiles'. */
void nf_answers_end(
	struct nf_answers *a, const struct nf_group *const *groups, size_t len, bool complete);
