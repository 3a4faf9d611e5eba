// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/verdict.h"

#include <string.h>

static bool is_trouble(enum nf_state state)
{
	return state == NF_STATE_WARNING || state == NF_STATE_CRITICAL;
}

static bool same_kind(enum nf_state a, enum nf_state b)
{
	return a == b || (is_trouble(a) && is_trouble(b));
}

static bool clamp(int64_t *time, int64_t now)
{
	if (*time <= now)
		return false;
	*time = now;
	return true;
}

bool nf_verdict_clamp(struct nf_verdict *v, int64_t now_wall_us)
{
	bool moved = clamp(&v->since_wall_us, now_wall_us);
	moved |= clamp(&v->soft_since_wall_us, now_wall_us);
	for (int i = 0; i < NF_FLAP_TIMES; i++)
		moved |= clamp(&v->flap_times_wall_us[i], now_wall_us);
	return moved;
}

uint32_t nf_verdict_flaps(const struct nf_verdict *v, int64_t window_us, int64_t now_wall_us)
{
	uint32_t n = 0;
	for (int i = 0; i < NF_FLAP_TIMES; i++)
		if (v->flap_times_wall_us[i] != 0 &&
			now_wall_us - v->flap_times_wall_us[i] <= window_us)
			n++;
	return n;
}

static unsigned judge_flapping(
	const struct nf_verdict_rules *rules, struct nf_verdict *v, int64_t at_wall_us)
{
	if (rules->flap_changes == 0)
		return NF_VERDICT_SAME;
	uint32_t flaps = nf_verdict_flaps(v, rules->flap_window_us, at_wall_us);
	if (!v->flapping && flaps >= rules->flap_changes) {
		v->flapping = true;
		return NF_VERDICT_FLAPPING;
	}
	if (v->flapping && flaps <= rules->flap_changes / 2) {
		v->flapping = false;
		return NF_VERDICT_STEADY;
	}
	return NF_VERDICT_SAME;
}

static void harden(struct nf_verdict *v, enum nf_state answer, int64_t at_wall_us)
{
	bool between = (v->state == NF_STATE_OK && is_trouble(answer)) ||
		       (is_trouble(v->state) && answer == NF_STATE_OK);
	if (v->judged && between) {
		memmove(&v->flap_times_wall_us[1], &v->flap_times_wall_us[0],
			sizeof v->flap_times_wall_us - sizeof v->flap_times_wall_us[0]);
		v->flap_times_wall_us[0] = at_wall_us;
	}
	v->state = answer;
	v->since_wall_us = at_wall_us;
	v->soft_count = 0;
	v->judged = true;
}

static void count(struct nf_verdict *v, enum nf_state answer, int64_t at_wall_us)
{
	if (v->soft_count == 0 || !same_kind(v->soft, answer)) {
		v->soft_count = 0;
		v->soft_since_wall_us = at_wall_us;
	}
	if (v->soft_count < UINT32_MAX)
		v->soft_count++;
	v->soft = answer;
}

static bool is_confirmed(const struct nf_verdict_rules *rules, const struct nf_verdict *v)
{
	if (v->soft == NF_STATE_UNREACHABLE)
		return true;
	if (v->soft == NF_STATE_OK)
		return !v->judged || v->state == NF_STATE_UNKNOWN ||
		       v->soft_count > rules->confirm_good;
	return v->soft_count > rules->confirm;
}

unsigned nf_verdict_step(const struct nf_verdict_rules *rules, struct nf_verdict *v,
	enum nf_state answer, int64_t at_wall_us, enum nf_verdict_gate gate)
{
	nf_verdict_clamp(v, at_wall_us);
	unsigned effects = NF_VERDICT_SAME;
	if (v->judged && answer == v->state) {
		if (v->soft != answer || v->soft_count != 0)
			v->soft_since_wall_us = at_wall_us;
		v->soft = answer;
		v->soft_count = 0;
	} else {
		count(v, answer, at_wall_us);
		bool held = gate == NF_GATE_HELD && answer != NF_STATE_OK;
		if (!held && is_confirmed(rules, v)) {
			bool changed = v->state != answer;
			harden(v, answer, at_wall_us);
			if (changed)
				effects |= NF_VERDICT_CHANGED;
		} else {
			effects |= NF_VERDICT_CONFIRM;
		}
	}
	return effects | judge_flapping(rules, v, at_wall_us);
}

enum nf_state nf_verdict_shown(
	enum nf_state state, int64_t asked_wall_us, int64_t interval_us, int64_t now_wall_us)
{
	if (interval_us <= 0)
		return state;
	if (asked_wall_us == 0)
		return NF_STATE_UNKNOWN;
	int64_t age = now_wall_us - asked_wall_us;
	return age > 3 * interval_us || age < -interval_us ? NF_STATE_UNKNOWN : state;
}
