// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void nf_wire_u8(struct nf_strbuf *b, uint8_t v)
{
	nf_strbuf_add(b, &v, 1);
}

void nf_wire_u32(struct nf_strbuf *b, uint32_t v)
{
	uint8_t be[4];
	for (unsigned i = 0; i < 4; i++)
		be[i] = (uint8_t)(v >> (24 - 8 * i));
	nf_strbuf_add(b, be, sizeof be);
}

void nf_wire_u64(struct nf_strbuf *b, uint64_t v)
{
	nf_wire_u32(b, (uint32_t)(v >> 32));
	nf_wire_u32(b, (uint32_t)v);
}

void nf_wire_i64(struct nf_strbuf *b, int64_t v)
{
	nf_wire_u64(b, (uint64_t)v);
}

void nf_wire_bytes(struct nf_strbuf *b, const void *bytes, size_t len)
{
	nf_wire_u32(b, (uint32_t)len);
	if (len)
		nf_strbuf_add(b, bytes, len);
}

void nf_wire_text(struct nf_strbuf *b, const char *text)
{
	if (!text)
		text = "";
	nf_wire_bytes(b, text, strlen(text) + 1);
}

void nf_wire_start(struct nf_strbuf *b, enum nf_wire_type type, uint32_t session)
{
	nf_strbuf_clear(b);
	nf_wire_u8(b, (uint8_t)type);
	nf_wire_u32(b, session);
}

void nf_wire_login(struct nf_strbuf *b, const struct nf_wire_login *login)
{
	nf_wire_text(b, login->user);
	nf_wire_text(b, login->known_types);
	nf_wire_i64(b, login->handshake_us);
	nf_wire_i64(b, login->auth_us);
	nf_wire_i64(b, login->sftp_us);
	nf_wire_u32(b, login->preauth_bytes);
}

void nf_wire_ask(struct nf_strbuf *b, const struct nf_remote_ask *ask)
{
	nf_wire_u8(b, (uint8_t)ask->kind);
	nf_wire_text(b, ask->path);
	nf_wire_u64(b, ask->offset);
	nf_wire_u64(b, ask->len);
	nf_wire_u8(b, (uint8_t)ask->hash);
	nf_wire_u32(b, ask->entries_max);
	nf_wire_u32(b, ask->output_max);
	nf_wire_i64(b, ask->deadline_us);
	uint32_t argc = 0;
	while (ask->argv && ask->argv[argc])
		argc++;
	nf_wire_u32(b, argc);
	for (uint32_t i = 0; i < argc; i++)
		nf_wire_text(b, ask->argv[i]);
}

enum {
	STAT_MTIME = 1,
	STAT_SIZE = 2,
	STAT_FILE = 4,
	STAT_DIRECTORY = 8,
	STAT_SYMLINK = 16,
	STAT_DANGLING = 32,
};

static void put_stat(struct nf_strbuf *b, const struct nf_remote_stat *s)
{
	nf_wire_u64(b, s->size);
	nf_wire_i64(b, s->mtime_s);
	nf_wire_u32(b, s->mode);
	nf_wire_u8(b, (uint8_t)((s->has_mtime ? STAT_MTIME : 0) |
				(s->has_size ? STAT_SIZE : 0) | (s->is_file ? STAT_FILE : 0) |
				(s->is_directory ? STAT_DIRECTORY : 0) |
				(s->is_symlink ? STAT_SYMLINK : 0) |
				(s->is_dangling ? STAT_DANGLING : 0)));
}

static void get_stat(struct nf_cursor *c, struct nf_remote_stat *s)
{
	s->size = nf_cursor_be64(c);
	s->mtime_s = nf_wire_get_i64(c);
	s->mode = nf_cursor_be32(c);
	unsigned flags = nf_cursor_u8(c);
	s->has_mtime = flags & STAT_MTIME;
	s->has_size = flags & STAT_SIZE;
	s->is_file = flags & STAT_FILE;
	s->is_directory = flags & STAT_DIRECTORY;
	s->is_symlink = flags & STAT_SYMLINK;
	s->is_dangling = flags & STAT_DANGLING;
}

void nf_wire_entry(struct nf_strbuf *b, const struct nf_remote_entry *entry)
{
	nf_wire_text(b, entry->path);
	put_stat(b, &entry->stat);
}

void nf_wire_answer(struct nf_strbuf *b, const struct nf_remote_answer *a)
{
	nf_wire_u8(b, (uint8_t)a->outcome);
	nf_wire_u8(b, (uint8_t)a->cause);
	nf_wire_text(b, a->reason);
	put_stat(b, &a->stat);
	nf_wire_u64(b, a->seen);
	nf_wire_u8(b, a->truncated);
	nf_wire_text(b, a->digest);
	nf_wire_u64(b, a->read);
	nf_wire_u64(b, a->unpacked);
	nf_wire_text(b, a->format);
	nf_wire_u8(b, a->changed);
	nf_wire_u8(b, a->sound);
	nf_wire_u8(b, a->has_status);
	nf_wire_u32(b, (uint32_t)a->status);
	nf_wire_text(b, a->signal);
	nf_wire_u8(b, a->clock_known);
	nf_wire_i64(b, a->clock_ahead_us);
	nf_wire_u64(b, a->free_bytes);
	nf_wire_u64(b, a->total_bytes);
	nf_wire_u64(b, a->filesystem);
	nf_wire_text(b, a->missing ? a->missing : "");
}

