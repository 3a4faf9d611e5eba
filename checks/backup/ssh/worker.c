// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/worker.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/backup/ssh/sandbox.h"

#define MEMORY_MAX    (UINT64_C(1) << 30)
#define AFTER_LOGIN   262144u
#define MESSAGES_TURN 64

struct worker {
	int control;
	volatile uint32_t *blame;
	struct nf_session *sessions[NF_WORKER_SESSIONS];
	size_t len;
	struct pollfd polls[NF_WORKER_SESSIONS + 1];
	uint8_t *message;
	char *crash_path;
};

static void drop_question(struct nf_session *s)
{
	if (s->op)
		s->op->drop(s);
	s->op = NULL;
}

/* libssh2_session_free says good-bye, and may wait for that; the socket is closed first, so it cannot. */
static void free_session(struct nf_session *s)
{
	drop_question(s);
	shutdown(s->fd, SHUT_RDWR);
	s->ended = true;
	s->step_left = 0;
	s->over_budget = true; /* receive() fails from now on */
	if (s->ssh)
		for (int i = 0; i < 100; i++)
			if (libssh2_session_free(s->ssh) != LIBSSH2_ERROR_EAGAIN)
				break;
	close(s->fd);
	for (uint32_t i = 0; i < s->keys_len; i++)
		free(s->keys[i]);
	nf_strbuf_free(&s->first);
	nf_strbuf_free(&s->signature);
	nf_strbuf_free(&s->noise_text);
	nf_strbuf_free(&s->question);
	free(s->user);
	free(s);
}

static struct nf_session *find(struct worker *w, uint32_t id)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->sessions[i]->id == id)
			return w->sessions[i];
	return NULL;
}

static void tell_failed(struct nf_session *s)
{
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_FAILED, s->id);
	nf_wire_u8(&b, (uint8_t)s->cause);
	nf_wire_text(&b, s->reason);
	nf_tell(s, &b);
	nf_strbuf_free(&b);
	s->phase = NF_PHASE_DEAD;
}

static void tell_answer(struct nf_session *s)
{
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_ANSWER, s->id);
	nf_wire_answer(&b, &s->answer);
	nf_tell(s, &b);
	nf_strbuf_free(&b);
	drop_question(s);
	s->deadline_us = 0;
}

static void tell_ready(struct nf_session *s)
{
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_READY, s->id);
	nf_tell(s, &b);
	nf_strbuf_free(&b);
	s->phase = NF_PHASE_IDLE;
	s->deadline_us = 0;
}

static enum nf_step step_question(struct nf_session *s)
{
	s->step_left = AFTER_LOGIN;
	return s->op->step(s);
}

static enum nf_step step_phase(struct nf_session *s)
{
	switch (s->phase) {
	case NF_PHASE_HANDSHAKE:
		return nf_login_handshake(s);
	case NF_PHASE_AUTH:
		return nf_login_auth(s);
	case NF_PHASE_SFTP:
		return nf_login_sftp(s);
	case NF_PHASE_NOISE:
		return nf_login_noise(s);
	case NF_PHASE_ASKED:
		return step_question(s);
	default:
		return NF_STEP_WAIT;
	}
}

static void begin_asking(struct nf_session *s)
{
	s->phase = NF_PHASE_ASKED;
	s->deadline_us = s->now_us + llabs(s->ask.deadline_us);
	s->told_us = s->now_us;
	s->more = true;
}

/* The phase is over: what comes next. */
static void phase_done(struct nf_session *s)
{
	switch (s->phase) {
	case NF_PHASE_HANDSHAKE:
		s->phase = NF_PHASE_TRUST;
		s->deadline_us = s->now_us + s->login.auth_us;
		break;
	case NF_PHASE_AUTH:
		tell_ready(s);
		break;
	case NF_PHASE_SFTP:
		begin_asking(s);
		break;
	default:
		tell_answer(s);
		s->phase = NF_PHASE_IDLE;
		break;
	}
}

static void step(struct worker *w, struct nf_session *s)
{
	*w->blame = s->id;
	s->more = false;
	s->wants_out = false;
	switch (step_phase(s)) {
	case NF_STEP_WAIT:
		s->wants_out = libssh2_session_block_directions(s->ssh) &
			       LIBSSH2_SESSION_BLOCK_OUTBOUND;
		break;
	case NF_STEP_MORE:
		s->more = true;
		break;
	case NF_STEP_DONE:
		phase_done(s);
		break;
	case NF_STEP_LAST:
		tell_answer(s);
		nf_lost(s, NF_CAUSE_NONE, "%s", "");
		tell_failed(s);
		break;
	case NF_STEP_LOST:
		tell_failed(s);
		break;
	}
	*w->blame = 0;
}

