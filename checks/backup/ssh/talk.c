// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "base/text.h"
#include "checks/backup/ssh/pool.h"

#define TRIES_MAX    3u
#define OUTPUT_MOST  (17u << 20)
#define ENTRIES_MOST 10000u
#define GRACE_US     (20 * NF_US_PER_S) /* for a worker to keep its own deadlines */

static void free_entries(struct nf_remote_entry *entries, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		union {
			const char *path;
			void *ours;
		} entry = {.path = entries[i].path};
		free(entry.ours);
	}
	free(entries);
}

static void clear_answer(struct nf_remote *r)
{
	nf_strbuf_free(&r->bytes);
	nf_strbuf_free(&r->errors);
	free_entries(r->entries, r->entries_len);
	r->entries = NULL;
	r->entries_len = r->entries_cap = 0;
}

static void free_question(struct nf_question *q)
{
	union {
		const char *path;
		const char *const *argv;
		void *ours;
	} path = {.path = q->ask.path}, argv = {.argv = q->ask.argv};
	free(path.ours);
	free(argv.ours);
	free(q);
}

void nf_talk_answer(struct nf_remote *r, struct nf_remote_answer *answer)
{
	struct nf_question *q = r->first;
	if (!q)
		return;
	r->first = q->next;
	if (!r->first)
		r->last = &r->first;
	answer->kind = q->ask.kind;
	/* done may close the remote, which clears what came for it: what is answered is set aside. */
	struct nf_strbuf bytes = r->bytes, errors = r->errors;
	struct nf_remote_entry *entries = r->entries;
	size_t entries_len = r->entries_len;
	r->bytes = r->errors = (struct nf_strbuf){0};
	r->entries = NULL;
	r->entries_len = r->entries_cap = 0;
	answer->entries = entries;
	answer->entries_len = entries_len;
	answer->bytes = (const uint8_t *)(bytes.data ? bytes.data : "");
	answer->bytes_len = bytes.len;
	answer->errors = errors.data ? errors.data : "";
	answer->key_offered = r->key_offered;
	answer->key_known = r->key_known;
	if (!answer->reason)
		answer->reason = "";
	if (!answer->format)
		answer->format = "";
	if (!answer->missing)
		answer->missing = "";
	if (!answer->signal)
		answer->signal = "";
	r->pool->stats.answers++;
	r->busy++;
	q->ask.done(q->ask.ctx, answer);
	r->busy--;
	nf_strbuf_free(&bytes);
	nf_strbuf_free(&errors);
	free_entries(entries, entries_len);
	free_question(q);
	nf_pool_kick(r->pool);
}

void nf_talk_fail(struct nf_remote *r, enum nf_remote_outcome outcome,
	enum nf_remote_cause cause, const char *reason)
{
	nf_talk_drop(r);
	if (reason != r->failure_reason)
		snprintf(r->failure_reason, sizeof r->failure_reason, "%s", reason);
	r->failure = (struct nf_remote_answer){
		.outcome = outcome, .cause = cause, .reason = r->failure_reason};
	r->failed_until_us = nf_clock_now().mono_us + r->pool->limits.holdoff_us;
	nf_talk_answer_all(r, &r->failure);
}

void nf_talk_answer_all(struct nf_remote *r, const struct nf_remote_answer *with)
{
	/* Questions that an answer gives rise to have their turn later. */
	size_t waiting = 0;
	for (const struct nf_question *q = r->first; q; q = q->next)
		waiting++;
	while (waiting-- > 0 && r->first) {
		struct nf_remote_answer answer = *with;
		nf_talk_answer(r, &answer);
	}
}

void nf_talk_drop(struct nf_remote *r)
{
	nf_connect_cancel(r->connect);
	r->connect = NULL;
	if (r->worker) {
		struct nf_strbuf b = {0};
		nf_wire_start(&b, NF_WIRE_SHUT, r->session);
		nf_helper_send(r->worker, &b, -1);
		nf_strbuf_free(&b);
	}
	nf_pool_release(r);
	r->state = NF_STATE_OFF;
	r->due_us = 0;
	clear_answer(r);
	if (r->first)
		r->first->asked = false;
	nf_pool_kick(r->pool);
}

