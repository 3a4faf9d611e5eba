// SPDX-License-Identifier: GPL-3.0-or-later
/* The end of a maintenance window is news about every problem that it covered: what was muted is
 * judged again. Told by an `unmuted` event a problem, so that alerting reads nothing but events. */
#include "checks/judge_parts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "checks/maintenance.h"

#define WINDOWS_EVERY_US (5 * NF_US_PER_S)

void nf_judge_windows_start(struct nf_judge *judge, int64_t at_wall_us)
{
	free(judge->windows_open);
	judge->windows_len = nf_maintenance_windows(judge->site);
	judge->windows_open = nf_xcalloc(judge->windows_len + 1, sizeof *judge->windows_open);
	for (size_t i = 0; i < judge->windows_len; i++)
		judge->windows_open[i] = nf_maintenance_open(judge->site, i, at_wall_us);
}

static bool is_problem(const struct nf_check *c)
{
	return c->verdict.judged && c->verdict.state != NF_STATE_OK &&
	       c->verdict.state != NF_STATE_UNKNOWN;
}

static bool is_covered(
	const struct nf_judge *judge, const struct nf_subject *s, const bool *closed)
{
	for (size_t i = 0; i < judge->windows_len; i++)
		if (closed[i] && nf_maintenance_covers(judge->site, i, s->device, s->network))
			return true;
	return false;
}

static void unmute_subject(struct nf_judge *judge, struct nf_subject *s, const bool *closed)
{
	char name[NF_MAINTENANCE_MAX];
	if (!is_covered(judge, s, closed) ||
		nf_maintenance_at(
			judge->site, s->device, s->network, judge->now.wall_us, name) != NULL)
		return;
	for (size_t i = 0; i < s->len; i++)
		if (is_problem(s->checks[i]))
			nf_judge_owe_event(judge, s->checks[i], "unmuted",
				s->checks[i]->verdict.state, s->checks[i]->verdict.state);
}

void nf_judge_windows_tick(struct nf_judge *judge)
{
	if (judge->windows_len == 0 ||
		judge->now.mono_us - judge->windows_mono_us < WINDOWS_EVERY_US)
		return;
	judge->windows_mono_us = judge->now.mono_us;
	bool *closed = nf_xcalloc(judge->windows_len, sizeof *closed);
	bool any = false;
	for (size_t i = 0; i < judge->windows_len; i++) {
		bool open = nf_maintenance_open(judge->site, i, judge->now.wall_us);
		closed[i] = judge->windows_open[i] && !open;
		any |= closed[i];
		judge->windows_open[i] = open;
	}
	for (size_t k = 0; any && k < judge->subjects_len; k++)
		if (judge->subjects[k].len > 0)
			unmute_subject(judge, &judge->subjects[k], closed);
	free(closed);
}
