// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"
#include "checks/backup/ssh/worker.h"

#define READ_AT_ONCE 65536u

static void free_state(struct nf_session *s)
{
	free(s->state);
	s->state = NULL;
}

/* --- STAT --- */

struct stat_state {
	char *path;
};

static void stat_drop(struct nf_session *s)
{
	struct stat_state *st = s->state;
	if (st)
		free(st->path);
	free_state(s);
}

static struct stat_state *stat_state(struct nf_session *s, const char *path)
{
	if (!s->state) {
		struct stat_state *st = s->state = nf_xcalloc(1, sizeof *st);
		st->path = nf_remote_path(path);
	}
	return s->state;
}

static enum nf_step stat_step(struct nf_session *s)
{
	const struct stat_state *st = stat_state(s, s->ask.path);
	LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
	if (libssh2_sftp_stat_ex(s->sftp, st->path, (unsigned)strlen(st->path),
		    LIBSSH2_SFTP_STAT, &attrs) != 0)
		return nf_by_error(s, "look at", s->ask.path);
	nf_stat_of(&attrs, &s->answer.stat);
	return nf_answered_ok(s);
}

const struct nf_op nf_op_stat = {true, stat_step, stat_drop};

/* --- STATVFS --- */

static enum nf_step statvfs_step(struct nf_session *s)
{
	const struct stat_state *st = stat_state(s, s->ask.path);
	LIBSSH2_SFTP_STATVFS vfs;
	if (libssh2_sftp_statvfs(s->sftp, st->path, strlen(st->path), &vfs) != 0)
		return nf_by_error(s, "tell the space of", s->ask.path);
	s->answer.free_bytes = vfs.f_bavail * vfs.f_frsize;
	s->answer.total_bytes = vfs.f_blocks * vfs.f_frsize;
	s->answer.filesystem = vfs.f_fsid;
	return nf_answered_ok(s);
}

const struct nf_op nf_op_statvfs = {true, statvfs_step, stat_drop};

/* --- CLOCK --- */

/* SFTP has no clock, but Linux gives a file of /proc the time at which it was first looked at; nobody
 * looks at this one of our own server process before we do. Others are asked with date. */
#define CLOCK_FILE "/proc/self/timens_offsets"

static enum nf_step clock_known(struct nf_session *s, int64_t server_s)
{
	s->answer.clock_known = true;
	s->answer.clock_ahead_us = (server_s - s->wall_us / NF_US_PER_S) * NF_US_PER_S;
	return nf_answered_ok(s);
}

static enum nf_step clock_by_date(struct nf_session *s)
{
	static const char *const date[] = {"date", "+%s", NULL};
	memcpy(s->argv, date, sizeof date);
	s->ask.argv = s->argv;
	s->ask.output_max = 256;
	s->op = &nf_op_exec;
	return NF_STEP_MORE;
}

static enum nf_step clock_step(struct nf_session *s)
{
	LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
	struct nf_remote_stat stat = {0};
	if (!s->windows) {
		int rc = libssh2_sftp_stat_ex(
			s->sftp, CLOCK_FILE, sizeof CLOCK_FILE - 1, LIBSSH2_SFTP_STAT, &attrs);
		if (rc == LIBSSH2_ERROR_EAGAIN)
			return NF_STEP_WAIT;
		if (rc != 0 && rc != LIBSSH2_ERROR_SFTP_PROTOCOL)
			return nf_by_error(s, "look at", CLOCK_FILE);
		if (rc == 0)
			nf_stat_of(&attrs, &stat);
	}
	if (stat.has_mtime && stat.mtime_s > 0)
		return clock_known(s, stat.mtime_s);
	return clock_by_date(s);
}

static void clock_drop(struct nf_session *s)
{
	free_state(s);
}

const struct nf_op nf_op_clock = {true, clock_step, clock_drop};

/* What date said, or what was said about date: an unknown clock is an answer, not a failure. */
enum nf_step nf_clock_from_date(struct nf_session *s, char *output, size_t len)
{
	while (len && strchr("\r\n ", output[len - 1]))
		len--;
	output[len] = '\0';
	int64_t seconds;
	if (s->answer.outcome == NF_REMOTE_OK &&
		nf_parse_i64(output, 1, INT64_C(1) << 40, &seconds) == NF_OK)
		return clock_known(s, seconds);
	return nf_answered_ok(s);
}

/* --- READ --- */

struct read_state {
	char *path;
	LIBSSH2_SFTP_HANDLE *handle;
	bool closing;
	size_t len, got, at_once;
	uint8_t bytes[];
};

static void read_drop(struct nf_session *s)
{
	struct read_state *r = s->state;
	if (r)
		free(r->path);
	free_state(s);
}

static struct read_state *read_state(struct nf_session *s)
{
	if (s->state)
		return s->state;
	size_t len = s->ask.len > NF_REMOTE_READ_MAX ? NF_REMOTE_READ_MAX : (size_t)s->ask.len;
	struct read_state *r = s->state = nf_xcalloc(1, sizeof *r + len);
	r->path = nf_remote_path(s->ask.path);
	r->len = len;
	/* libssh2 asks ahead for four times what one call wants. */
	r->at_once = len / 4 < 4096 ? 4096 : len / 4;
	if (r->at_once > READ_AT_ONCE)
		r->at_once = READ_AT_ONCE;
	return r;
}

static enum nf_step read_close(struct nf_session *s, struct read_state *r)
{
	r->closing = true;
	int rc = libssh2_sftp_close_handle(r->handle);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	r->handle = NULL;
	nf_tell_bytes(s, 0, r->bytes, r->got);
	return nf_answered_ok(s);
}

static enum nf_step read_step(struct nf_session *s)
{
	struct read_state *r = read_state(s);
	if (r->closing)
		return read_close(s, r);
	if (!r->handle) {
		r->handle = libssh2_sftp_open_ex(s->sftp, r->path, (unsigned)strlen(r->path),
			LIBSSH2_FXF_READ, 0, LIBSSH2_SFTP_OPENFILE);
		if (!r->handle)
			return nf_by_error(s, "read", s->ask.path);
		libssh2_sftp_seek64(r->handle, s->ask.offset);
	}
	size_t want = r->len - r->got < r->at_once ? r->len - r->got : r->at_once;
	ssize_t n = want ? libssh2_sftp_read(r->handle, (char *)r->bytes + r->got, want) : 0;
	if (n < 0)
		return nf_by_error(s, "read", s->ask.path);
	if (n == 0)
		return read_close(s, r);
	r->got += (size_t)n;
	return NF_STEP_MORE;
}

const struct nf_op nf_op_read = {true, read_step, read_drop};