void nf_talk_not_connected(struct nf_remote *r, enum nf_remote_cause cause, const char *reason)
{
	if (cause != NF_CAUSE_UNREACHABLE || ++r->tries >= TRIES_MAX) {
		r->tries = 0;
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, cause, reason);
		return;
	}
	/* A server that is full is asked again after a while that differs from host to host. */
	nf_talk_drop(r);
	r->state = NF_STATE_PAUSED;
	r->due_us = nf_clock_now().mono_us +
		    r->tries * (500 + randombytes_uniform(1000)) * NF_US_PER_MS;
}

static int64_t deadline_of(const struct nf_remote *r, const struct nf_remote_ask *ask)
{
	const struct nf_remote_limits *l = &r->pool->limits;
	if (ask->deadline_us)
		return ask->deadline_us;
	switch (ask->kind) {
	case NF_REMOTE_HASH:
	case NF_REMOTE_DEEP:
		return -l->stall_us; /* counts anew with every byte */
	case NF_REMOTE_LIST:
	case NF_REMOTE_EXEC:
		return l->long_us;
	default:
		return l->request_us;
	}
}

static void guard(struct nf_remote *r, int64_t deadline_us)
{
	r->due_us = nf_clock_now().mono_us + llabs(deadline_us) + r->pool->limits.sftp_us +
		    GRACE_US;
}

void nf_talk_ask_next(struct nf_remote *r)
{
	struct nf_question *q = r->first;
	if (r->state != NF_STATE_READY || !q || q->asked)
		return;
	struct nf_remote_ask ask = q->ask;
	struct nf_strbuf b = {0};
	ask.deadline_us = deadline_of(r, &ask);
	guard(r, ask.deadline_us);
	q->asked = true;
	nf_wire_start(&b, NF_WIRE_ASK, r->session);
	nf_wire_ask(&b, &ask);
	nf_helper_send(r->worker, &b, -1);
	nf_strbuf_free(&b);
}

static struct nf_remote *of_session(
	struct nf_remote_pool *pool, const struct nf_helper *h, uint32_t session)
{
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (r->worker && r->session == session && (!h || r->worker == h))
			return r;
	return NULL;
}

/* The key that the server has proved to hold is looked up here, outside of the worker. */
static void judge_key(struct nf_remote *r, const uint8_t *key, size_t len)
{
	char address[NF_ADDR_TEXT_MAX];
	nf_addr_format(&r->address, address);
	const char *const names[] = {r->device->name, address};
	const struct nf_pool_identity *id = &r->pool->identities[r->ssh_index];
	struct nf_known_result known;
	nf_known_hosts_check(id->hosts, names, 2, r->ssh->port, key, len, &known);
	snprintf(r->key_offered, sizeof r->key_offered, "%s", known.offered);
	snprintf(r->key_known, sizeof r->key_known, "%s", known.known);
	const char *file = r->ssh->known_hosts_file, *const * mistakes;
	char reason[NF_ERROR_TEXT_MAX];
	size_t bad = nf_known_hosts_mistakes(id->hosts, &mistakes);
	enum nf_remote_cause cause = NF_CAUSE_NONE;
	switch (known.verdict) {
	case NF_KNOWN_MATCH:
		break;
	case NF_KNOWN_UNKNOWN:
		cause = NF_CAUSE_HOST_KEY_UNKNOWN;
		snprintf(reason, sizeof reason,
			"the host key is not known: %s shows %s and %.150s has no line for it%s%.100s",
			address, known.offered, file,
			bad ? ", but a line that cannot be used: " : "",
			bad ? mistakes[0] : "");
		break;
	case NF_KNOWN_CHANGED:
		cause = NF_CAUSE_HOST_KEY_CHANGED;
		snprintf(reason, sizeof reason,
			"the host key is another one: %s shows %s, known is %.180s (%.60s:%u)",
			address, known.offered, known.known, file, known.line);
		break;
	case NF_KNOWN_REVOKED:
		cause = NF_CAUSE_HOST_KEY_REVOKED;
		snprintf(reason, sizeof reason,
			"the host key is revoked: %s shows %s (%.150s:%u)", address,
			known.offered, file, known.line);
		break;
	case NF_KNOWN_AUTHORITY:
		cause = NF_CAUSE_HOST_CERTIFICATE;
		snprintf(reason, sizeof reason,
			"%s is known only by a @cert-authority line (%.100s:%u), and libssh2 cannot "
			"check host certificates: add its key %s itself",
			address, file, known.line, known.offered);
		break;
	}
	if (cause != NF_CAUSE_NONE) {
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, cause, reason);
		return;
	}
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_TRUST, r->session);
	for (size_t i = 0; i < id->keys_len; i++)
		nf_wire_bytes(&b, id->keys[i], id->key_lens[i]);
	nf_helper_send(r->worker, &b, -1);
	nf_strbuf_free(&b);
}