bool nf_wire_get(struct nf_cursor *c, enum nf_wire_type *type, uint32_t *session)
{
	*type = (enum nf_wire_type)nf_cursor_u8(c);
	*session = nf_cursor_be32(c);
	return !c->failed;
}

int64_t nf_wire_get_i64(struct nf_cursor *c)
{
	return (int64_t)nf_cursor_be64(c);
}

const uint8_t *nf_wire_get_bytes(struct nf_cursor *c, size_t *len)
{
	*len = nf_cursor_be32(c);
	const uint8_t *bytes = *len ? nf_cursor_bytes(c, *len) : NULL;
	if (!bytes)
		*len = 0;
	return bytes;
}

const char *nf_wire_get_text(struct nf_cursor *c)
{
	size_t len;
	const uint8_t *bytes = nf_wire_get_bytes(c, &len);
	if (bytes && memchr(bytes, 0, len) == bytes + len - 1)
		return (const char *)bytes;
	c->failed = true;
	return "";
}

void nf_wire_get_login(struct nf_cursor *c, struct nf_wire_login *login)
{
	login->user = nf_wire_get_text(c);
	login->known_types = nf_wire_get_text(c);
	login->handshake_us = nf_wire_get_i64(c);
	login->auth_us = nf_wire_get_i64(c);
	login->sftp_us = nf_wire_get_i64(c);
	login->preauth_bytes = nf_cursor_be32(c);
}

void nf_wire_get_ask(
	struct nf_cursor *c, struct nf_remote_ask *ask, const char **argv, size_t argv_max)
{
	unsigned kind = nf_cursor_u8(c);
	ask->kind = (enum nf_remote_kind)kind;
	ask->path = nf_wire_get_text(c);
	ask->offset = nf_cursor_be64(c);
	ask->len = nf_cursor_be64(c);
	unsigned hash = nf_cursor_u8(c);
	ask->hash = (enum nf_remote_hash)hash;
	ask->entries_max = nf_cursor_be32(c);
	ask->output_max = nf_cursor_be32(c);
	ask->deadline_us = nf_wire_get_i64(c);
	uint32_t argc = nf_cursor_be32(c);
	if (argc >= argv_max || kind > NF_REMOTE_STATVFS || hash > NF_REMOTE_MD5)
		c->failed = true;
	uint32_t n = 0;
	while (!c->failed && n < argc)
		argv[n++] = nf_wire_get_text(c);
	argv[n] = NULL;
	ask->argv = argv;
}

void nf_wire_get_entry(struct nf_cursor *c, struct nf_remote_entry *entry)
{
	entry->path = nf_wire_get_text(c);
	entry->is_dump = entry->is_unfinished = false;
	get_stat(c, &entry->stat);
	const char *slash = strrchr(entry->path, '/');
	entry->name = slash ? slash + 1 : entry->path;
}

void nf_wire_get_answer(struct nf_cursor *c, struct nf_remote_answer *a)
{
	unsigned outcome = nf_cursor_u8(c), cause = nf_cursor_u8(c);
	if (outcome > NF_REMOTE_UNVERIFIABLE || cause > NF_CAUSE_LOCAL)
		c->failed = true;
	a->outcome = (enum nf_remote_outcome)outcome;
	a->cause = (enum nf_remote_cause)cause;
	a->reason = nf_wire_get_text(c);
	get_stat(c, &a->stat);
	a->seen = nf_cursor_be64(c);
	a->truncated = nf_cursor_u8(c);
	const char *digest = nf_wire_get_text(c);
	size_t len = strlen(digest);
	if (len >= sizeof a->digest)
		c->failed = true;
	else
		memcpy(a->digest, digest, len + 1);
	a->read = nf_cursor_be64(c);
	a->unpacked = nf_cursor_be64(c);
	a->format = nf_wire_get_text(c);
	a->changed = nf_cursor_u8(c);
	a->sound = nf_cursor_u8(c);
	a->has_status = nf_cursor_u8(c);
	a->status = (int)nf_cursor_be32(c);
	a->signal = nf_wire_get_text(c);
	a->clock_known = nf_cursor_u8(c);
	a->clock_ahead_us = nf_wire_get_i64(c);
	a->free_bytes = nf_cursor_be64(c);
	a->total_bytes = nf_cursor_be64(c);
	a->filesystem = nf_cursor_be64(c);
	a->missing = nf_wire_get_text(c);
}

union passed {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int))];
};

enum nf_err nf_wire_send(int socket, const void *bytes, size_t len, int passed)
{
	union {
		const void *given;
		void *iov; /* sendmsg only reads */
	} content = {.given = bytes};
	struct iovec iov = {content.iov, len};
	union passed control = {0};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	if (passed >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof control;
		struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &passed, sizeof passed);
	}
	ssize_t n;
	do
		n = sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return NF_OK;
	return errno == EAGAIN || errno == ENOBUFS ? NF_EBUSY : NF_ECLOSED;
}

ssize_t nf_wire_receive(int socket, uint8_t *buf, size_t size, int *passed)
{
	struct iovec iov = {buf, size};
	union passed control = {0};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	ssize_t n;
	do
		n = recvmsg(socket, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	*passed = -1;
	if (n < 0)
		return errno == EAGAIN ? -1 : 0;
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
		memcpy(passed, CMSG_DATA(head), sizeof *passed);
	return n;
}
