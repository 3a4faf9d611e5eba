// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "base/log.h"
#include "base/mem.h"
#include "checks/judge_parts.h"

#define LASTING_US (10 * NF_US_PER_S) /* a store that takes nothing for so long is a finding */
#define FLUSH_US   (5 * NF_US_PER_S)
#define OUTPUT_KEPT_US                                                                         \
	(5 * 60 * NF_US_PER_S) /* a fine check's new wording may wait that long */
#define PASS_INTERVAL_US                                                                       \
	(100 * NF_US_PER_S) /* nobody asks again: what a pass found is good for 5 min */
#define FLAP_CHANGES   5
#define FLAP_WINDOW_US (30 * 60 * NF_US_PER_S)

static void set_now(struct nf_judge *judge, struct nf_now now)
{
	judge->now = now;
	if (now.wall_us > judge->latest_wall_us)
		judge->latest_wall_us = now.wall_us;
}

static struct nf_verdict_rules rules_of(
	const struct nf_judge *judge, const struct nf_check *check)
{
	return (struct nf_verdict_rules){
		.confirm = check->finding ? 0 : judge->site->polling.confirm,
		.flap_changes = FLAP_CHANGES,
		.flap_window_us = FLAP_WINDOW_US,
	};
}

static struct nf_opinion opinion_of(struct nf_judge *judge, struct nf_check *check)
{
	struct nf_opinion opinion = {check->answer, NF_GATE_OPEN, false, ""};
	if (check->finding)
		return opinion;
	if (check == check->subject->ping)
		opinion = nf_judge_reach(judge, check);
	else if (!judge->judges_reachability && check->subject->device != NULL &&
		 strcmp(check->name, judge->own_check) == 0)
		opinion = nf_judge_by_ping(judge, check);
	if (judge->now.mono_us < judge->open_mono_us)
		opinion.gate = NF_GATE_HELD;
	return opinion;
}

static void set_text(char **text, const char *to)
{
	if (strcmp(*text, to) == 0)
		return;
	free(*text);
	*text = nf_xstrdup(to);
}

static void set_pending(struct nf_judge *judge, struct nf_check *check, bool pending)
{
	check->held_mono_us = !pending			 ? 0
			      : check->held_mono_us != 0 ? check->held_mono_us
							 : judge->now.mono_us;
	if (check->pending == pending)
		return;
	check->pending = pending;
	if (pending)
		DL_APPEND2(judge->pending, check, pending_prev, pending_next);
	else
		DL_DELETE2(judge->pending, check, pending_prev, pending_next);
}

/* A port, a disk, a supply that is fine when it is first looked at is no news: a large site would begin
 * with a hundred thousand of them. That the device itself was met is. */
static bool is_news(const struct nf_judge *judge, const struct nf_check *check,
	const struct nf_verdict *was)
{
	return was->judged || check->verdict.state != NF_STATE_OK || !check->subject->device ||
	       strcmp(check->name, judge->own_check) == 0;
}

static void owe_effects(struct nf_judge *judge, struct nf_check *check, unsigned effects,
	const struct nf_verdict *was)
{
	if ((effects & NF_VERDICT_CHANGED) && is_news(judge, check, was)) {
		judge->changes++;
		nf_judge_owe_event(judge, check, check->finding ? "finding" : "state",
			was->state, check->verdict.state);
	}
	if (effects & (NF_VERDICT_FLAPPING | NF_VERDICT_STEADY))
		nf_judge_owe_event(judge, check,
			effects & NF_VERDICT_FLAPPING ? "flapping" : "steady",
			check->verdict.state, check->verdict.state);
}

