// SPDX-License-Identifier: GPL-3.0-or-later
/* Who answers for a device's silence: itself, something above it, or the network's way out.
 *
 * The way out of a network with two or more devices that have no parent ("roots") is judged by them:
 * when none has answered since the trouble began and enough of them were asked in vain, the network's
 * check "uplink" is critical and they are unreachable. A root that was down before tells nothing; a
 * network with a single live root has no way out of its own to suspect: that root is the cause. */
#include "checks/judge_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/reach.h"

#define UPLINK	       "uplink"
#define UPLINK_WITNESS 8 /* silent roots that are proof enough, where there are more */
#define HOLD_INTERVALS 3 /* a parent that nobody asks holds a problem no longer than this */

static bool is_down(enum nf_state state)
{
	return state == NF_STATE_CRITICAL || state == NF_STATE_UNREACHABLE;
}

static enum nf_state state_of(const struct nf_subject *s)
{
	return s->ping != NULL ? s->ping->verdict.state : NF_STATE_UNKNOWN;
}

static struct nf_uplink *uplink_of(const struct nf_judge *judge, const struct nf_subject *s)
{
	return &judge->uplinks[s->network->index];
}

static const struct nf_check *uplink_check(
	const struct nf_judge *judge, const struct nf_subject *s)
{
	return nf_judge_check(nf_judge_network_subject(judge, s->network->index), UPLINK);
}

static bool is_uplink_down(const struct nf_judge *judge, const struct nf_subject *s)
{
	const struct nf_check *c = uplink_check(judge, s);
	return c != NULL && c->verdict.state == NF_STATE_CRITICAL;
}

/* A root whose silence would be news. */
static bool is_live_root(const struct nf_subject *s)
{
	return state_of(s) != NF_STATE_CRITICAL &&
	       (s->ping != NULL || s->network == s->device->legs[0].network);
}

static const char *topmost_cause(const struct nf_subject *s)
{
	const struct nf_subject *top = s->parent;
	while (top->parent != NULL && is_down(state_of(top->parent)))
		top = top->parent;
	return state_of(top) == NF_STATE_UNREACHABLE ? top->ping->cause : top->device->name;
}

static enum nf_reach ask_parent(struct nf_judge *judge, struct nf_subject *s)
{
	const struct nf_check *ping = s->parent->ping;
	const struct nf_reach_parent parent = {
		.exists = true,
		.state = state_of(s->parent),
		.failing = ping != NULL && ping->verdict.soft_count > 0 &&
			   is_down(ping->verdict.soft),
		.answered_mono_us = s->parent->answered_mono_us,
	};
	enum nf_reach reach = nf_reach_judge(&parent, s->failed_mono_us);
	if (reach == NF_REACH_ASK_PARENT)
		nf_judge_want_subject(judge, s->parent);
	return reach;
}

static void want_witnesses(struct nf_judge *judge, struct nf_uplink *u)
{
	if (u->wanted_mono_us != 0 && judge->now.mono_us - u->wanted_mono_us < NF_US_PER_S)
		return;
	u->wanted_mono_us = judge->now.mono_us;
	size_t left = UPLINK_WITNESS;
	for (struct nf_subject *r = u->roots; r != NULL && left > 0; r = r->sibling) {
		if (!is_live_root(r) || r->failed_mono_us != 0)
			continue;
		nf_judge_want_subject(judge, r);
		left--;
	}
}

static void count_roots(struct nf_judge *judge, struct nf_uplink *u)
{
	u->counted_mono_us = judge->now.mono_us;
	u->live = u->silent = 0;
	for (const struct nf_subject *r = u->roots; r != NULL; r = r->sibling) {
		if (!is_live_root(r))
			continue;
		u->live++;
		if (r->failures > judge->site->polling.confirm)
			u->silent++;
	}
}

