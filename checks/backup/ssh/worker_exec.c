// SPDX-License-Identifier: GPL-3.0-or-later
/* EXEC: one command of the site file, to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/mem.h"
#include "checks/backup/ssh/quote.h"
#include "checks/backup/ssh/worker.h"

#define OUTPUT_DEFAULT (64u << 10)
#define OUTPUT_MOST    (16u << 20)
#define ERRORS_MOST    4096u
#define ERRORS_READ    (1u << 20) /* a command that says more than this to stderr is ended */
#define AT_ONCE	       16384u
#define READS_A_STEP   16

enum stage { OPEN, START, END_INPUT, READ, CLOSE, WAIT_CLOSED, FREE };

struct exec {
	enum stage stage;
	LIBSSH2_CHANNEL *channel;
	struct nf_strbuf command, output, errors;
	size_t errors_seen, most;
	bool over;
	char sentinel[NF_SENTINEL_MAX];
	char signal[32];
	int status;
};

static void exec_drop(struct nf_session *s)
{
	struct exec *e = s->state;
	if (!e)
		return;
	nf_strbuf_free(&e->command);
	nf_strbuf_free(&e->output);
	nf_strbuf_free(&e->errors);
	free(e);
	s->state = NULL;
}

static struct exec *exec_state(struct nf_session *s)
{
	if (s->state)
		return s->state;
	struct exec *e = s->state = nf_xcalloc(1, sizeof *e);
	e->most = s->ask.output_max ? s->ask.output_max : OUTPUT_DEFAULT;
	if (e->most > OUTPUT_MOST)
		e->most = OUTPUT_MOST;
	uint64_t number = 0;
	RAND_bytes((unsigned char *)&number,
		sizeof number); /* output must not be able to guess it */
	snprintf(e->sentinel, sizeof e->sentinel, "netfold-status-%016llx",
		(unsigned long long)number);
	return e;
}

static enum nf_step open_channel(struct nf_session *s, struct exec *e)
{
	enum nf_err rc = s->windows ? nf_quote_windows(&e->command, s->ask.argv)
				    : nf_quote_command(&e->command, s->ask.argv, e->sentinel);
	if (rc != NF_OK)
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNSUPPORTED,
			s->windows
				? "on Windows a command may hold only letters, digits and _.:/\\=-: "
				  "its shell has no quoting to rely on"
				: "a command must have a word, and none with a line break");
	e->channel = libssh2_channel_open_session(s->ssh);
	if (!e->channel) {
		nf_strbuf_clear(&e->command);
		int code = libssh2_session_last_errno(s->ssh);
		if (code == LIBSSH2_ERROR_CHANNEL_FAILURE)
			return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_EXEC,
				"the server opens no session for a command");
		return nf_by_error(s, "run", s->ask.argv[0]);
	}
	e->stage = START;
	return NF_STEP_MORE;
}

static enum nf_step start(struct nf_session *s, struct exec *e)
{
	int rc = libssh2_channel_exec(e->channel, e->command.data);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (rc == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED && s->ask.kind == NF_REMOTE_CLOCK) {
		nf_answered_ok(s); /* and not known */
		return NF_STEP_LAST;
	}
	if (rc == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED) {
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_EXEC,
			"the server does not let %s run commands", s->user);
		return NF_STEP_LAST;
	}
	if (rc != 0)
		return nf_by_error(s, "run", s->ask.argv[0]);
	e->stage = END_INPUT;
	return NF_STEP_MORE;
}

static enum nf_step end_input(struct nf_session *s, struct exec *e)
{
	int rc = libssh2_channel_send_eof(e->channel);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (rc != 0)
		return nf_by_error(s, "run", s->ask.argv[0]);
	e->stage = READ;
	return NF_STEP_MORE;
}

static void take_output(struct exec *e, const char *bytes, size_t len)
{
	/* Room for the sentinel, so that output of just the cap is whole. */
	size_t room = e->most + NF_SENTINEL_MAX + 16 - e->output.len;
	e->over |= len > room;
	nf_strbuf_add(&e->output, bytes, len < room ? len : room);
}

static void take_errors(struct exec *e, const char *bytes, size_t len)
{
	size_t room = ERRORS_MOST - e->errors.len;
	e->errors_seen += len;
	e->over |= e->errors_seen > ERRORS_READ;
	nf_strbuf_add(&e->errors, bytes, len < room ? len : room);
}

