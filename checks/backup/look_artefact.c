// SPDX-License-Identifier: GPL-3.0-or-later
/* The artefact: listed, looked at a second time, hashed, its end read, or all of it. */
#include "checks/backup/look_own.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"

enum { BETWEEN_LOOKS_MS = 2000, BEFORE_REREAD_MS = 1000, RECENT_S = 1800 };
#define WHOLE_HASH_MAX (UINT64_C(64) << 20)
#define DEEP_US	       (12 * 3600 * NF_US_PER_S)

static void list(struct nf_look *look);

static const struct nf_remote_entry *newest(const struct nf_look *look)
{
	struct nf_artefact_pick pick;

	nf_artefact_pick(look->entries, look->entries_len, &pick);
	return pick.newest;
}

static void list_again(uv_timer_t *timer)
{
	list(timer->data);
}

static void say_complete(struct nf_look *look)
{
	static const enum nf_proof_result results[] = {
		[NF_ENDING_COMPLETE] = NF_PROOF_OK,
		[NF_ENDING_BROKEN] = NF_PROOF_BAD,
		[NF_ENDING_NO_PROOF] = NF_PROOF_WARNING,
	};
	const char *detail;
	enum nf_ending_verdict verdict = nf_ending_verdict(look->ending, &detail);

	nf_proof_say(nf_look_answer(look, "complete"), results[verdict], "%s: %s", look->a.path,
		detail);
	nf_ending_free(look->ending);
	look->ending = NULL;
}

static void on_deep(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	/* A format that is not packed has nothing to unpack; its end was looked at. */
	if (answer->outcome != NF_REMOTE_OK && answer->cause == NF_CAUSE_UNSUPPORTED) {
		nf_look_inside(look);
		return;
	}
	if (nf_look_unanswered(look, "deep", answer))
		return;
	nf_proof_say(nf_look_answer(look, "deep"),
		answer->changed ? NF_PROOF_RUNNING
		: answer->sound ? NF_PROOF_OK
				: NF_PROOF_BAD,
		"%s: %s%s", look->a.path,
		answer->sound ? "every checksum of it is right" : answer->reason,
		answer->changed ? " (it changed meanwhile)" : "");
	nf_look_inside(look);
}

static void deep(struct nf_look *look)
{
	if (!look->proof->deep) {
		nf_look_inside(look);
		return;
	}
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){
			.kind = NF_REMOTE_DEEP, .path = look->a.path, .deadline_us = DEEP_US},
		on_deep);
}

static void read_ending(struct nf_look *look);

static void on_ending(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome != NF_REMOTE_OK) {
		nf_ending_free(look->ending);
		look->ending = NULL;
	}
	if (answer->outcome == NF_REMOTE_ABSENT) {
		nf_proof_say(nf_look_answer(look, "complete"), NF_PROOF_RUNNING,
			"%s vanished while it was read", look->a.path);
		nf_look_space(look);
	} else if (!nf_look_unanswered(look, "complete", answer)) {
		nf_ending_feed(look->ending, answer->bytes, answer->bytes_len);
		read_ending(look);
	}
}

static void read_ending(struct nf_look *look)
{
	uint64_t offset;
	size_t len;

	if (nf_ending_wants(look->ending, &offset, &len)) {
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_READ,
				.path = look->a.path,
				.offset = offset,
				.len = len},
			on_ending);
		return;
	}
	say_complete(look);
	deep(look);
}

/* Of a job with several artefacts, each is compared with its own forerunners. */
static size_t own_past(const struct nf_look *look, struct nf_artefact_past *past)
{
	size_t len = 0;

	for (size_t i = 0; i < look->past.artefacts_len && !look->proof->standing; i++) {
		const struct nf_artefact_past *p = &look->past.artefacts[i];
		if (p->path[0] == '\0' ||
			fnmatch(look->proof->path, p->path, FNM_NOESCAPE | FNM_PATHNAME) == 0)
			past[len++] = *p;
	}
	return len;
}

