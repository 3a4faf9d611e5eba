// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "base/mem.h"
#include "checks/threshold.h"
#include "collector/snmp/samples.h"
#include "collector/snmp/value.h"

#define GONE_KEPT_US (24 * 3600 * NF_US_PER_S)

/* The checks that were answered in this poll. */
struct nf_answered_name {
	UT_hash_handle hh;
	char name[];
};

static void remember(struct nf_answers *a, const char *name)
{
	struct nf_answered_name *known;
	size_t len = strlen(name);

	HASH_FIND(hh, a->names, name, len, known);
	if (known)
		return;
	known = nf_xmalloc(sizeof *known + len + 1);
	memcpy(known->name, name, len + 1);
	HASH_ADD_KEYPTR(hh, a->names, known->name, len, known);
}

/* Why a warning about a port is none. What its own description calls critical stays that. */
static const char *expected(const struct nf_answers *a, const char *check, enum nf_state state)
{
	size_t len = strlen("interface ");

	return state == NF_STATE_WARNING && strncmp(check, "interface ", len) == 0
		       ? nf_vacated_why(a->vacated, a->device->name, check + len)
		       : NULL;
}

void nf_answers_say(struct nf_answers *a, const char *check, enum nf_state state,
	const char *output, int64_t interval_us)
{
	const char *why = expected(a, check, state);
	char *excused = why ? nf_xasprintf("%s; as expected: %s", output, why) : NULL;
	struct nf_answer answer = {.device = a->device,
		.check = check,
		.state = why ? NF_STATE_OK : state,
		.output = why ? excused : output,
		.interval_us = interval_us,
		.alone = a->silent};
	enum nf_judge_next next = nf_judge_observe(a->judge, &answer, a->now);

	free(excused);

	if (a->whole)
		remember(a, check);
	if (next > a->next)
		a->next = next;
}

static enum nf_state state_of(enum nf_says says)
{
	switch (says) {
	case NF_SAYS_OK:
		return NF_STATE_OK;
	case NF_SAYS_WARNING:
		return NF_STATE_WARNING;
	case NF_SAYS_CRITICAL:
		return NF_STATE_CRITICAL;
	default:
		return NF_STATE_UNKNOWN;
	}
}

static enum nf_says judge_states(const struct nf_group *group, const struct nf_record *record,
	const struct nf_profile_check *check)
{
	NF_EACH(struct nf_state_rule, rule, check->rules)
	{
		if (nf_value_holds(group, record, &rule->only))
			return rule->says;
	}
	return NF_SAYS_UNKNOWN;
}

struct question {
	const struct nf_profile_check *check;
	const struct nf_part *part;
	const struct nf_record *record;
	int64_t interval_us;
	const char *name;
};

static void say(
	struct nf_answers *a, const struct question *q, enum nf_state state, double number)
{
	struct nf_strbuf value = {0}, output = {0};

	if (!isnan(number))
		nf_value_with_unit(number, q->check->unit, &value);
	if (q->check->is_threshold && isnan(number))
		nf_strbuf_puts(&output, "the device gives no value");
	else
		nf_value_render(q->part->group, q->record, &q->check->output,
			value.data ? value.data : "", &output);
	/* What the device left empty at the end leaves its separator behind. */
	while (output.len > 0 && strchr(" ;,:", output.data[output.len - 1]))
		output.data[--output.len] = '\0';
	nf_answers_say(a, q->name, state, output.data, q->interval_us);
	nf_strbuf_free(&value);
	nf_strbuf_free(&output);
}

static void judge_threshold(struct nf_answers *a, const struct question *q)
{
	const struct nf_threshold limits = {.warning = q->check->warning,
		.critical = q->check->critical,
		.above = q->check->above,
		.hysteresis = q->check->hysteresis};
	double number = nf_value_expr(q->part->group, q->record, q->check->value);
	enum nf_state before = nf_judge_state(a->judge, a->device, q->name);

	/* What never had a value is no check. */
	if (isnan(number) && !nf_judge_has(a->judge, a->device, q->name))
		return;
	say(a, q, nf_threshold_judge(&limits, number, before), number);
}

static bool is_missed(
	const struct nf_answers *a, const struct nf_profile_check *check, const char *name)
{
	return !check->settles ||
	       nf_judge_is_settled(a->judge, a->device, name, a->settles_us, a->now);
}