static void time_out(struct worker *w, struct nf_session *s)
{
	*w->blame = s->id;
	const char *banner = s->ssh && s->received ? libssh2_session_banner_get(s->ssh) : NULL;
	switch (s->phase) {
	case NF_PHASE_HANDSHAKE:
		nf_lost(s, NF_CAUSE_TIMEOUT, "%s for %lld s: time-out in the handshake",
			s->received == 0 ? "the server accepts and says nothing"
			: banner	 ? "the server says its banner and nothing more"
					 : "the server does not come to the point",
			(long long)(s->login.handshake_us / NF_US_PER_S));
		break;
	case NF_PHASE_TRUST:
	case NF_PHASE_AUTH:
		nf_lost(s, NF_CAUSE_TIMEOUT, "time-out in the login of %s", s->user);
		break;
	case NF_PHASE_SFTP:
		s->sftp_late = true;
		nf_login_listen(s);
		*w->blame = 0;
		return;
	case NF_PHASE_NOISE:
		if (nf_login_noise_over(s) == NF_STEP_LAST) {
			tell_answer(s);
			nf_lost(s, NF_CAUSE_NONE, "%s", "");
		}
		break;
	default:
		nf_lost(s, NF_CAUSE_TIMEOUT, "no answer in time about %s",
			s->ask.kind == NF_REMOTE_EXEC && s->ask.argv ? s->ask.argv[0]
								     : s->ask.path);
		break;
	}
	tell_failed(s);
	*w->blame = 0;
}

static void take_open(struct worker *w, uint32_t id, struct nf_cursor *c, int *fd)
{
	struct nf_wire_login login;
	nf_wire_get_login(c, &login);
	if (c->failed || *fd < 0)
		return;
	struct nf_session *s = nf_xcalloc(1, sizeof *s);
	s->id = id;
	s->fd = *fd;
	*fd = -1;
	s->control = w->control;
	s->now_us = nf_clock_now().mono_us;
	if (w->len == NF_WORKER_SESSIONS || !nf_login_begin(s, &login)) {
		nf_lost(s, NF_CAUSE_LOCAL, "a worker is full");
		tell_failed(s);
		free_session(s);
		return;
	}
	w->sessions[w->len++] = s;
	s->more = true;
}

static void take_trust(struct nf_session *s, struct nf_cursor *c)
{
	if (s->phase != NF_PHASE_TRUST)
		return;
	while (nf_cursor_left(c) > 0 && s->keys_len < NF_WORKER_KEYS) {
		size_t len;
		const uint8_t *key = nf_wire_get_bytes(c, &len);
		if (!key)
			break;
		s->keys[s->keys_len] = memcpy(nf_xmalloc(len), key, len);
		s->key_lens[s->keys_len++] = len;
	}
	s->phase = NF_PHASE_AUTH;
	s->more = true;
}

static void take_signature(struct nf_session *s, struct nf_cursor *c)
{
	size_t len;
	const uint8_t *bytes = nf_wire_get_bytes(c, &len);
	nf_strbuf_clear(&s->signature);
	if (bytes)
		nf_strbuf_add(&s->signature, bytes, len);
	snprintf(s->sign_why, sizeof s->sign_why, "%s", nf_wire_get_text(c));
	s->signature_came = true;
	s->more = true;
}

static void take_ask(struct worker *w, struct nf_session *s, const uint8_t *message, size_t len)
{
	static const struct nf_op *const ops[] = {&nf_op_list, &nf_op_stat, &nf_op_read,
		&nf_op_stream, &nf_op_stream, &nf_op_exec, &nf_op_clock, &nf_op_statvfs};
	if (s->phase != NF_PHASE_IDLE)
		return;
	nf_strbuf_clear(&s->question);
	nf_strbuf_add(&s->question, message, len);
	struct nf_cursor c = nf_cursor_of(s->question.data, len);
	nf_cursor_skip(&c, 5);
	nf_wire_get_ask(&c, &s->ask, s->argv, NF_WORKER_ARGS);
	s->answer = (struct nf_remote_answer){.kind = s->ask.kind, .reason = ""};
	if (c.failed) {
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNSUPPORTED,
			"too many words in the command");
		tell_answer(s);
		return;
	}
	if (w->crash_path && strcmp(s->ask.path, w->crash_path) == 0) {
		*w->blame = s->id;
		abort();
	}
	s->op = ops[s->ask.kind];
	if (s->op->needs_sftp && !s->sftp) {
		s->phase = NF_PHASE_SFTP;
		s->deadline_us = s->now_us + s->login.sftp_us;
		s->more = true;
	} else
		begin_asking(s);
}

/* For tests: PING with a path makes the worker abort when it is asked about it. */
static void take_ping(struct worker *w, uint32_t number, struct nf_cursor *c)
{
	if (nf_cursor_left(c) > 0 && !w->crash_path)
		w->crash_path = nf_xstrdup(nf_wire_get_text(c));
	struct nf_strbuf b = {0};
	struct nf_session teller = {.control = w->control};
	nf_wire_start(&b, NF_WIRE_PONG, number);
	nf_tell(&teller, &b);
	nf_strbuf_free(&b);
}