static void pass_to_signer(struct nf_remote *r, struct nf_cursor *c)
{
	size_t len;
	uint32_t which = nf_cursor_be32(c);
	const uint8_t *data = nf_wire_get_bytes(c, &len);
	struct nf_strbuf b = {0};
	if (r->pool->signer && data) {
		nf_wire_start(&b, NF_WIRE_SIGN_AS, r->ssh_index);
		nf_wire_u32(&b, r->session);
		nf_wire_u32(&b, which);
		nf_wire_bytes(&b, data, len);
		nf_helper_send(r->pool->signer, &b, -1);
	} else {
		nf_wire_start(&b, NF_WIRE_SIGNATURE, r->session);
		nf_wire_bytes(&b, NULL, 0);
		nf_wire_text(&b, "the signer is gone");
		nf_helper_send(r->worker, &b, -1);
	}
	nf_strbuf_free(&b);
}

static void logged_in(struct nf_remote *r)
{
	r->state = NF_STATE_READY;
	r->tries = 0;
	r->due_us = nf_clock_now().mono_us + r->pool->limits.idle_us;
	r->pool->stats.connections++;
	nf_talk_ask_next(r);
}

static void session_failed(struct nf_remote *r, struct nf_cursor *c)
{
	unsigned cause = nf_cursor_u8(c);
	char reason[NF_ERROR_TEXT_MAX];
	nf_text_escape_buf(reason, sizeof reason, nf_wire_get_text(c));
	if (c->failed || cause > NF_CAUSE_LOCAL)
		cause = NF_CAUSE_LOCAL;
	if (r->state != NF_STATE_READY) {
		nf_talk_not_connected(r, (enum nf_remote_cause)cause, reason);
		return;
	}
	struct nf_question *q = r->first;
	bool asked = q && q->asked;
	nf_talk_drop(r);
	/* A connection that was kept may be cut by the server at any time: once is no news. */
	bool again =
		cause == NF_CAUSE_CUT && asked && q->cuts == 0 && q->ask.kind != NF_REMOTE_EXEC;
	if (!asked)
		return;
	if (again) {
		q->cuts++;
		return;
	}
	struct nf_remote_answer answer = {.outcome = NF_REMOTE_UNVERIFIABLE,
		.cause = (enum nf_remote_cause)cause,
		.reason = reason};
	nf_talk_answer(r, &answer);
}

static void take_entries(struct nf_remote *r, struct nf_cursor *c)
{
	while (nf_cursor_left(c) > 0 && r->entries_len < ENTRIES_MOST) {
		struct nf_remote_entry entry = {0};
		nf_wire_get_entry(c, &entry);
		if (c->failed)
			return;
		size_t name_at = (size_t)(entry.name - entry.path);
		entry.path = nf_xstrdup(entry.path);
		entry.name = entry.path + name_at;
		r->entries = nf_grow(
			r->entries, r->entries_len, &r->entries_cap, sizeof *r->entries);
		r->entries[r->entries_len++] = entry;
	}
}

static void take_bytes(struct nf_remote *r, struct nf_cursor *c)
{
	struct nf_strbuf *to = nf_cursor_u8(c) ? &r->errors : &r->bytes;
	size_t len;
	const uint8_t *bytes = nf_wire_get_bytes(c, &len);
	if (bytes && to->len + len <= OUTPUT_MOST)
		nf_strbuf_add(to, bytes, len);
}

static void take_answer(struct nf_remote *r, struct nf_cursor *c)
{
	struct nf_remote_answer answer = {0};
	nf_wire_get_answer(c, &answer);
	r->due_us = nf_clock_now().mono_us + r->pool->limits.idle_us;
	if (c->failed)
		answer = (struct nf_remote_answer){.outcome = NF_REMOTE_UNVERIFIABLE,
			.cause = NF_CAUSE_LOCAL,
			.reason = "the worker's answer makes no sense"};
	char reason[NF_ERROR_TEXT_MAX];
	answer.reason = nf_text_escape_buf(reason, sizeof reason, answer.reason);
	nf_talk_answer(r, &answer);
	nf_talk_ask_next(r);
}