unsigned nf_judge_settle(
	struct nf_judge *judge, struct nf_check *check, struct nf_opinion opinion)
{
	const struct nf_verdict_rules rules = rules_of(judge, check);
	const struct nf_verdict was = check->verdict;
	unsigned effects = nf_verdict_step(
		&rules, &check->verdict, opinion.state, judge->now.wall_us, opinion.gate);
	set_pending(judge, check,
		opinion.gate == NF_GATE_HELD && (effects & NF_VERDICT_CONFIRM) != 0);
	/* While held, the cause on record still explains the state on record. */
	bool cause_moved = check->verdict.state == opinion.state &&
			   strcmp(check->cause, opinion.cause) != 0;
	if (cause_moved)
		set_text(&check->cause, opinion.cause);
	owe_effects(judge, check, effects, &was);
	bool counted = was.soft_count != check->verdict.soft_count &&
		       check->verdict.soft_count <= rules.confirm + 1;
	if ((effects & ~(unsigned)NF_VERDICT_CONFIRM) != 0 || cause_moved || counted ||
		was.soft != check->verdict.soft || was.judged != check->verdict.judged ||
		was.since_wall_us != check->verdict.since_wall_us ||
		was.soft_since_wall_us > check->verdict.soft_since_wall_us)
		nf_judge_owe_row(judge, check);
	if ((effects & NF_VERDICT_CHANGED) && check == check->subject->ping)
		nf_judge_reach_changed(judge, check, was.state);
	return effects;
}

static bool is_of_number(char c)
{
	return (c >= '0' && c <= '9') || c == '.';
}

/* Whether two lines differ in more than their numbers: another address answers, something else is said. */
static bool says_something_else(const char *a, const char *b)
{
	while (*a == *b || (is_of_number(*a) && is_of_number(*b))) {
		if (*a == '\0')
			return false;
		if (!is_of_number(*a)) {
			a++;
			b++;
			continue;
		}
		while (is_of_number(*a))
			a++;
		while (is_of_number(*b))
			b++;
	}
	return true;
}

static void note_answer(
	struct nf_judge *judge, struct nf_check *check, const struct nf_answer *answer)
{
	check->answer = answer->state;
	check->finding = answer->finding;
	int64_t looked = answer->alone ? judge->now.wall_us : 0;
	if (check->looked_wall_us != looked) {
		check->looked_wall_us = looked;
		nf_judge_owe_row(judge, check);
	}
	int64_t interval = answer->interval_us;
	if (judge->once && interval > 0 && interval < PASS_INTERVAL_US)
		interval = PASS_INTERVAL_US;
	if (check->interval_us != interval) {
		check->interval_us = interval;
		nf_judge_owe_row(judge, check);
	}
	const char *output = answer->output != NULL ? answer->output : "";
	if (strcmp(check->output, output) != 0) {
		bool is_other = says_something_else(check->output, output);
		set_text(&check->output, output);
		if (answer->state != NF_STATE_OK || is_other ||
			judge->now.mono_us - check->put_mono_us >= OUTPUT_KEPT_US)
			nf_judge_owe_row(judge, check);
	}
}

enum nf_judge_next nf_judge_observe(
	struct nf_judge *judge, const struct nf_answer *answer, struct nf_now now)
{
	set_now(judge, now);
	judge->answers++;
	struct nf_subject *s = nf_judge_subject(judge, answer->device, answer->network);
	struct nf_check *check = nf_judge_check_make(judge, s, answer->check);
	note_answer(judge, check, answer);
	if (check == s->ping && !check->finding)
		nf_judge_reach_note(judge, check);
	struct nf_opinion opinion = opinion_of(judge, check);
	unsigned effects = nf_judge_settle(judge, check, opinion);
	if ((effects & NF_VERDICT_CONFIRM) == 0)
		return NF_ASK_AS_USUAL;
	bool confirmed = check->verdict.soft_count > judge->site->polling.confirm;
	if (!confirmed)
		return opinion.ask ? NF_ASK_WAIT : NF_ASK_CONFIRM;
	/* Enough answers: asking on every second helps only while a parent's answer is awaited. */
	return opinion.ask && now.mono_us >= judge->open_mono_us ? NF_ASK_WAIT
								 : NF_ASK_AS_USUAL;
}

void nf_judge_say(struct nf_judge *judge, struct nf_subject *subject, const char *name,
	enum nf_state state, const char *output, int64_t interval_us)
{
	struct nf_check *check = nf_judge_check_make(judge, subject, name);
	note_answer(judge, check,
		&(struct nf_answer){
			.state = state, .output = output, .interval_us = interval_us});
	const struct nf_verdict was = check->verdict;
	const struct nf_verdict_rules at_once = {0};
	unsigned effects = nf_verdict_step(
		&at_once, &check->verdict, state, judge->now.wall_us, NF_GATE_OPEN);
	owe_effects(judge, check, effects, &was);
	if (effects != NF_VERDICT_SAME || !was.judged)
		nf_judge_owe_row(judge, check);
}