/* *fd is -1 afterwards where it was taken. */
static void take(struct worker *w, size_t len, int *fd)
{
	struct nf_cursor c = nf_cursor_of(w->message, len);
	enum nf_wire_type type;
	uint32_t id;
	if (!nf_wire_get(&c, &type, &id))
		return;
	if (type == NF_WIRE_PING) {
		take_ping(w, id, &c);
		return;
	}
	if (type == NF_WIRE_OPEN) {
		take_open(w, id, &c, fd);
		return;
	}
	struct nf_session *s = find(w, id);
	if (!s || s->phase == NF_PHASE_DEAD)
		return;
	s->now_us = nf_clock_now().mono_us;
	if (type == NF_WIRE_TRUST)
		take_trust(s, &c);
	else if (type == NF_WIRE_SIGNATURE)
		take_signature(s, &c);
	else if (type == NF_WIRE_ASK)
		take_ask(w, s, w->message, len);
	else if (type == NF_WIRE_SHUT)
		s->phase = NF_PHASE_DEAD;
}

/* False: the parent is gone. */
static bool read_parent(struct worker *w)
{
	for (int i = 0; i < MESSAGES_TURN; i++) {
		int fd;
		ssize_t n = nf_wire_receive(w->control, w->message, NF_WIRE_MAX, &fd);
		if (n > 0)
			take(w, (size_t)n, &fd);
		if (fd >= 0)
			close(fd);
		if (n == 0)
			return false;
		if (n < 0)
			break;
	}
	return true;
}

static short events_of(const struct nf_session *s)
{
	if (s->phase == NF_PHASE_IDLE)
		return POLLRDHUP;
	return (short)(POLLIN | (s->wants_out ? POLLOUT : 0));
}

/* Fills the poll set; milliseconds until something is due. */
static int prepare(struct worker *w, int64_t now_us)
{
	int64_t wait_us = -1;
	w->polls[0] = (struct pollfd){.fd = w->control, .events = POLLIN};
	for (size_t i = 0; i < w->len; i++) {
		const struct nf_session *s = w->sessions[i];
		bool deaf = s->phase == NF_PHASE_TRUST || s->for_parent;
		w->polls[i + 1] =
			(struct pollfd){.fd = deaf ? -1 : s->fd, .events = events_of(s)};
		int64_t left = s->deadline_us > now_us ? s->deadline_us - now_us : 0;
		if (s->more)
			wait_us = 0;
		else if (s->deadline_us && (wait_us < 0 || left < wait_us))
			wait_us = left;
	}
	return wait_us < 0 ? -1 : (int)((wait_us + 999) / 1000);
}

static void serve(struct worker *w, struct nf_session *s, short events, struct nf_now now)
{
	s->now_us = now.mono_us;
	s->wall_us = now.wall_us;
	if (s->phase == NF_PHASE_IDLE && events) {
		nf_lost(s, NF_CAUSE_CUT, "the server closed the idle connection");
		tell_failed(s);
	} else if (s->deadline_us && now.mono_us >= s->deadline_us)
		time_out(w, s);
	else if (events || s->more)
		step(w, s);
}

static void sweep(struct worker *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < w->len; i++)
		if (w->sessions[i]->phase == NF_PHASE_DEAD) {
			*w->blame = w->sessions[i]->id;
			free_session(w->sessions[i]);
			*w->blame = 0;
		} else
			w->sessions[kept++] = w->sessions[i];
	w->len = kept;
}

/* Everything that would be opened later is opened now: OpenSSL's configuration and algorithms. */
static bool prepare_libraries(void)
{
	uint8_t random[32], digest[EVP_MAX_MD_SIZE];
	unsigned len;
	if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1 || sodium_init() < 0 ||
		libssh2_init(0) != 0 || RAND_bytes(random, sizeof random) != 1)
		return false;
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	bool ok = key && EVP_Digest(random, sizeof random, digest, &len, EVP_sha256(), NULL);
	EVP_PKEY_free(key);
	return ok;
}

int nf_worker_run(int socket, volatile uint32_t *blame)
{
	struct worker w = {.control = socket, .blame = blame};
	struct nf_error err = {0};
	w.message = nf_xmalloc(NF_WIRE_MAX);
	if (!prepare_libraries() ||
		nf_sandbox_enter(NF_SANDBOX_MEMORY(MEMORY_MAX), &err) != NF_OK) {
		fprintf(stderr, "netfold SSH worker: %s\n",
			err.text[0] ? err.text : "cannot set up OpenSSL or libssh2");
		return 3;
	}
	for (;;) {
		struct nf_now now = nf_clock_now();
		int wait_ms = prepare(&w, now.mono_us);
		if (poll(w.polls, (nfds_t)w.len + 1, wait_ms) < 0)
			continue;
		now = nf_clock_now();
		size_t served = w.len;
		for (size_t i = 0; i < served; i++)
			serve(&w, w.sessions[i], w.polls[i + 1].revents, now);
		if (w.polls[0].revents && !read_parent(&w))
			return 0;
		sweep(&w);
	}
}
