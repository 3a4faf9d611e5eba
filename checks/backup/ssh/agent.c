// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/agent.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cursor.h"
#include "checks/backup/ssh/wire.h"

#define REQUEST_IDENTITIES 11
#define IDENTITIES_ANSWER  12
#define SIGN_REQUEST	   13
#define SIGN_RESPONSE	   14
#define ANSWER_MAX	   65536u
#define WAIT_S		   5

enum nf_err nf_agent_connect(const char *socket_path, int *agent, struct nf_error *err)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t len = strlen(socket_path);
	if (len == 0 || len >= sizeof at.sun_path)
		return nf_error_set(err, NF_EINVAL, "no SSH agent: SSH_AUTH_SOCK is not set");
	memcpy(at.sun_path, socket_path, len);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return nf_error_errno(err, "socket");
	const struct timeval wait = {.tv_sec = WAIT_S};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0 ||
		connect(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
		enum nf_err rc =
			nf_error_errno(err, "cannot reach the SSH agent at %s", socket_path);
		close(fd);
		return rc;
	}
	*agent = fd;
	return NF_OK;
}

static bool read_all(int fd, uint8_t *to, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, to, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		len -= (size_t)n;
	}
	return true;
}

static bool write_all(int fd, const char *from, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, from, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
	}
	return true;
}

/* One question, one answer; the cursor is over answer[]. */
static bool converse(int agent, const struct nf_strbuf *question, uint8_t answer[ANSWER_MAX],
	struct nf_cursor *c)
{
	struct nf_strbuf framed = {0};
	nf_wire_bytes(&framed, question->data, question->len);
	bool ok = write_all(agent, framed.data, framed.len);
	nf_strbuf_free(&framed);
	uint8_t head[4];
	if (!ok || !read_all(agent, head, sizeof head))
		return false;
	struct nf_cursor h = nf_cursor_of(head, sizeof head);
	uint32_t len = nf_cursor_be32(&h);
	if (len == 0 || len > ANSWER_MAX || !read_all(agent, answer, len))
		return false;
	*c = nf_cursor_of(answer, len);
	return true;
}

enum nf_err nf_agent_keys(
	int agent, struct nf_agent_key keys[NF_AGENT_KEYS], size_t *len, struct nf_error *err)
{
	uint8_t answer[ANSWER_MAX];
	struct nf_strbuf question = {0};
	struct nf_cursor c;
	nf_wire_u8(&question, REQUEST_IDENTITIES);
	bool ok =
		converse(agent, &question, answer, &c) && nf_cursor_u8(&c) == IDENTITIES_ANSWER;
	nf_strbuf_free(&question);
	if (!ok)
		return nf_error_set(err, NF_ECLOSED, "the SSH agent does not answer");
	uint32_t count = nf_cursor_be32(&c);
	*len = 0;
	for (uint32_t i = 0; i < count && !c.failed && *len < NF_AGENT_KEYS; i++) {
		size_t n, comment;
		const uint8_t *blob = nf_wire_get_bytes(&c, &n);
		nf_wire_get_bytes(&c, &comment);
		if (!blob || n > sizeof keys->blob)
			continue;
		memcpy(keys[*len].blob, blob, n);
		keys[(*len)++].len = n;
	}
	if (*len == 0)
		return nf_error_set(err, NF_ENOENT, "the SSH agent holds no key");
	return NF_OK;
}

enum nf_err nf_agent_sign(int agent, const struct nf_agent_key *key, enum nf_sign_with with,
	const uint8_t *data, size_t len, struct nf_strbuf *signature)
{
	uint8_t answer[ANSWER_MAX];
	struct nf_strbuf question = {0};
	nf_wire_u8(&question, SIGN_REQUEST);
	nf_wire_bytes(&question, key->blob, key->len);
	nf_wire_bytes(&question, data, len);
	nf_wire_u32(&question, with == NF_SIGN_RSA_SHA256   ? 2
			       : with == NF_SIGN_RSA_SHA512 ? 4
							    : 0);
	struct nf_cursor c;
	bool ok = converse(agent, &question, answer, &c) && nf_cursor_u8(&c) == SIGN_RESPONSE;
	nf_strbuf_free(&question);
	if (!ok)
		return NF_ECLOSED;
	nf_cursor_skip(&c, 4);
	size_t name, n;
	nf_wire_get_bytes(&c, &name);
	const uint8_t *inner = nf_wire_get_bytes(&c, &n);
	if (!inner || c.failed)
		return NF_EFORMAT;
	nf_strbuf_add(signature, inner, n);
	return NF_OK;
}