static void mark_asked(struct nf_judge *judge, struct nf_subject *s)
{
	s->asked_wall_us = judge->now.wall_us;
	if (s->asked_dirty)
		return;
	s->asked_dirty = true;
	nf_queue_add(&judge->asked, s);
}

void nf_judge_asked(struct nf_judge *judge, const struct nf_device *device, struct nf_now now)
{
	set_now(judge, now);
	if (device == NULL) {
		mark_asked(judge, nf_judge_subject(judge, NULL, NULL));
		return;
	}
	for (size_t leg = 0; leg < device->legs_len; leg++) {
		const struct nf_network *network = device->legs[leg].network;
		struct nf_subject *s = nf_judge_subject(judge, device, network);
		if (leg > 0 && s->len == 0)
			continue;
		mark_asked(judge, s);
		struct nf_subject *n = nf_judge_subject(judge, NULL, network);
		if (n->len > 0)
			mark_asked(judge, n);
	}
}

static void drop(struct nf_judge *judge, struct nf_check *check)
{
	if (check == NULL)
		return;
	nf_judge_owe_end(judge, check, false);
	nf_judge_check_free(judge, check);
}

void nf_judge_drop(struct nf_judge *judge, const struct nf_device *device, const char *name,
	struct nf_now now)
{
	set_now(judge, now);
	drop(judge, nf_judge_check(nf_judge_subject(judge, device, NULL), name));
}

void nf_judge_drop_network(struct nf_judge *judge, const struct nf_network *network,
	const char *name, struct nf_now now)
{
	set_now(judge, now);
	drop(judge, nf_judge_check(nf_judge_subject(judge, NULL, network), name));
}

const struct nf_device *nf_judge_want(struct nf_judge *judge)
{
	struct nf_queue *q = &judge->wanted;
	while (q->first < q->len) {
		struct nf_subject *s = q->items[q->first++];
		s->wanted = false;
		if (s->device != NULL)
			return s->device;
	}
	q->first = q->len = 0;
	return NULL;
}

/* Problems that waited: for the first cycle's end, a parent's answer, ping's verdict. final: nobody is
 * asked any more, so what was confirmed stands. */
static void settle_pending(struct nf_judge *judge, bool final)
{
	struct nf_check *c, *next;
	judge->settling = true;
	for (c = judge->pending; c != NULL; c = next) {
		next = c->pending_next;
		struct nf_opinion opinion = opinion_of(judge, c);
		bool enough = c->verdict.soft_count > rules_of(judge, c).confirm ||
			      opinion.state == NF_STATE_UNREACHABLE;
		if (final)
			opinion.gate = NF_GATE_OPEN;
		if (opinion.gate == NF_GATE_OPEN && enough)
			nf_judge_settle(judge, c, opinion);
	}
	judge->settling = false;
}

/* A wall clock that was set back: nothing may have begun in the future. */
static void clamp_times(struct nf_judge *judge)
{
	if (judge->now.wall_us >= judge->latest_wall_us)
		return;
	judge->latest_wall_us = judge->now.wall_us;
	for (size_t i = 0; i < judge->subjects_len; i++) {
		struct nf_subject *s = &judge->subjects[i];
		for (size_t k = 0; k < s->len; k++)
			if (nf_verdict_clamp(&s->checks[k]->verdict, judge->now.wall_us))
				nf_judge_owe_row(judge, s->checks[k]);
	}
}

/* A state.db that was replaced knows nothing of what was written before. */
static void owe_all_again(struct nf_judge *judge)
{
	uint64_t generation = nf_store_generation(judge->store);
	if (generation == judge->generation)
		return;
	judge->generation = generation;
	judge->ping_read_mono_us = 0;
	for (size_t i = 0; i < judge->subjects_len; i++)
		for (size_t k = 0; k < judge->subjects[i].len; k++)
			nf_judge_owe_row(judge, judge->subjects[i].checks[k]);
}