static void judge_record(struct nf_answers *a, const struct question *q)
{
	enum nf_says says;

	if (q->check->is_threshold) {
		judge_threshold(a, q);
		return;
	}
	says = judge_states(q->part->group, q->record, q->check);
	if (says == NF_SAYS_NONE ||
		(says == NF_SAYS_WARNING && !is_missed(a, q->check, q->name))) {
		nf_judge_drop(a->judge, a->device, q->name, a->now);
		return;
	}
	if (says != NF_SAYS_OK && q->check->only_after_ok &&
		!nf_judge_has(a->judge, a->device, q->name))
		return;
	say(a, q, state_of(says), (double)NAN);
}

enum nf_judge_next nf_answers_part(struct nf_answers *a, const struct nf_part *part)
{
	const struct nf_group *group = part->group;
	enum nf_judge_next before = a->next, own;
	struct nf_strbuf name = {0};

	a->next = NF_ASK_AS_USUAL;
	NF_EACH(struct nf_profile_check, check, group->checks)
	{
		for (size_t i = 0; i < part->records_len && i < NF_SAMPLED_ROWS_MAX; i++) {
			struct question q = {.check = check,
				.part = part,
				.record = &part->records[i],
				.interval_us = group->topology ? a->topology_us : a->cycle_us};

			if (!nf_value_holds(group, q.record, &check->only))
				continue;
			nf_strbuf_clear(&name);
			nf_value_render(group, q.record, &check->name, "", &name);
			q.name = name.data;
			judge_record(a, &q);
		}
	}
	nf_strbuf_free(&name);
	own = a->next;
	a->next = own > before ? own : before;
	return own;
}

/* The check of a profile that this name came from; NULL: none of these groups'. */
static const struct nf_profile_check *origin(
	const char *name, const struct nf_group *const *groups, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		NF_EACH(struct nf_profile_check, check, groups[i]->checks)
		{
			if (nf_template_fits(&check->name, name))
				return check;
		}
	}
	return NULL;
}

struct missing {
	const struct nf_answers *a;
	char **names;
	int64_t *since;
	size_t len, cap, since_cap;
};

static void note_missing(
	const char *name, enum nf_state state, int64_t since_wall_us, void *arg)
{
	struct missing *m = arg;
	struct nf_answered_name *answered;

	(void)state;
	HASH_FIND(hh, m->a->names, name, strlen(name), answered);
	if (answered || strncmp(name, "snmp", 4) == 0)
		return;
	m->names = nf_grow(m->names, m->len, &m->cap, sizeof *m->names);
	m->since = nf_grow(m->since, m->len, &m->since_cap, sizeof *m->since);
	m->names[m->len] = nf_xstrdup(name);
	m->since[m->len++] = since_wall_us;
}

static void end_missing(struct nf_answers *a, const char *name, int64_t since_wall_us,
	const struct nf_group *const *groups, size_t len)
{
	const struct nf_profile_check *check = origin(name, groups, len);
	enum nf_state now = nf_judge_state(a->judge, a->device, name);
	bool problem = check && check->gone != NF_SAYS_NONE && check->gone != NF_SAYS_OK &&
		       is_missed(a, check, name) && !expected(a, name, state_of(check->gone));
	bool old = now != NF_STATE_OK && a->now.wall_us - since_wall_us > GONE_KEPT_US;

	if (problem && !old)
		nf_answers_say(a, name, state_of(check->gone),
			"the device does not list it any more", a->cycle_us);
	else
		nf_judge_drop(a->judge, a->device, name, a->now);
}

void nf_answers_end(
	struct nf_answers *a, const struct nf_group *const *groups, size_t len, bool complete)
{
	struct missing m = {.a = a};
	struct nf_answered_name *name, *next;

	if (a->whole && complete) {
		nf_judge_each(a->judge, a->device, note_missing, &m);
		for (size_t i = 0; i < m.len; i++) {
			end_missing(a, m.names[i], m.since[i], groups, len);
			free(m.names[i]);
		}
		free(m.names);
		free(m.since);
	}
	HASH_ITER (hh, a->names, name, next) {
		HASH_DEL(a->names, name);
		free(name);
	}
}
