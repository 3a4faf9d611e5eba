// SPDX-License-Identifier: GPL-3.0-or-later
/* HASH and DEEP: a whole file passes through, nothing of it stays. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/backup/ssh/tar_names.h"
#include "checks/backup/ssh/unpack.h"
#include "checks/backup/ssh/worker.h"

#define AT_ONCE (1u << 20) /* libssh2 is fast only with large pieces */
#define LEAST	4096u

enum stage { OPEN, STAT, READ, STAT_AGAIN, CLOSE };

struct stream {
	char *path;
	LIBSSH2_SFTP_HANDLE *handle;
	enum stage stage;
	struct nf_remote_stat before;
	uint64_t read, want; /* want: UINT64_MAX for all */
	EVP_MD_CTX *hash;
	struct nf_unpack *unpack;
	struct nf_tar_names *names; /* DEEP with names */
	bool tried, broken;
	size_t held, used; /* of buf: what the unpacker has not taken yet */
	uint8_t buf[AT_ONCE];
};

static void stream_drop(struct nf_session *s)
{
	struct stream *st = s->state;
	if (!st)
		return;
	free(st->path);
	EVP_MD_CTX_free(st->hash);
	nf_unpack_free(st->unpack);
	nf_tar_names_free(st->names);
	free(st);
	s->state = NULL;
}

static struct stream *stream_state(struct nf_session *s)
{
	if (s->state)
		return s->state;
	struct stream *st = s->state = nf_xmalloc(sizeof *st);
	memset(st, 0, offsetof(struct stream, buf));
	st->path = nf_remote_path(s->ask.path);
	st->want = s->ask.kind == NF_REMOTE_HASH && s->ask.len ? s->ask.len : UINT64_MAX;
	if (s->ask.kind == NF_REMOTE_HASH) {
		const EVP_MD *const kinds[] = {EVP_sha256(), EVP_sha512(), EVP_md5()};
		st->hash = EVP_MD_CTX_new();
		if (!st->hash || EVP_DigestInit_ex(st->hash, kinds[s->ask.hash], NULL) != 1)
			abort(); /* out of memory */
	}
	if (s->ask.kind == NF_REMOTE_DEEP && s->ask.argv[0])
		st->names = nf_tar_names_new(s->ask.argv);
	return st;
}

static void take_text(void *arg, const uint8_t *text, size_t len)
{
	nf_tar_names_feed(arg, text, len);
}

static enum nf_step open_file(struct nf_session *s, struct stream *st)
{
	st->handle = libssh2_sftp_open_ex(s->sftp, st->path, (unsigned)strlen(st->path),
		LIBSSH2_FXF_READ, 0, LIBSSH2_SFTP_OPENFILE);
	if (!st->handle)
		return nf_by_error(s, "read", s->ask.path);
	if (s->ask.kind == NF_REMOTE_HASH)
		libssh2_sftp_seek64(st->handle, s->ask.offset);
	st->stage = STAT;
	return NF_STEP_MORE;
}

static enum nf_step look(
	struct nf_session *s, struct stream *st, struct nf_remote_stat *stat, enum stage next)
{
	LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
	if (libssh2_sftp_fstat_ex(st->handle, &attrs, 0) != 0)
		return nf_by_error(s, "look at", s->ask.path);
	nf_stat_of(&attrs, stat);
	st->stage = next;
	return NF_STEP_MORE;
}

/* True once the piece in buf is used up, or the stream is broken. */
static bool unpack(struct stream *st)
{
	if (!st->tried) {
		st->tried = true;
		st->unpack = nf_unpack_new(st->buf, st->held);
		if (st->unpack && st->names)
			nf_unpack_tee(st->unpack, take_text, st->names);
	}
	if (!st->unpack && st->names) { /* not packed: as it is */
		if (!nf_tar_names_feed(st->names, st->buf, st->held))
			st->stage = STAT_AGAIN;
		return true;
	}
	if (!st->unpack) {
		st->stage = STAT_AGAIN;
		return true;
	}
	size_t n;
	if (!nf_unpack_feed(st->unpack, st->buf + st->used, st->held - st->used, &n)) {
		st->broken = true;
		st->stage = STAT_AGAIN;
		return true;
	}
	st->used += n;
	return st->used == st->held;
}