static void judge(struct nf_look *look)
{
	struct nf_artefact_past past[NF_LOOK_PAST_MAX];
	struct nf_artefact_seen seen = {
		.pattern = look->proof->path,
		.entries = look->entries,
		.len = look->entries_len,
		.truncated = look->entries_truncated,
		.has_again = look->has_stat_again,
		.again = look->stat_again,
		.hash = look->a.hash,
		.past = past,
		.past_len = own_past(look, past),
	};
	struct nf_proof_answer answer = {.kind = "artefact"};

	nf_artefact_judge(look->proof, &look->run, &seen, &answer);
	if (answer.result >= NF_PROOF_LATE && !look->again) {
		look->again = true;
		look->has_stat_again = false;
		look->a.hash[0] = '\0';
		nf_look_wait(look, BEFORE_REREAD_MS, list_again);
		return;
	}
	*nf_look_answer(look, "artefact") = answer;
	look->a.growing = answer.result == NF_PROOF_RUNNING;
	const struct nf_remote_entry *e = newest(look);
	if (!e || e->stat.size == 0 || look->a.growing ||
		(!look->proof->complete && !look->proof->deep)) {
		if (e && e->stat.size > 0 && !look->a.growing)
			nf_look_inside(look);
		else
			nf_look_space(look);
		return;
	}
	if (look->a.is_folder) {
		nf_look_folder_complete(look);
		return;
	}
	look->ending = nf_ending_new(look->a.path, e->stat.size);
	read_ending(look);
}

/* Another time or size than before; or as much was read as its size does not say: replaced while it was read,
 * or a server that lies. */
static void changed_meanwhile(struct nf_look *look, const struct nf_remote_answer *answer)
{
	look->has_stat_again = true;
	look->stat_again = answer->stat;
	if (answer->stat.size == look->a.size && look->a.size <= WHOLE_HASH_MAX)
		look->stat_again.size = answer->read;
}

static void on_hash(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome == NF_REMOTE_OK && !answer->changed)
		snprintf(look->a.hash, sizeof look->a.hash, "%s:%s",
			look->a.size <= WHOLE_HASH_MAX ? "sha256" : "sha256-tail",
			answer->digest);
	else if (answer->outcome == NF_REMOTE_OK)
		changed_meanwhile(look, answer);
	judge(look);
}

/* For "the same again and again": a large file's last 64 MiB tell as much. */
static void hash(struct nf_look *look)
{
	uint64_t from = look->a.size > WHOLE_HASH_MAX ? look->a.size - WHOLE_HASH_MAX : 0;

	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_HASH,
			.path = look->a.path,
			.offset = from,
			.len = from > 0 ? WHOLE_HASH_MAX : 0},
		on_hash);
}

static void on_second_look(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	look->has_stat_again = answer->outcome == NF_REMOTE_OK;
	look->stat_again = answer->stat;
	if (answer->outcome == NF_REMOTE_ABSENT && !look->again) {
		look->again = true;
		list(look);
		return;
	}
	bool same = look->has_stat_again && answer->stat.size == look->a.size &&
		    answer->stat.mtime_s == look->a.stat.mtime_s;
	if (same && look->a.size > 0 && !look->proof->standing)
		hash(look);
	else
		judge(look);
}

static void on_second_folder(void *ctx, const struct nf_remote_answer *answer);

static void look_again(uv_timer_t *timer)
{
	struct nf_look *look = timer->data;

	if (look->a.is_folder)
		nf_look_list_inside(look, look->a.path, on_second_folder);
	else
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = look->a.path},
			on_second_look);
}

static void on_second_folder(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	look->has_stat_again = answer->outcome == NF_REMOTE_OK;
	look->stat_again = look->a.stat;
	look->stat_again.size = 0;
	for (size_t i = 0; i < answer->entries_len; i++)
		look->stat_again.size += answer->entries[i].stat.size;
	judge(look);
}

static void choose(struct nf_look *look)
{
	const struct nf_remote_entry *e = newest(look);

	for (size_t i = 0; i < look->entries_len && !look->proof->standing; i++)
		nf_look_sign(look, look->entries[i].stat.mtime_s);
	if (!e) {
		judge(look);
		return;
	}
	free(look->a.path);
	look->a.path = nf_xstrdup(e->path);
	look->a.stat = e->stat;
	look->a.size = e->stat.size;
	look->a.has_size = true;
	look->a.is_folder = e->is_dump;
	int64_t age_us =
		look->run.now_us - nf_job_ours(&look->run, e->stat.mtime_s * NF_US_PER_S);
	nf_look_wait(look, age_us < RECENT_S * NF_US_PER_S ? BETWEEN_LOOKS_MS : 0, look_again);
}

static void on_list(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "artefact", answer))
		return;
	nf_look_keep_entries(look, answer);
	if (look->proof->complete)
		nf_look_folders(look, choose);
	else
		choose(look);
}

static void list(struct nf_look *look)
{
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_LIST, .path = look->proof->path},
		on_list);
}

void nf_look_artefact(struct nf_look *look)
{
	if (look->proof->standing) {
		look->kept = look->a;
		look->a = (struct nf_look_artefact){0};
		look->is_kept = true;
	}
	list(look);
}
