// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/line.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "collector/snmp/codec.h"

#define RECEIVE_BATCH  32
#define RECEIVE_ROUNDS 8 /* batches before the loop's other work gets its turn */
#define BUFFER_BYTES   (NF_CODEC_MESSAGE + NF_CODEC_SLACK)
#define WISHED_BUFFER  (16 << 20)

struct nf_line_pool {
	uint8_t *bytes; /* RECEIVE_BATCH of BUFFER_BYTES, zero until used */
	size_t dirty
		[RECEIVE_BATCH]; /* bytes written by the longest message since it was zeroed */
	struct sockaddr_storage from[RECEIVE_BATCH];
	struct iovec iov[RECEIVE_BATCH];
	struct mmsghdr messages[RECEIVE_BATCH];
};

struct out {
	void *tag;
	size_t at, len; /* in line->bytes */
	struct sockaddr_storage to;
	socklen_t to_len;
};

/* Its own life: libuv gives a handle back later than the line may need a new one. */
struct line_socket {
	uv_poll_t poll;
	int fd;
	struct nf_line *line; /* NULL: replaced */
};

struct nf_line {
	uv_loop_t *loop;
	struct nf_line_pool *pool;
	const struct nf_network *network;
	enum nf_family family;
	struct nf_line_receiver receiver;
	struct line_socket *socket; /* NULL: not open */
	unsigned ifindex;
	int open_errno;
	int64_t looked_mono_us; /* at the interface, or for a way to open */
	struct out out[NF_LINE_BATCH];
	size_t out_len;
	uint8_t *bytes;
	size_t bytes_len, bytes_cap;
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

struct nf_line_pool *nf_line_pool_new(void)
{
	struct nf_line_pool *pool = nf_xcalloc(1, sizeof *pool);
	pool->bytes = nf_xcalloc(
		RECEIVE_BATCH, BUFFER_BYTES); /* this large: not touched until used */
	for (size_t i = 0; i < RECEIVE_BATCH; i++)
		pool->iov[i] = (struct iovec){pool->bytes + i * BUFFER_BYTES, NF_CODEC_MESSAGE};
	return pool;
}

void nf_line_pool_free(struct nf_line_pool *pool)
{
	if (!pool)
		return;
	free(pool->bytes);
	free(pool);
}

struct nf_line *nf_line_new(uv_loop_t *loop, struct nf_line_pool *pool,
	const struct nf_network *network, enum nf_family family,
	const struct nf_line_receiver *receiver)
{
	struct nf_line *line = nf_xcalloc(1, sizeof *line);
	line->loop = loop;
	line->pool = pool;
	line->network = network;
	line->family = family;
	line->receiver = *receiver;
	return line;
}

static void free_line(struct nf_line *line)
{
	void (*closed)(void *) = line->closed;
	void *arg = line->closed_arg;
	free(line->bytes);
	free(line);
	closed(arg);
}

static void socket_closed(uv_handle_t *handle)
{
	struct line_socket *s = handle->data;
	struct nf_line *line = s->line;
	close(s->fd);
	free(s);
	if (line)
		free_line(line);
}

void nf_line_close(struct nf_line *line, void (*closed)(void *arg), void *arg)
{
	line->closing = true;
	line->closed = closed;
	line->closed_arg = arg;
	if (line->socket)
		uv_close((uv_handle_t *)&line->socket->poll, socket_closed);
	else
		free_line(line);
}

static void shut(struct nf_line *line)
{
	if (!line->socket)
		return;
	line->socket->line = NULL;
	uv_close((uv_handle_t *)&line->socket->poll, socket_closed);
	line->socket = NULL;
}

static int set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof value);
}

/* As large as the kernel lets us: a burst of answers must not be lost here. */
static void widen_buffer(int fd)
{
	if (set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, WISHED_BUFFER) != 0)
		set_int(fd, SOL_SOCKET, SO_RCVBUF, WISHED_BUFFER);
}

static int bind_source(const struct nf_line *line, int fd)
{
	const struct nf_source *source = &line->network->source;
	const struct nf_addr *address =
		line->family == NF_IPV4 ? &source->address4 : &source->address6;
	if (source->interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, source->interface,
					 (socklen_t)strlen(source->interface)) != 0)
		return -1;
	if (address->family == NF_FAMILY_NONE)
		return 0;
	struct sockaddr_storage local;
	socklen_t len = nf_addr_to_sockaddr(address, 0, &local);
	return bind(fd, (struct sockaddr *)&local, len);
}

/* The descriptor, or -1 with errno. */
static int open_socket(struct nf_line *line)
{
	int family = line->family == NF_IPV4 ? AF_INET : AF_INET6;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (family == AF_INET6)
		set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	widen_buffer(fd);
	if (bind_source(line, fd) == 0)
		return fd;
	int e = errno;
	close(fd);
	errno = e;
	return -1;
}

static void receive(uv_poll_t *handle, int status, int events);

