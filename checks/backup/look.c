// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/look_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static void begin(struct nf_look *look);

struct nf_proof_answer *nf_look_answer(struct nf_look *look, const char *kind)
{
	size_t at = look->answers_len < NF_LOOK_ANSWERS_MAX ? look->answers_len++
							    : NF_LOOK_ANSWERS_MAX - 1;

	look->answers[at] = (struct nf_proof_answer){.kind = kind};
	return &look->answers[at];
}

bool nf_look_unanswered(
	struct nf_look *look, const char *kind, const struct nf_remote_answer *answer)
{
	if (answer->outcome == NF_REMOTE_OK || answer->outcome == NF_REMOTE_ABSENT)
		return false;
	nf_proof_say(nf_look_answer(look, kind),
		answer->cause == NF_CAUSE_CHANGED ? NF_PROOF_RUNNING : NF_PROOF_UNVERIFIABLE,
		"%s", answer->reason);
	nf_look_next(look);
	return true;
}

static void on_progress(void *ctx, uint64_t bytes, uint64_t size)
{
	struct nf_look *look = ctx;

	look->parts.progress(look->parts.job, bytes, size, look->parts.arg);
}

void nf_look_ask(struct nf_look *look, struct nf_remote *remote, struct nf_remote_ask ask,
	void (*done)(void *ctx, const struct nf_remote_answer *answer))
{
	ask.done = done;
	ask.ctx = look;
	if (look->parts.progress && (ask.kind == NF_REMOTE_HASH || ask.kind == NF_REMOTE_DEEP))
		ask.progress = on_progress;
	nf_remote_ask(remote, &ask);
}

void nf_look_wait(struct nf_look *look, unsigned ms, void (*then)(uv_timer_t *timer))
{
	uv_timer_start(&look->timer, then, ms, 0);
}

void nf_look_drop_entries(struct nf_look *look)
{
	for (size_t i = 0; i < look->entries_len; i++)
		free((char *)(uintptr_t)look->entries[i].path);
	free(look->entries);
	look->entries = NULL;
	look->entries_len = 0;
}

void nf_look_keep_entries(struct nf_look *look, const struct nf_remote_answer *answer)
{
	nf_look_drop_entries(look);
	look->entries = nf_xcalloc(answer->entries_len + 1, sizeof *look->entries);
	look->entries_len = answer->entries_len;
	look->entries_truncated = answer->truncated;
	for (size_t i = 0; i < answer->entries_len; i++) {
		struct nf_remote_entry *e = &look->entries[i];
		*e = answer->entries[i];
		e->path = nf_xstrdup(e->path);
		const char *slash = strrchr(e->path, '/');
		e->name = slash ? slash + 1 : e->path;
	}
}

static void closed(uv_handle_t *timer)
{
	struct nf_look *look = timer->data;

	nf_look_drop_entries(look);
	nf_manifest_free(&look->manifest);
	nf_ending_free(look->ending);
	nf_strbuf_free(&look->text);
	free(look->copy_path);
	free(look->lock_path);
	free(look->a.path);
	free(look);
}

void nf_look_sign(struct nf_look *look, int64_t mtime_s)
{
	int64_t at_us = nf_job_ours(&look->run, mtime_s * NF_US_PER_S);

	look->sign = look->sign || nf_job_is_current(&look->run, at_us);
}

/* Only where all was seen: what could not be looked at may have been the sign. */
static void judge_start(struct nf_look *look)
{
	struct nf_proof_answer answer = {.kind = "start"};

	for (size_t i = 0; i < look->answers_len; i++) {
		if (look->answers[i].result == NF_PROOF_UNVERIFIABLE)
			return;
	}
	if (nf_job_start_judge(&look->run, look->sign, &answer))
		*nf_look_answer(look, "start") = answer;
}