static enum nf_step read_output(struct nf_session *s, struct exec *e)
{
	char buf[AT_ONCE];
	for (int i = 0; i < READS_A_STEP && !e->over; i++) {
		ssize_t out = libssh2_channel_read(e->channel, buf, sizeof buf);
		if (out > 0)
			take_output(e, buf, (size_t)out);
		ssize_t err = libssh2_channel_read_stderr(e->channel, buf, sizeof buf);
		if (err > 0)
			take_errors(e, buf, (size_t)err);
		if ((out < 0 && out != LIBSSH2_ERROR_EAGAIN) ||
			(err < 0 && err != LIBSSH2_ERROR_EAGAIN))
			return nf_by_error(s, "run", s->ask.argv[0]);
		if (out > 0 || err > 0)
			continue;
		if (!libssh2_channel_eof(e->channel))
			return s->ended
				       ? nf_lost(s, NF_CAUSE_CUT,
						 "the server closed the connection while %s ran",
						 s->ask.argv[0])
				       : NF_STEP_WAIT;
		e->stage = CLOSE;
		break;
	}
	if (e->over)
		e->stage = FREE;
	return NF_STEP_MORE;
}

static enum nf_step judge(struct nf_session *s, struct exec *e)
{
	struct nf_remote_answer *a = &s->answer;
	const char *text = e->output.data ? e->output.data : "";
	size_t len = e->output.len;
	a->has_status = nf_quote_status(text, &len, e->sentinel, &a->status);
	a->signal = e->signal;
	if (!a->has_status && s->windows && e->status != 0 && !e->signal[0]) {
		a->has_status = true;
		a->status = e->status;
	}
	if (len > e->most)
		len = e->most;
	a->truncated = e->over;
	nf_tell_bytes(s, 0, text, len);
	nf_tell_bytes(s, 1, e->errors.data, e->errors.len);
	if (a->has_status)
		return nf_answered_ok(s);
	if (e->over)
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_STATUS,
			"%s printed more than is read (%zu bytes, %u of errors) and was ended",
			s->ask.argv[0], e->most, ERRORS_READ);
	if (e->signal[0])
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_STATUS,
			"%s was ended by signal %s", s->ask.argv[0], e->signal);
	if (s->windows)
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_STATUS,
			"%s on Windows: no failure was told, which proves nothing",
			s->ask.argv[0]);
	const char *said = e->errors.len ? e->errors.data : text;
	return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_EXEC,
		"%s did not run to its end: the account runs another command, or none%s%.300s",
		s->ask.argv[0], *said ? "; the server said: " : "", said);
}

static enum nf_step close_channel(struct nf_session *s, struct exec *e)
{
	int rc = e->stage == CLOSE ? libssh2_channel_close(e->channel)
				   : libssh2_channel_wait_closed(e->channel);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (rc != 0 && s->ended)
		return nf_by_error(s, "run", s->ask.argv[0]);
	e->stage = e->stage == CLOSE ? WAIT_CLOSED : FREE;
	if (e->stage == FREE) {
		char *name = NULL;
		size_t len = 0;
		libssh2_channel_get_exit_signal(
			e->channel, &name, &len, NULL, NULL, NULL, NULL);
		if (name)
			snprintf(e->signal, sizeof e->signal, "%.*s", (int)len, name);
		libssh2_free(s->ssh, name);
		e->status = libssh2_channel_get_exit_status(e->channel);
	}
	return NF_STEP_MORE;
}

static enum nf_step exec_end(struct nf_session *s, struct exec *e)
{
	enum nf_step last = NF_STEP_DONE;
	if (e->over)
		last = NF_STEP_LAST; /* its output would go on coming */
	else if (libssh2_channel_free(e->channel) == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	e->channel = NULL;
	judge(s, e);
	if (s->ask.kind != NF_REMOTE_CLOCK)
		return last;
	nf_strbuf_putc(&e->output, '\0');
	size_t len = e->output.len - 1;
	const char *mark = memmem(e->output.data, len, "\nnetfold-status-", 16);
	return nf_clock_from_date(
		s, e->output.data, mark ? (size_t)(mark - e->output.data) : len);
}

static enum nf_step exec_step(struct nf_session *s)
{
	struct exec *e = exec_state(s);
	switch (e->stage) {
	case OPEN:
		return open_channel(s, e);
	case START:
		return start(s, e);
	case END_INPUT:
		return end_input(s, e);
	case READ:
		return read_output(s, e);
	case CLOSE:
	case WAIT_CLOSED:
		return close_channel(s, e);
	case FREE:
		return exec_end(s, e);
	}
	return NF_STEP_MORE;
}

const struct nf_op nf_op_exec = {false, exec_step, exec_drop};