static enum nf_reach ask_roots(struct nf_judge *judge, struct nf_subject *s)
{
	struct nf_uplink *u = uplink_of(judge, s);
	if (is_uplink_down(judge, s))
		return NF_REACH_UNREACHABLE;
	if (u->roots_len < 2 || u->answered_mono_us >= s->failed_mono_us)
		return NF_REACH_DOWN;
	/* Among thousands of held problems one count a tick is enough: nobody answers meanwhile. */
	if (!judge->settling || u->counted_mono_us != judge->now.mono_us)
		count_roots(judge, u);
	if (u->live < 2)
		return NF_REACH_DOWN;
	size_t enough = u->live < UPLINK_WITNESS ? u->live : UPLINK_WITNESS;
	if (u->silent < enough || judge->now.mono_us < judge->open_mono_us) {
		want_witnesses(judge, u);
		return NF_REACH_ASK_PARENT;
	}
	char text[128];
	snprintf(text, sizeof text,
		"no device without a parent answers: %zu of %zu were asked in vain", u->silent,
		u->live);
	nf_judge_say(judge, nf_judge_network_subject(judge, s->network->index), UPLINK,
		NF_STATE_CRITICAL, text, judge->site->polling.ping_us);
	for (struct nf_subject *r = u->roots; r != NULL; r = r->sibling)
		if (is_live_root(r) && r->failed_mono_us == 0)
			nf_judge_want_subject(judge, r);
	return NF_REACH_UNREACHABLE;
}

struct nf_opinion nf_judge_reach(struct nf_judge *judge, struct nf_check *check)
{
	struct nf_subject *s = check->subject;
	struct nf_opinion opinion = {check->answer, NF_GATE_OPEN, false, ""};
	if (check->answer != NF_STATE_CRITICAL)
		return opinion;
	switch (s->parent != NULL ? ask_parent(judge, s) : ask_roots(judge, s)) {
	case NF_REACH_UNREACHABLE:
		opinion.state = NF_STATE_UNREACHABLE;
		opinion.cause = s->parent != NULL ? topmost_cause(s) : UPLINK;
		break;
	case NF_REACH_ASK_PARENT:
		if (judge->now.mono_us - s->failed_mono_us <
			HOLD_INTERVALS * judge->site->polling.ping_us) {
			opinion.gate = NF_GATE_HELD;
			opinion.ask = true;
		}
		break;
	case NF_REACH_DOWN:
		break;
	}
	return opinion;
}

static void note_root_answer(struct nf_judge *judge, struct nf_subject *s)
{
	struct nf_uplink *u = uplink_of(judge, s);
	u->answered_mono_us = judge->now.mono_us;
	if (u->roots_len < 2)
		return;
	const struct nf_check *c = uplink_check(judge, s);
	if (c != NULL && c->verdict.judged && c->verdict.state == NF_STATE_OK)
		return;
	nf_judge_say(judge, nf_judge_network_subject(judge, s->network->index), UPLINK,
		NF_STATE_OK, "devices answer", judge->site->polling.ping_us);
	for (struct nf_subject *r = u->roots; r != NULL; r = r->sibling) {
		if (r == s || state_of(r) != NF_STATE_UNREACHABLE)
			continue;
		r->failed_mono_us = 0;
		r->failures = 0;
		nf_judge_want_subject(judge, r);
	}
}

void nf_judge_reach_note(struct nf_judge *judge, struct nf_check *check)
{
	struct nf_subject *s = check->subject;
	if (check->answer == NF_STATE_OK || check->answer == NF_STATE_WARNING) {
		s->answered_mono_us = judge->now.mono_us;
		s->failed_mono_us = 0;
		s->failures = 0;
		if (s->parent == NULL)
			note_root_answer(judge, s);
	} else if (check->answer == NF_STATE_CRITICAL) {
		if (s->failed_mono_us == 0)
			s->failed_mono_us = judge->now.mono_us;
		if (s->failures < UINT32_MAX)
			s->failures++;
	}
}

void nf_judge_reach_changed(
	struct nf_judge *judge, struct nf_check *check, enum nf_state before)
{
	bool was = is_down(before), is = is_down(check->verdict.state);
	if (was == is)
		return;
	for (struct nf_subject *c = check->subject->child; c != NULL; c = c->sibling) {
		if (is && c->failed_mono_us == 0 && c->ping != NULL) {
			nf_judge_want_subject(judge, c);
		} else if (was && state_of(c) == NF_STATE_UNREACHABLE) {
			c->failed_mono_us = 0;
			c->failures = 0;
			nf_judge_want_subject(judge, c);
		}
	}
}