static void finish(struct nf_look *look)
{
	struct nf_look_result r = {
		.job = look->parts.job,
		.run = look->run,
		.answers = look->answers,
		.answers_len = look->answers_len,
		.path = look->a.path ? look->a.path : "",
		.has_size = look->a.has_size,
		.size = look->a.size,
		.mtime_s = look->a.path ? look->a.stat.mtime_s : 0,
		.hash = look->a.hash,
		.duration_us = nf_clock_now().mono_us - look->began_mono_us,
		.checked = look->checked,
		.check_good = look->check_good,
		.reached = look->reached,
		.keys = look->keys,
		.keys_len = look->keys_len,
	};
	char reason[NF_PROOF_DETAIL_MAX + 100];

	judge_start(look);
	r.answers_len = look->answers_len;
	r.verdict = nf_job_verdict(
		&look->run, look->answers, look->answers_len, reason, sizeof reason);
	snprintf(r.reason, sizeof r.reason, "%s%s", reason,
		look->moved && look->reached
			? " (looked at its new address in the common network)"
			: "");
	look->parts.done(&r, look->parts.arg);
	if (look->other)
		nf_remote_close(look->other);
	nf_remote_close(look->remote);
	uv_close((uv_handle_t *)&look->timer, closed);
}

/* Everything about one proof is forgotten before the next. */
static void clear(struct nf_look *look)
{
	look->again = look->has_stat_again = look->rotated = false;
	nf_look_drop_entries(look);
	nf_manifest_free(&look->manifest);
	nf_strbuf_free(&look->text);
	free(look->copy_path);
	look->copy_path = NULL;
	free(look->lock_path);
	look->lock_path = NULL;
	if (look->is_kept) {
		free(look->a.path);
		look->a = look->kept;
		look->is_kept = false;
	}
	if (look->other)
		nf_remote_close(look->other);
	look->other = NULL;
}

static void drill(struct nf_look *look)
{
	nf_drill_judge(look->proof, &look->run, &look->past.drill,
		nf_look_answer(look, nf_proof_kind_text(NF_PROOF_DRILL)));
	nf_look_next(look);
}

static void (*const starts[])(struct nf_look *) = {
	[NF_PROOF_ARTEFACT] = nf_look_artefact,
	[NF_PROOF_MANIFEST] = nf_look_manifest,
	[NF_PROOF_LOG] = nf_look_log,
	[NF_PROOF_STATUS] = nf_look_status,
	[NF_PROOF_LOCK] = nf_look_lock,
	[NF_PROOF_COPY] = nf_look_copy,
	[NF_PROOF_DRILL] = drill,
	[NF_PROOF_RESTIC] = nf_look_command,
	[NF_PROOF_BORG] = nf_look_command,
	[NF_PROOF_ZFS] = nf_look_command,
	[NF_PROOF_PLUGIN] = nf_look_command,
};

void nf_look_next(struct nf_look *look)
{
	const struct nf_backup *job = look->parts.job;

	clear(look);
	while (look->index < job->proofs.len || !look->artefacts_done) {
		if (look->index == job->proofs.len) {
			look->artefacts_done = true;
			look->index = 0;
			continue;
		}
		look->proof = &job->proofs.items[look->index++];
		if ((look->proof->kind == NF_PROOF_ARTEFACT) != look->artefacts_done) {
			starts[look->proof->kind](look);
			return;
		}
	}
	finish(look);
}

static bool is_about_the_question(enum nf_remote_cause cause)
{
	return cause == NF_CAUSE_NO_EXEC || cause == NF_CAUSE_NO_STATUS ||
	       cause == NF_CAUSE_UNSUPPORTED || cause == NF_CAUSE_FAILED;
}