static void say_store(struct nf_judge *judge, enum nf_err code)
{
	char name[64], text[256];
	snprintf(name, sizeof name, "state.db %s", judge->program);
	struct nf_subject *monitor = nf_judge_subject(judge, NULL, NULL);
	const struct nf_check *check = nf_judge_check(monitor, name);
	if (code == NF_OK) {
		if (check != NULL && check->verdict.state != NF_STATE_OK)
			nf_judge_say(judge, monitor, name, NF_STATE_OK, "takes rows again", 0);
		return;
	}
	snprintf(text, sizeof text, "takes no rows: %s", nf_strerror(code));
	nf_log_limited("state.db", NF_LOG_ERROR, "judge", "state.db %s; %zu rows wait: %s",
		text, nf_judge_stats(judge).owed, nf_store_error(judge->store));
	nf_judge_say(judge, monitor, name, NF_STATE_CRITICAL, text, 0);
}

enum nf_err nf_judge_tick(struct nf_judge *judge, struct nf_now now, struct nf_error *err)
{
	set_now(judge, now);
	clamp_times(judge);
	owe_all_again(judge);
	if (!judge->judges_reachability)
		nf_judge_ping_read(judge, false);
	settle_pending(judge, false);
	nf_judge_windows_tick(judge);
	enum nf_err code = nf_judge_write(judge);
	if (code == NF_OK) {
		say_store(judge, NF_OK);
		return NF_OK;
	}
	bool lasts = now.mono_us - judge->owed_since_mono_us >= LASTING_US;
	if (lasts)
		say_store(judge, code);
	if (lasts)
		return nf_error_set(err, code, "state.db: %s", nf_store_error(judge->store));
	return NF_OK;
}

enum nf_err nf_judge_flush(struct nf_judge *judge, struct nf_error *err)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	int64_t until = nf_clock_now().mono_us + FLUSH_US;
	if (judge->once) {
		set_now(judge, nf_clock_now());
		if (!judge->judges_reachability)
			nf_judge_ping_read(judge, true);
		settle_pending(judge, true);
	}
	for (;;) {
		enum nf_err code = nf_judge_write(judge);
		if (code == NF_OK)
			return NF_OK;
		if (code != NF_EBUSY || nf_clock_now().mono_us >= until)
			return nf_error_set(
				err, code, "state.db: %s", nf_store_error(judge->store));
		nanosleep(&pause, NULL);
	}
}

void nf_judge_reload(struct nf_judge *judge, const struct nf_site *site, struct nf_now now)
{
	set_now(judge, now);
	nf_judge_table_move(judge, site);
	nf_judge_windows_start(judge, now.wall_us);
	if (!judge->judges_reachability)
		nf_judge_ping_read(judge, true);
}

enum nf_state nf_judge_state(
	const struct nf_judge *judge, const struct nf_device *device, const char *check)
{
	const struct nf_check *c = nf_judge_check(nf_judge_subject(judge, device, NULL), check);
	return c != NULL ? c->verdict.state : NF_STATE_UNKNOWN;
}

bool nf_judge_has(
	const struct nf_judge *judge, const struct nf_device *device, const char *check)
{
	return nf_judge_check(nf_judge_subject(judge, device, NULL), check) != NULL;
}

bool nf_judge_is_settled(const struct nf_judge *judge, const struct nf_device *device,
	const char *check, int64_t settles_us, struct nf_now now)
{
	const struct nf_check *c = nf_judge_check(nf_judge_subject(judge, device, NULL), check);

	return c && c->verdict.judged &&
	       (c->verdict.state != NF_STATE_OK || c->verdict.flap_times_wall_us[0] != 0 ||
		       now.wall_us - c->verdict.since_wall_us >= settles_us);
}

void nf_judge_each(const struct nf_judge *judge, const struct nf_device *device,
	nf_judge_check_fn *fn, void *arg)
{
	const struct nf_subject *s = nf_judge_subject(judge, device, NULL);
	for (size_t i = 0; i < s->len; i++)
		fn(s->checks[i]->name, s->checks[i]->verdict.state,
			s->checks[i]->verdict.since_wall_us, arg);
}

struct nf_judge_stats nf_judge_stats(const struct nf_judge *judge)
{
	return (struct nf_judge_stats){
		.answers = judge->answers,
		.changes = judge->changes,
		.owed = judge->owed_events + judge->owed_drops + judge->owed_rows +
			judge->asked.len,
		.owed_since_mono_us = judge->owed_since_mono_us,
	};
}