static void take_progress(struct nf_remote *r, struct nf_cursor *c)
{
	const struct nf_remote_ask *ask = &r->first->ask;
	uint64_t bytes = nf_cursor_be64(c), size = nf_cursor_be64(c);
	if (!ask->deadline_us)
		guard(r, deadline_of(r, ask));
	if (ask->progress)
		ask->progress(ask->ctx, bytes, size);
}

static void take(struct nf_remote *r, enum nf_wire_type type, struct nf_cursor *c)
{
	bool asked = r->state == NF_STATE_READY && r->first && r->first->asked;
	bool login = r->state == NF_STATE_LOGIN;
	size_t len = 0;
	const uint8_t *key = NULL;
	if (type == NF_WIRE_FAILED)
		session_failed(r, c);
	else if (type == NF_WIRE_HOST_KEY && login && (key = nf_wire_get_bytes(c, &len)))
		judge_key(r, key, len);
	else if (type == NF_WIRE_SIGN && login)
		pass_to_signer(r, c);
	else if (type == NF_WIRE_READY && login)
		logged_in(r);
	else if (type == NF_WIRE_ENTRIES && asked)
		take_entries(r, c);
	else if (type == NF_WIRE_BYTES && asked)
		take_bytes(r, c);
	else if (type == NF_WIRE_PROGRESS && asked)
		take_progress(r, c);
	else if (type == NF_WIRE_ANSWER && asked)
		take_answer(r, c);
}

void nf_talk_worker_message(void *ctx, struct nf_helper *h, const uint8_t *bytes, size_t len)
{
	struct nf_remote_pool *pool = ctx;
	struct nf_cursor c = nf_cursor_of(bytes, len);
	enum nf_wire_type type;
	uint32_t session;
	if (pool->closing || !nf_wire_get(&c, &type, &session))
		return;
	if (type == NF_WIRE_PONG) {
		for (size_t i = 0; i < NF_POOL_WORKERS; i++)
			if (pool->workers[i].helper == h)
				pool->workers[i].pinged_us = 0;
		return;
	}
	struct nf_remote *r = of_session(pool, h, session);
	if (r)
		take(r, type, &c);
}

static void take_keys(struct nf_remote_pool *pool, uint32_t index, struct nf_cursor *c)
{
	if (index >= pool->site->ssh.len)
		return;
	struct nf_pool_identity *id = &pool->identities[index];
	const char *why = nf_wire_get_text(c);
	free(id->why);
	id->why = *why ? nf_xstrdup(why) : NULL;
	while (id->keys_len > 0)
		free(id->keys[--id->keys_len]);
	while (nf_cursor_left(c) > 0 && id->keys_len < NF_POOL_KEYS) {
		size_t len;
		const uint8_t *key = nf_wire_get_bytes(c, &len);
		if (!key)
			return;
		id->keys[id->keys_len] = memcpy(nf_xmalloc(len), key, len);
		id->key_lens[id->keys_len++] = len;
	}
}

static void take_signed(struct nf_remote_pool *pool, struct nf_cursor *c)
{
	uint32_t ticket = nf_cursor_be32(c);
	size_t len;
	const uint8_t *signature = nf_wire_get_bytes(c, &len);
	const char *why = nf_wire_get_text(c);
	struct nf_remote *r = of_session(pool, NULL, ticket);
	if (!r || r->state != NF_STATE_LOGIN)
		return;
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_SIGNATURE, r->session);
	nf_wire_bytes(&b, signature, len);
	nf_wire_text(&b, why);
	nf_helper_send(r->worker, &b, -1);
	nf_strbuf_free(&b);
}

void nf_talk_signer_message(void *ctx, struct nf_helper *h, const uint8_t *bytes, size_t len)
{
	struct nf_remote_pool *pool = ctx;
	struct nf_cursor c = nf_cursor_of(bytes, len);
	enum nf_wire_type type;
	uint32_t index;
	if (pool->closing || h != pool->signer || !nf_wire_get(&c, &type, &index))
		return;
	if (type == NF_WIRE_KEYS)
		take_keys(pool, index, &c);
	else if (type == NF_WIRE_SIGNED)
		take_signed(pool, &c);
	else if (type == NF_WIRE_PONG) {
		pool->signer_ready = true;
		pool->signer_falls = 0;
		nf_pool_kick(pool);
	}
}
