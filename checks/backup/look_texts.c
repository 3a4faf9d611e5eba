// SPDX-License-Identifier: GPL-3.0-or-later
/* Small files that are read: log, status, lock. */
#include "checks/backup/look_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"
#include "checks/backup/logtext.h"

static void on_log_stat(void *ctx, const struct nf_remote_answer *answer);

static char *rotated_name(const struct nf_look *look, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s", look->proof->path, look->rotated ? ".1" : "");
	return buf;
}

static void ask_log(struct nf_look *look, enum nf_remote_kind kind, uint64_t offset,
	void (*done)(void *, const struct nf_remote_answer *))
{
	char path[4200];

	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = kind,
			.path = rotated_name(look, path, sizeof path),
			.offset = offset,
			.len = kind == NF_REMOTE_READ ? NF_LOG_BYTES_MAX : 0},
		done);
}

static void judge_log(struct nf_look *look)
{
	struct nf_log_seen seen = {
		.path = look->proof->path,
		.text = look->text.data ? look->text.data : "",
		.len = look->text.len,
		.mtime_s = look->mtime_s,
	};
	struct nf_proof_answer answer = {.kind = "log"};

	nf_log_judge(look->proof, &look->run, &seen, &answer);
	if (answer.result == NF_PROOF_LATE && !look->rotated) {
		look->rotated = true;
		ask_log(look, NF_REMOTE_STAT, 0, on_log_stat);
		return;
	}
	*nf_look_answer(look, "log") = answer;
	nf_look_next(look);
}

static void on_log_read(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	struct nf_strbuf all = {0};

	if (answer->outcome == NF_REMOTE_ABSENT) {
		judge_log(look);
		return;
	}
	if (nf_look_unanswered(look, "log", answer))
		return;
	/* The rotated file comes before what is there already. */
	nf_strbuf_add(&all, answer->bytes, answer->bytes_len);
	nf_strbuf_add(&all, look->text.data ? look->text.data : "", look->text.len);
	nf_strbuf_free(&look->text);
	look->text = all;
	judge_log(look);
}

static void on_log_stat(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome == NF_REMOTE_ABSENT && !look->rotated) {
		look->rotated = true;
		ask_log(look, NF_REMOTE_STAT, 0, on_log_stat);
		return;
	}
	if (answer->outcome == NF_REMOTE_ABSENT) {
		if (look->mtime_s != 0) {
			judge_log(look);
			return;
		}
		nf_proof_say(nf_look_answer(look, "log"), NF_PROOF_BAD, "there is no %s",
			look->proof->path);
		nf_look_next(look);
		return;
	}
	if (nf_look_unanswered(look, "log", answer))
		return;
	nf_look_sign(look, answer->stat.mtime_s);
	if (answer->stat.mtime_s > look->mtime_s)
		look->mtime_s = answer->stat.mtime_s;
	uint64_t size = answer->stat.size;
	ask_log(look, NF_REMOTE_READ, size > NF_LOG_BYTES_MAX ? size - NF_LOG_BYTES_MAX : 0,
		on_log_read);
}

void nf_look_log(struct nf_look *look)
{
	look->mtime_s = 0;
	ask_log(look, NF_REMOTE_STAT, 0, on_log_stat);
}

static void on_status_read(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "status", answer))
		return;
	struct nf_status_seen seen = {look->proof->path, (const char *)answer->bytes,
		answer->bytes_len, look->mtime_s};
	nf_status_judge(look->proof, &look->run, &seen, nf_look_answer(look, "status"));
	nf_look_next(look);
}

static void on_status_stat(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome == NF_REMOTE_ABSENT) {
		nf_proof_say(nf_look_answer(look, "status"), NF_PROOF_BAD, "there is no %s",
			look->proof->path);
		nf_look_next(look);
		return;
	}
	if (nf_look_unanswered(look, "status", answer))
		return;
	look->mtime_s = answer->stat.mtime_s;
	nf_look_sign(look, look->mtime_s);
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){
			.kind = NF_REMOTE_READ, .path = look->proof->path, .len = 256},
		on_status_read);
}

void nf_look_status(struct nf_look *look)
{
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = look->proof->path},
		on_status_stat);
}

static void judge_lock(struct nf_look *look)
{
	nf_lock_judge(look->proof, &look->run, &look->lock, nf_look_answer(look, "lock"));
	nf_look_next(look);
}

static void on_process(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	look->lock.pid_known =
		answer->outcome == NF_REMOTE_OK || answer->outcome == NF_REMOTE_ABSENT;
	look->lock.process_there = answer->outcome == NF_REMOTE_OK;
	judge_lock(look);
}

/* Where not even process 1 is seen, there is no /proc to ask. */
static void on_proc(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	char path[40];

	if (answer->outcome != NF_REMOTE_OK) {
		judge_lock(look);
		return;
	}
	snprintf(path, sizeof path, "/proc/%lld", (long long)look->lock.pid);
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = path}, on_process);
}

static void on_pid(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	char text[32];
	size_t n = 0;

	while (answer->outcome == NF_REMOTE_OK && n < answer->bytes_len &&
		n < sizeof text - 1 && answer->bytes[n] >= '0' && answer->bytes[n] <= '9') {
		text[n] = (char)answer->bytes[n];
		n++;
	}
	text[n] = '\0';
	if (nf_parse_i64(text, 1, 1 << 22, &look->lock.pid) != NF_OK) {
		judge_lock(look);
		return;
	}
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = "/proc/1"}, on_proc);
}

static void on_lock(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	look->lock = (struct nf_lock_seen){.path = look->lock_path};
	if (nf_look_unanswered(look, "lock", answer))
		return;
	look->lock.there = answer->outcome == NF_REMOTE_OK;
	look->lock.mtime_s = answer->stat.mtime_s;
	if (look->lock.there)
		nf_look_sign(look, look->lock.mtime_s);
	if (!look->lock.there || !answer->stat.is_file) {
		judge_lock(look);
		return;
	}
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){
			.kind = NF_REMOTE_READ, .path = look->lock_path, .len = 32},
		on_pid);
}

static void ask_lock(struct nf_look *look, const char *path)
{
	look->lock_path = nf_xstrdup(path);
	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = look->lock_path},
		on_lock);
}

/* Where each run has a lock of its own, the oldest is the one of a run that hangs. */
static void on_locks(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "lock", answer))
		return;
	for (size_t i = 0; i < answer->entries_len; i++)
		nf_look_sign(look, answer->entries[i].stat.mtime_s);
	ask_lock(look, answer->entries_len > 0 ? answer->entries[answer->entries_len - 1].path
					       : look->proof->path);
}

void nf_look_lock(struct nf_look *look)
{
	if (strpbrk(look->proof->path, "*?[") == NULL)
		ask_lock(look, look->proof->path);
	else
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){
				.kind = NF_REMOTE_LIST, .path = look->proof->path},
			on_locks);
}
