// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/verdict.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_US   (60 * NF_US_PER_S)
#define QUIET_US    (15 * MINUTE_US)
#define INTERVAL_US (10 * NF_US_PER_S)

enum { CANARIES_MOST = 3, LINE_MAX = 240 };

void nf_wire_minutes_add(struct nf_wire_minutes *m, int64_t mono_us, uint64_t frames,
	uint64_t drops, uint64_t refused)
{
	if (!m->started_mono_us)
		m->started_mono_us = m->began_mono_us = mono_us;
	if (mono_us - m->began_mono_us >= MINUTE_US) {
		m->before = m->now;
		m->now = (struct nf_wire_minute){0};
		m->began_mono_us = mono_us;
	}
	m->now.frames += frames;
	m->now.drops += drops;
	m->now.refused += refused;
	if (frames)
		m->heard_mono_us = mono_us;
}

enum nf_state nf_wire_verdict(
	const struct nf_wire_view *view, int64_t mono_us, char *line, size_t size)
{
	const struct nf_wire_minutes *m = view->minutes;
	uint64_t refused = m->now.refused + m->before.refused;
	uint64_t drops = m->now.drops + m->before.drops;
	int64_t heard = m->heard_mono_us ? m->heard_mono_us : m->started_mono_us;

	if (!view->there) {
		snprintf(
			line, size, "there is no interface %s, or it is down", view->interface);
		return NF_STATE_CRITICAL;
	}
	if (!view->up) {
		snprintf(line, size, "%s is down or has no carrier", view->interface);
		return NF_STATE_CRITICAL;
	}
	if (refused) {
		snprintf(line, size,
			"a flood of senders, most of them surely invented: %llu sightings were not recorded",
			(unsigned long long)refused);
		return NF_STATE_WARNING;
	}
	if (drops) {
		snprintf(line, size,
			"%llu frames were lost: more arrives than this machine can look at",
			(unsigned long long)drops);
		return NF_STATE_WARNING;
	}
	if (m->canaries_missed >= CANARIES_MOST) {
		snprintf(line, size,
			"the last %u canary frames did not come back: the mirror port may not mirror",
			m->canaries_missed);
		return NF_STATE_WARNING;
	}
	if (mono_us - heard >= QUIET_US) {
		snprintf(line, size, "nothing was heard on %s for %lld min", view->interface,
			(long long)((mono_us - heard) / MINUTE_US));
		return NF_STATE_WARNING;
	}
	snprintf(line, size, "listening on %s", view->interface);
	return NF_STATE_OK;
}

void nf_wire_verdict_say(const struct nf_wire_view *view, const struct nf_network *network,
	struct nf_judge *judge, struct nf_now now)
{
	char line[LINE_MAX], check[64];
	enum nf_state state = nf_wire_verdict(view, now.mono_us, line, sizeof line);

	snprintf(check, sizeof check, "wire %s", view->interface);
	nf_judge_observe(judge,
		&(struct nf_answer){.network = network,
			.check = check,
			.state = state,
			.output = line,
			.interval_us = INTERVAL_US,
			.finding = true,
			.alone = true},
		now);
}