static void open_line(struct nf_line *line)
{
	int fd = open_socket(line);
	if (fd < 0) {
		line->open_errno = errno;
		const char *interface = line->network->source.interface;
		nf_log_limited(line->network->id, NF_LOG_WARN, "snmp",
			"no way out: %s network=%s interface=%s", strerror(errno),
			line->network->id, interface ? interface : "any");
		return;
	}
	struct line_socket *s = nf_xcalloc(1, sizeof *s);
	s->fd = fd;
	s->line = line;
	s->poll.data = s;
	if (uv_poll_init(line->loop, &s->poll, fd) != 0) {
		line->open_errno = EMFILE;
		close(fd);
		free(s);
		return;
	}
	uv_poll_start(&s->poll, UV_READABLE, receive);
	line->socket = s;
	line->open_errno = 0;
}

/* An interface that went and came back has another index; the old socket would stay deaf and dumb. */
static void look_at_source(struct nf_line *line, struct nf_now now)
{
	const char *interface = line->network->source.interface;
	if (line->looked_mono_us && now.mono_us - line->looked_mono_us < NF_US_PER_S)
		return;
	line->looked_mono_us = now.mono_us;
	unsigned index = interface ? if_nametoindex(interface) : 0;
	if (line->socket && index != line->ifindex)
		shut(line);
	if (!line->socket) {
		line->ifindex = index;
		open_line(line);
	}
}

bool nf_line_put(struct nf_line *line, const struct sockaddr *to, socklen_t to_len,
	const uint8_t *bytes, size_t len, void *tag)
{
	if (line->out_len == NF_LINE_BATCH)
		return false;
	if (line->bytes_cap - line->bytes_len < len) {
		line->bytes_cap = line->bytes_cap * 2 + len;
		line->bytes = nf_xreallocarray(line->bytes, line->bytes_cap, 1);
	}
	struct out *out = &line->out[line->out_len++];
	*out = (struct out){.tag = tag, .at = line->bytes_len, .len = len, .to_len = to_len};
	memcpy(&out->to, to, to_len);
	memcpy(line->bytes + line->bytes_len, bytes, len);
	line->bytes_len += len;
	return true;
}

static size_t send_from(struct nf_line *line, size_t first)
{
	struct mmsghdr messages[NF_LINE_BATCH];
	struct iovec iov[NF_LINE_BATCH];
	size_t len = line->out_len - first;
	memset(messages, 0, len * sizeof *messages);
	for (size_t i = 0; i < len; i++) {
		struct out *out = &line->out[first + i];
		iov[i] = (struct iovec){line->bytes + out->at, out->len};
		messages[i].msg_hdr.msg_name = &out->to;
		messages[i].msg_hdr.msg_namelen = out->to_len;
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int sent = sendmmsg(line->socket->fd, messages, (unsigned)len, 0);
	return sent > 0 ? (size_t)sent : 0;
}

void nf_line_flush(struct nf_line *line, struct nf_now now)
{
	size_t len = line->out_len;
	if (!len)
		return;
	look_at_source(line, now);
	for (size_t i = 0; i < len;) {
		errno = line->socket ? 0 : line->open_errno;
		size_t sent = line->socket ? send_from(line, i) : 0;
		i += sent;
		if (sent || i == len)
			continue;
		int e = errno == ENOBUFS || errno == EINTR ? EAGAIN : errno;
		line->receiver.unsent(line, line->out[i++].tag, e, line->receiver.arg);
	}
	line->out_len = line->bytes_len = 0;
}

static void hand_out(struct nf_line *line, size_t i)
{
	struct nf_line_pool *pool = line->pool;
	uint8_t *bytes = pool->iov[i].iov_base;
	size_t len = pool->messages[i].msg_len;
	/* the decoder must not find an older message behind this one (NF_CODEC_SLACK) */
	if (pool->dirty[i] > len)
		memset(bytes + len, 0, pool->dirty[i] - len);
	pool->dirty[i] = len;
	const struct sockaddr *from = (const struct sockaddr *)&pool->from[i];
	line->receiver.received(line, from, bytes, len, line->receiver.arg);
}

static int receive_batch(struct nf_line *line)
{
	struct nf_line_pool *pool = line->pool;
	for (size_t i = 0; i < RECEIVE_BATCH; i++) {
		pool->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &pool->from[i],
			.msg_namelen = sizeof pool->from[i],
			.msg_iov = &pool->iov[i],
			.msg_iovlen = 1,
		};
	}
	int got = recvmmsg(line->socket->fd, pool->messages, RECEIVE_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < got && !line->closing; i++)
		hand_out(line, (size_t)i);
	return got;
}

static void receive(uv_poll_t *handle, int status, int events)
{
	(void)status, (void)events;
	struct line_socket *s = handle->data;
	struct nf_line *line = s->line;
	for (int round = 0; line && round < RECEIVE_ROUNDS; round++)
		if (line->closing || line->socket != s || receive_batch(line) < RECEIVE_BATCH)
			return;
}
