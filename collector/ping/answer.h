// SPDX-License-Identifier: GPL-3.0-or-later
/* answer: what the bursts to a device's addresses say about it: a state and a line for people.
 * Shape:   pure. The device is as good as its best address. No answer is critical, and so is a network that
 *          this machine has no way into (interface gone or down): seen from here nothing in it can be
 *          reached, and its router, asked as everybody's parent, takes the blame. What this machine itself
 *          dropped, or was not allowed to send, is unknown.
 * Units:   monotonic microseconds; percent.
 */
#pragma once

#include "base/strbuf.h"
#include "collector/ping/burst.h"
#include "conf/site.h"
#include "store/state.h"

#define NF_ANSWER_BURSTS 10 /* loss is judged over so many */

/* What is remembered of one address. A burst of which nothing came back may be loss or an outage: two in
 * a row (confirming ones included) were an outage, and are no loss once an answer comes. */
struct nf_leg_history {
	struct {
		uint32_t answered, lost;
	} bursts[NF_ANSWER_BURSTS]; /* the usual ones, a ring */
	size_t next, len;
	size_t silent;	     /* bursts in a row without an answer, confirming ones included */
	size_t silent_usual; /* of them: usual ones, at the ring's end */
	int64_t answered_mono_us; /* 0: never */
};

void nf_leg_history_add(
	struct nf_leg_history *history, const struct nf_burst *burst, bool usual);
/* Percent lost over the ring; NaN while it is empty. */
double nf_leg_history_loss(const struct nf_leg_history *history);

struct nf_leg_look {
	const struct nf_leg *leg;
	const struct nf_burst *burst; /* added to history already */
	const struct nf_leg_history *history;
};

/* What the inventory calls silent need not answer: that nothing came back is ok then, and the line says why.
 * Anything else stays as it is: what this machine cannot ask, what answers badly. */
enum nf_state nf_ping_answer_of_silent(enum nf_state state, const struct nf_leg_look *looks,
	size_t len, struct nf_strbuf *line);

/* looks: of all legs, at least one. before: the hard state the check stands at. Appends the line. */
enum nf_state nf_ping_answer(const struct nf_polling *polling, const struct nf_leg_look *looks,
	size_t len, enum nf_state before, int64_t mono_us, struct nf_strbuf *line);