bool nf_look_is_elsewhere(const struct nf_remote_answer *answer)
{
	static const enum nf_remote_cause causes[] = {NF_CAUSE_UNREACHABLE, NF_CAUSE_TIMEOUT,
		NF_CAUSE_CUT, NF_CAUSE_NOT_SSH, NF_CAUSE_HOST_KEY_CHANGED,
		NF_CAUSE_HOST_KEY_UNKNOWN};

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (answer->cause == causes[i])
			return answer->outcome == NF_REMOTE_UNVERIFIABLE;
	}
	return false;
}

static bool may_have_moved(const struct nf_look *look, const struct nf_remote_answer *answer)
{
	return look->leg + 1 < look->parts.job->device->legs_len &&
	       nf_look_is_elsewhere(answer);
}

static void try_again(uv_timer_t *timer)
{
	struct nf_look *look = timer->data;

	nf_remote_close(look->remote);
	look->leg++;
	look->moved = true;
	begin(look);
}

static void say_cut_off(struct nf_look *look, const struct nf_remote_answer *answer)
{
	struct nf_proof_answer *said = nf_look_answer(look, "connection");

	if (look->first_reason[0] == '\0')
		nf_proof_say(said, NF_PROOF_UNVERIFIABLE, "%s%s", answer->reason,
			look->moved ? " (that is its new address: it has moved)" : "");
	else
		nf_proof_say(said, NF_PROOF_UNVERIFIABLE,
			"neither at its address nor at its new one: %.270s; %.270s",
			look->first_reason, answer->reason);
}

static void keep_key(struct nf_look *look, const struct nf_remote_answer *answer)
{
	struct nf_look_key *key = &look->keys[look->keys_len++];

	key->leg = &look->parts.job->device->legs[look->leg];
	key->cause = answer->cause;
	snprintf(key->offered, sizeof key->offered, "%s",
		answer->key_offered ? answer->key_offered : "");
	snprintf(key->known, sizeof key->known, "%s",
		answer->key_known ? answer->key_known : "");
}

static void on_clock(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	keep_key(look, answer);
	bool cut_off = answer->outcome == NF_REMOTE_CRASHED ||
		       answer->outcome == NF_REMOTE_CANCELLED ||
		       (answer->outcome == NF_REMOTE_UNVERIFIABLE &&
			       !is_about_the_question(answer->cause));
	if (cut_off && may_have_moved(look, answer)) {
		/* The old address's failure is only worth telling when the new one fails, too. */
		snprintf(look->first_reason, sizeof look->first_reason, "%s", answer->reason);
		nf_look_wait(look, 0, try_again);
		return;
	}
	if (cut_off) {
		say_cut_off(look, answer);
		finish(look);
		return;
	}
	look->reached = true;
	look->run.clock_known = answer->outcome == NF_REMOTE_OK && answer->clock_known;
	look->run.clock_ahead_us = answer->clock_ahead_us;
	nf_look_next(look);
}

bool nf_look_has_moved(const struct nf_look *look, const struct nf_device *device)
{
	return look->parts.moved && look->parts.moved[device->index] && device->legs_len > 1;
}

static void begin(struct nf_look *look)
{
	const struct nf_backup *job = look->parts.job;

	look->remote = nf_remote_open(
		look->parts.pool, job->device, &job->device->legs[look->leg], job->ssh);
	nf_look_ask(
		look, look->remote, (struct nf_remote_ask){.kind = NF_REMOTE_CLOCK}, on_clock);
}

void nf_look_start(const struct nf_look_parts *parts)
{
	struct nf_look *look = nf_xcalloc(1, sizeof *look);
	struct nf_now now = nf_clock_now();

	look->parts = *parts;
	look->past = *parts->past;
	look->past.drill.who = look->past.drill_who;
	look->past.drill.note = look->past.drill_note;
	look->began_mono_us = now.mono_us;
	look->run = nf_job_run_at(parts->job, parts->site->timezone, now.wall_us);
	if (nf_look_has_moved(look, parts->job->device))
		look->leg = look->moved = true;
	uv_timer_init(parts->loop, &look->timer);
	look->timer.data = look;
	begin(look);
}