/* libssh2 asks ahead for four times what one call wants, also behind the file's end. */
static size_t piece(const struct stream *st)
{
	uint64_t left = st->want - st->read, most = AT_ONCE;

	if (st->before.has_size) {
		most = st->before.size > st->read ? (st->before.size - st->read) / 4 + 1 : 0;
		most = most < LEAST ? LEAST : most > AT_ONCE ? AT_ONCE : most;
	}
	return (size_t)(left < most ? left : most);
}

static enum nf_step read_some(struct nf_session *s, struct stream *st)
{
	if (st->held) {
		if (unpack(st))
			st->held = st->used = 0;
		return NF_STEP_MORE;
	}
	size_t want = piece(st);
	char *to = (char *)st->buf;
	ssize_t n = want ? libssh2_sftp_read(st->handle, to, want) : 0;
	if (n < 0)
		return nf_by_error(s, "read", s->ask.path);
	if (n == 0) {
		st->stage = STAT_AGAIN;
		return NF_STEP_MORE;
	}
	st->read += (uint64_t)n;
	if (s->ask.deadline_us < 0) /* counts from the last byte */
		s->deadline_us = s->now_us - s->ask.deadline_us;
	if (st->hash)
		EVP_DigestUpdate(st->hash, st->buf, (size_t)n);
	else
		st->held = (size_t)n;
	nf_tell_progress(s, st->read, st->before.size);
	return NF_STEP_MORE;
}

static void finish_hash(struct nf_session *s, struct stream *st)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	EVP_DigestFinal_ex(st->hash, digest, &len);
	for (unsigned i = 0; i < len; i++) {
		s->answer.digest[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		s->answer.digest[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	s->answer.digest[2 * len] = '\0';
	nf_answered_ok(s);
}

/* After the packing: whose fault it is decides what is said. */
static void finish_names(struct nf_session *s, struct stream *st)
{
	bool unpacked = !st->unpack || (!st->broken && nf_unpack_end(st->unpack));
	if (unpacked && !nf_tar_names_end(st->names) && !nf_tar_names_is_tar(st->names)) {
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNSUPPORTED,
			"it is no tar archive, so what is in it cannot be told");
		return;
	}
	s->answer.sound = unpacked && nf_tar_names_end(st->names);
	s->answer.seen = nf_tar_names_count(st->names);
	s->answer.missing = nf_tar_names_missing(st->names);
	nf_answered(s, NF_REMOTE_OK, NF_CAUSE_NONE, "%s%s",
		s->answer.sound ? "" : "the file is broken: ",
		unpacked ? nf_tar_names_why(st->names) : nf_unpack_why(st->unpack));
}

static void finish_unpack(struct nf_session *s, struct stream *st)
{
	if (st->names) {
		finish_names(s, st);
		return;
	}
	if (!st->unpack) {
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNSUPPORTED,
			"%s: not gzip, xz, zstd or bzip2: nothing to unpack", s->ask.path);
		return;
	}
	s->answer.sound = !st->broken && nf_unpack_end(st->unpack);
	s->answer.format = nf_unpack_format(st->unpack);
	s->answer.unpacked = nf_unpack_size(st->unpack);
	size_t len;
	const uint8_t *tail = nf_unpack_tail(st->unpack, &len);
	nf_tell_bytes(s, 0, tail, len);
	nf_answered(s, NF_REMOTE_OK, NF_CAUSE_NONE, "%s%s",
		s->answer.sound ? "" : "the file is broken: ", nf_unpack_why(st->unpack));
}

static enum nf_step close_file(struct nf_session *s, struct stream *st)
{
	if (libssh2_sftp_close_handle(st->handle) == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	st->handle = NULL;
	const struct nf_remote_stat *now = &s->answer.stat;
	s->answer.read = st->read;
	s->answer.changed =
		now->size != st->before.size || now->mtime_s != st->before.mtime_s ||
		(st->want == UINT64_MAX && !st->broken && s->ask.kind == NF_REMOTE_HASH &&
			s->ask.offset + st->read != st->before.size);
	if (st->hash)
		finish_hash(s, st);
	else
		finish_unpack(s, st);
	return NF_STEP_DONE;
}

static enum nf_step stream_step(struct nf_session *s)
{
	struct stream *st = stream_state(s);
	switch (st->stage) {
	case OPEN:
		return open_file(s, st);
	case STAT:
		return look(s, st, &st->before, READ);
	case READ:
		return read_some(s, st);
	case STAT_AGAIN:
		return look(s, st, &s->answer.stat, CLOSE);
	case CLOSE:
		return close_file(s, st);
	}
	return NF_STEP_MORE;
}

const struct nf_op nf_op_stream = {true, stream_step, stream_drop};
