// SPDX-License-Identifier: GPL-3.0-or-later
#include <ctype.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "checks/backup/ssh/worker.h"

#define PROGRESS_EVERY_US NF_US_PER_S

__attribute__((format(printf, 2, 0))) static void say(
	struct nf_session *s, const char *format, va_list args)
{
	char raw[NF_ERROR_TEXT_MAX];
	vsnprintf(raw, sizeof raw, format, args);
	nf_text_escape_buf(s->reason, sizeof s->reason, raw);
}

enum nf_step nf_lost(struct nf_session *s, enum nf_remote_cause cause, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(s, format, args);
	va_end(args);
	s->cause = cause;
	return NF_STEP_LOST;
}

enum nf_step nf_answered(struct nf_session *s, enum nf_remote_outcome outcome,
	enum nf_remote_cause cause, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(s, format, args);
	va_end(args);
	s->answer.outcome = outcome;
	s->answer.cause = cause;
	s->answer.reason = s->reason;
	return NF_STEP_DONE;
}

enum nf_step nf_answered_ok(struct nf_session *s)
{
	s->reason[0] = '\0';
	s->answer.outcome = NF_REMOTE_OK;
	s->answer.cause = NF_CAUSE_NONE;
	s->answer.reason = s->reason;
	return NF_STEP_DONE;
}

static enum nf_step by_status(
	struct nf_session *s, unsigned long status, const char *what, const char *path)
{
	switch (status) {
	case LIBSSH2_FX_NO_SUCH_FILE:
	case LIBSSH2_FX_NO_SUCH_PATH:
		return nf_answered(
			s, NF_REMOTE_ABSENT, NF_CAUSE_NONE, "%s: there is no such file", path);
	case LIBSSH2_FX_PERMISSION_DENIED:
		return nf_answered(s, NF_REMOTE_DENIED, NF_CAUSE_NONE,
			"%s: %s may not %s it (permission denied)", path, s->user, what);
	case LIBSSH2_FX_OP_UNSUPPORTED:
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNSUPPORTED,
			"%s: the server does not know how to %s", path, what);
	case LIBSSH2_FX_LINK_LOOP:
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_FAILED,
			"%s: symbolic links in a ring", path);
	default: /* OpenSSH says FAILURE for most errnos: a ring of links, an I/O error */
		return nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_FAILED,
			"%s: the server cannot %s it (SFTP status %lu)", path, what, status);
	}
}

enum nf_step nf_by_error(struct nf_session *s, const char *what, const char *path)
{
	char *text = NULL;
	int rc = libssh2_session_last_error(s->ssh, &text, NULL, 0);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (rc == LIBSSH2_ERROR_SFTP_PROTOCOL && s->sftp && !s->ended) {
		unsigned long status = libssh2_sftp_last_error(s->sftp);
		if (status != LIBSSH2_FX_OK && status != LIBSSH2_FX_CONNECTION_LOST &&
			status != LIBSSH2_FX_NO_CONNECTION)
			return by_status(s, status, what, path);
		return nf_lost(s, NF_CAUSE_CUT,
			"the server's SFTP answers make no sense at %s %s (%s)", what, path,
			text ? text : "");
	}
	if (s->ended)
		return nf_lost(s, NF_CAUSE_CUT, "the server closed the connection at %s %s",
			what, path);
	return nf_lost(s, NF_CAUSE_CUT, "the connection broke at %s %s (%s, libssh2 %d)", what,
		path, text ? text : "", rc);
}

/* The parent always reads; where it is slow, waiting for it is all that there is to do. */
void nf_tell(struct nf_session *s, const struct nf_strbuf *message)
{
	struct pollfd wait = {.fd = s->control, .events = POLLOUT};
	while (nf_wire_send(s->control, message->data, message->len, -1) == NF_EBUSY)
		poll(&wait, 1, -1);
}

void nf_tell_bytes(struct nf_session *s, uint8_t stream, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	struct nf_strbuf b = {0};
	for (size_t done = 0; done < len;) {
		size_t n = len - done < NF_WIRE_PIECE ? len - done : NF_WIRE_PIECE;
		nf_wire_start(&b, NF_WIRE_BYTES, s->id);
		nf_wire_u8(&b, stream);
		nf_wire_bytes(&b, at + done, n);
		nf_tell(s, &b);
		done += n;
	}
	nf_strbuf_free(&b);
}

void nf_tell_progress(struct nf_session *s, uint64_t bytes, uint64_t size)
{
	if (s->now_us - s->told_us < PROGRESS_EVERY_US)
		return;
	s->told_us = s->now_us;
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_PROGRESS, s->id);
	nf_wire_u64(&b, bytes);
	nf_wire_u64(&b, size);
	nf_tell(s, &b);
	nf_strbuf_free(&b);
}

char *nf_remote_path(const char *path)
{
	if (!isalpha((unsigned char)path[0]) || path[1] != ':' ||
		(path[2] != '/' && path[2] != '\\'))
		return nf_xstrdup(path);
	char *slashed = nf_xasprintf("/%s", path);
	for (char *p = slashed; *p; p++)
		if (*p == '\\')
			*p = '/';
	return slashed;
}

void nf_stat_of(const LIBSSH2_SFTP_ATTRIBUTES *attrs, struct nf_remote_stat *stat)
{
	*stat = (struct nf_remote_stat){0};
	if (attrs->flags & LIBSSH2_SFTP_ATTR_SIZE) {
		stat->has_size = true;
		stat->size = attrs->filesize;
	}
	if (attrs->flags & LIBSSH2_SFTP_ATTR_ACMODTIME) {
		stat->has_mtime = true;
		stat->mtime_s = (int64_t)(uint32_t)attrs->mtime;
	}
	if (attrs->flags & LIBSSH2_SFTP_ATTR_PERMISSIONS) {
		unsigned long kind = attrs->permissions & LIBSSH2_SFTP_S_IFMT;
		stat->mode = (uint32_t)(attrs->permissions & 07777);
		stat->is_file = kind == LIBSSH2_SFTP_S_IFREG;
		stat->is_directory = kind == LIBSSH2_SFTP_S_IFDIR;
		stat->is_symlink = kind == LIBSSH2_SFTP_S_IFLNK;
	}
}
